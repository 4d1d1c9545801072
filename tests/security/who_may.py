"""Who may open and send what: every address with the answer that each role gets."""

#: Who asks. "owner" booked with provider "studio", whose staff is "staff"; "foreign_staff" works for another one.
ROLES = ("visitor", "owner", "stranger", "staff", "foreign_staff", "clerk", "operator")

IN = {200}
AWAY = {404}
REFUSED = {403, 404}
TO_SIGN_IN = {302}


def everybody(status: set[int]) -> dict[str, set[int]]:
    return dict.fromkeys(ROLES, status)


PUBLIC = everybody(IN)
SIGNED_IN = everybody(IN) | {"visitor": TO_SIGN_IN}
OWN = everybody(AWAY) | {"visitor": TO_SIGN_IN, "owner": IN}
DESK = everybody(REFUSED) | {"visitor": TO_SIGN_IN, "staff": IN}
WORKPLACE = everybody(IN) | {"visitor": TO_SIGN_IN, "owner": {403}, "stranger": {403}}
DESK_LIST = everybody(REFUSED) | {"visitor": TO_SIGN_IN, "staff": IN, "foreign_staff": IN}
POSTED = everybody({303}) | {"visitor": TO_SIGN_IN}
#: These need a sign-in that is fresh, which these browsers do not have; who has something to confirm with is asked to.
STALE = everybody(TO_SIGN_IN) | {"owner": {403}, "stranger": {403}}
POST_ONLY = everybody({405})
CLERK = everybody({403}) | {"visitor": TO_SIGN_IN, "clerk": IN}
OPERATORS = everybody({403}) | {"visitor": TO_SIGN_IN, "operator": IN}
#: A step of a booking that nobody has begun.
MIDWAY = everybody({400})
#: No city is loaded in this small world.
NO_CITY = everybody(AWAY)

GET: dict[str, dict[str, set[int]]] = {
    "web:healthz": PUBLIC,
    "web:readyz": PUBLIC,
    "web:robots": PUBLIC,
    "web:favicon": everybody({200, 301, 302}),
    "api:openapi-json": PUBLIC,
    "api:api-root": everybody(AWAY),
    "api:search": PUBLIC,
    "api:suggest": PUBLIC,
    "city:districts": NO_CITY,
    "city:parks": NO_CITY,
    "city:streets": everybody({400}),
    "trust:log": PUBLIC,
    # Nothing is logged in this small world yet.
    "trust:checkpoint": everybody(AWAY),
    "trust:key": everybody(AWAY),
    "trust:tile": everybody(AWAY),
    # Nobody has looked at anybody's data in this small world yet.
    "portal:look": OWN,
    "portal:proof": SIGNED_IN,
    "portal:proof_bundle": SIGNED_IN,
    "portal:proof_receipt": everybody(AWAY) | {"visitor": TO_SIGN_IN},
    "portal:front": PUBLIC,
    "portal:search": PUBLIC,
    "portal:search_map": PUBLIC,
    "portal:district": everybody(AWAY),
    "portal:page": PUBLIC,
    "portal:sitemap": PUBLIC,
    "portal:sitemap_part": everybody({200, 404}),
    "portal:mine": SIGNED_IN,
    "portal:cases": SIGNED_IN,
    "portal:case": OWN,
    "portal:inbox": SIGNED_IN,
    "portal:message": OWN,
    "portal:calendar": SIGNED_IN,
    "portal:calendar_file": SIGNED_IN,
    "portal:data": SIGNED_IN,
    "portal:looks": SIGNED_IN,
    "portal:ask": OWN,
    "portal:facts": SIGNED_IN,
    "portal:new_fact": SIGNED_IN,
    "portal:fact": OWN,
    "portal:remove_fact": POST_ONLY,
    "portal:consents": SIGNED_IN,
    "portal:give_consent": POST_ONLY,
    "portal:withdraw_consent": POST_ONLY,
    "portal:receipt": OWN,
    "portal:received": SIGNED_IN,
    "portal:sharing": SIGNED_IN,
    "portal:stop_sharing": POST_ONLY,
    "portal:resume_sharing": POST_ONLY,
    "portal:questions": CLERK,
    "portal:question": CLERK,
    "portal:workplace": WORKPLACE,
    "portal:delegations": SIGNED_IN,
    "portal:delegation_invite": SIGNED_IN,
    "portal:delegation_child": SIGNED_IN,
    "portal:delegation_care": SIGNED_IN,
    "portal:delegation_organisation": SIGNED_IN,
    "portal:delegation_accept": POST_ONLY,
    "portal:delegation_decline": POST_ONLY,
    "portal:delegation_act": POST_ONLY,
    "portal:delegation_end": OWN,
    "portal:delegation_share": OWN,
    "portal:delegation_pass_on": OWN,
    "portal:delegation_looks": OWN,
    "portal:delegation_requests": CLERK,
    "portal:delegation_revoke": CLERK,
    "portal:delegation_confirm": CLERK,
    "portal:delegation_refuse": CLERK,
    "levels:levels": SIGNED_IN,
    "levels:attributes": everybody(TO_SIGN_IN),  # Who is signed in at no more than basic is asked to raise it.
    "levels:remove": POST_ONLY,
    "levels:step_up": everybody(TO_SIGN_IN),  # Nothing is kept that would need it.
    "levels:code": SIGNED_IN,
    "levels:bundid_set_out": POST_ONLY,
    "levels:bundid_answer": POST_ONLY,
    "levels:bundid_return": everybody(AWAY),
    "levels:bundid_connect": POST_ONLY,
    "levels:bundid_disconnect": POST_ONLY,
    "levels:bundid_metadata": PUBLIC,
    "counter:check": CLERK,
    "counter:review": POST_ONLY,
    "counter:letter": POST_ONLY,
    "portal:export": SIGNED_IN,
    "portal:export_file": STALE,
    "portal:erase": STALE,
    "portal:erased": PUBLIC,
    "portal:clocks": SIGNED_IN,
    "portal:rights": SIGNED_IN,
    "portal:rights_desk": CLERK,
    "portal:rights_answer": CLERK,
    "portal:breaches": OPERATORS,
    "portal:breach": OPERATORS,
    "portal:processing": PUBLIC,
    "portal:processing_json": PUBLIC,
    "directory:categories": PUBLIC,
    "directory:category": everybody(AWAY),
    "directory:place": PUBLIC,
    "directory:organisations": PUBLIC,
    "directory:organisation": PUBLIC,
    "courses:list": PUBLIC,
    "courses:course": PUBLIC,
    "courses:book": PUBLIC,
    "courses:review": MIDWAY,
    "courses:booking": OWN,
    "courses:calendar": OWN,
    "courses:confirmation": OWN,
    "courses:cancel": OWN,
    "courses_desk:list": DESK_LIST,
    "courses_desk:course": DESK,
    "courses_desk:participants": DESK,
    "courses_desk:call_off": DESK,
    "courses_desk:capacity": DESK,
    "townhall:index": PUBLIC,
    "townhall:service": everybody(AWAY),
    "demo:sign_in": POST_ONLY,
    "demo:outbox": PUBLIC,
    "demo:mail": everybody(AWAY),
    "demo:attachment": everybody(AWAY),
    "demo:bundid": POST_ONLY,
    "demo:bundid_answer": POST_ONLY,
}

#: What may be sent, and what comes back to those who may; everybody else gets what GET gives them.
POST: dict[str, dict[str, set[int]]] = {
    "portal:rights_answer": CLERK | {"clerk": {422}},
    "portal:breach": OPERATORS | {"operator": {302, 409}},
    "courses:cancel": OWN | {"owner": {200, 303}},
    "portal:ask": OWN | {"owner": {303}},
    "portal:fact": OWN | {"owner": {303}},
    "portal:withdraw_consent": OWN | {"owner": {303}},
    "portal:give_consent": OWN | {"owner": {303}},
    "portal:stop_sharing": POSTED,
    "portal:resume_sharing": POSTED,
    "portal:remove_fact": OWN | {"owner": {303}},
    "portal:question": CLERK | {"clerk": {303}},
    # From here on the owner acts for the child.
    "portal:delegation_accept": everybody(AWAY) | {"visitor": TO_SIGN_IN},
    "portal:delegation_decline": everybody(AWAY) | {"visitor": TO_SIGN_IN},
    "portal:delegation_act": OWN | {"owner": {302}},
    "portal:delegation_share": OWN | {"owner": REFUSED | {422}},
    "portal:delegation_pass_on": OWN | {"owner": REFUSED | {422}},
    "portal:delegation_confirm": CLERK | {"clerk": {422}},
    "portal:delegation_refuse": CLERK | {"clerk": {422}},
    "portal:delegation_revoke": CLERK | {"clerk": {422}},
    "courses_desk:call_off": DESK | {"staff": {200, 303}},
    "levels:remove": everybody(TO_SIGN_IN),
    "levels:code": everybody({422}) | {"visitor": TO_SIGN_IN},
    "levels:bundid_answer": everybody({400}),
    "levels:bundid_connect": everybody(AWAY) | {"visitor": TO_SIGN_IN},
    "levels:bundid_disconnect": everybody(TO_SIGN_IN),
    "counter:review": everybody({403}) | {"visitor": TO_SIGN_IN, "clerk": {422}},
    "counter:letter": everybody({403}) | {"visitor": TO_SIGN_IN, "clerk": {422}},
    "demo:bundid": everybody({403}),
    "demo:bundid_answer": everybody({403}),
    "courses_desk:capacity": DESK | {"staff": {200, 303, 400, 409, 422}},
}

#: Sent by browsers on the way between the portal and BundID, so not by forms of our own; what they carry is signed.
FROM_ELSEWHERE = {"levels:bundid_answer", "demo:bundid"}


#: Sent to every address; each form takes what it knows.
SENT = {
    "capacity": "1",
    "reason": "Krankheit",
    "confirm": "on",
    "text": "Warum?",
    "answer": "Darum.",
    "number": "0711 123456",
}
