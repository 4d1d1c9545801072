"""Reading an answer: whether it is signed, for us, for this request, of now, and sure enough.

The order is fixed: bounds, form, signature, decryption, signature, and only then content. Content is read from what a
signature covers and from nothing else.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from stadtportal.kernel.people.engine.saml import names
from stadtportal.kernel.people.engine.saml.attributes import read_attributes
from stadtportal.kernel.people.engine.saml.encryption import decrypted
from stadtportal.kernel.people.engine.saml.reading import MAX_BYTES, check_children, only_child, parse, text_of
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused
from stadtportal.kernel.people.engine.saml.signatures import covered, is_signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate

    from stadtportal.kernel.contracts import AssuranceLevel
    from stadtportal.kernel.people.engine.saml.attributes import Stated

#: How far two clocks may differ, and how long ago an answer may have been written.
SKEW: Final = timedelta(seconds=60)
MAX_AGE: Final = timedelta(minutes=10)

_IN_RESPONSE: Final = frozenset(
    {
        names.saml("Issuer"),
        names.ds("Signature"),
        names.samlp("Extensions"),
        names.samlp("Status"),
        names.saml("EncryptedAssertion"),
    }
)
_IN_ASSERTION: Final = frozenset(
    {
        names.saml("Issuer"),
        names.ds("Signature"),
        names.saml("Subject"),
        names.saml("Conditions"),
        names.saml("AuthnStatement"),
        names.saml("AttributeStatement"),
    }
)
_CONDITIONS: Final = frozenset({names.saml("AudienceRestriction"), names.saml("OneTimeUse")})


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an answer is measured against. ``asked_at`` is when the request was written, UTC; ``key`` is PEM."""

    request_id: str
    asked_at: datetime
    level: AssuranceLevel
    issuer: str
    audience: str
    destination: str
    certificates: Sequence[Certificate]
    key: bytes


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a believed answer says. ``valid_until`` is UTC; after it the same assertion would be refused anyway."""

    assertion_id: str
    valid_until: datetime
    level: AssuranceLevel
    identifier: str
    stated: tuple[Stated, ...]


def request_named(answer: str) -> str:
    """Return the request an answer claims to belong to; not believed, only looked up. Raises ``SamlRefused``."""
    return str(parse(_decoded(answer)).get("InResponseTo") or "")


def read_answer(answer: str, *, expected: Expectation, now: datetime) -> SignedIn:
    """Return what an answer says, if it may be believed at ``now``; ``answer`` is base64 as the browser brought it.

    Raises ``SamlRefused``.
    """
    response = parse(_decoded(answer))
    if response.tag != names.samlp("Response"):
        raise SamlRefused(Reason.MALFORMED, "no response")
    if next(response.iter(names.saml("Assertion")), None) is not None:
        raise SamlRefused(Reason.NOT_ENCRYPTED)
    check_children(response, _IN_RESPONSE)
    whole_signed = is_signed(response)
    if whole_signed:
        response = covered(response, certificates=expected.certificates, now=now)
    _check_envelope(response, expected, now)
    if len(list(response.iter(names.saml("EncryptedAssertion")))) != 1:
        raise SamlRefused(Reason.WRAPPED, "not exactly one encrypted assertion")
    encrypted = only_child(response, names.saml("EncryptedAssertion"))
    assertion = parse(decrypted(encrypted, key=expected.key))
    if assertion.tag != names.saml("Assertion"):
        raise SamlRefused(Reason.WRAPPED, "no assertion inside")
    check_children(assertion, _IN_ASSERTION)
    if is_signed(assertion) or not whole_signed:
        assertion = covered(assertion, certificates=expected.certificates, now=now)
    return _read(assertion, expected, now)


def _decoded(answer: str) -> bytes:
    if len(answer) > MAX_BYTES * 3 // 2:
        raise SamlRefused(Reason.TOO_LARGE, f"{len(answer)} characters")
    try:
        return base64.b64decode("".join(answer.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SamlRefused(Reason.MALFORMED, "no base64") from error


def _check_envelope(response: Any, expected: Expectation, now: datetime) -> None:  # noqa: ANN401 -- an lxml element.
    if response.get("Version") != "2.0":
        raise SamlRefused(Reason.MALFORMED, "version")
    if response.get("Destination") != expected.destination:
        raise SamlRefused(Reason.DESTINATION, "response")
    if response.get("InResponseTo") != expected.request_id:
        raise SamlRefused(Reason.REQUEST, "response")
    _check_issuer(response, expected)
    _check_written(response, expected, now)
    status = only_child(only_child(response, names.samlp("Status")), names.samlp("StatusCode"))
    if status.get("Value") != names.SUCCESS:
        raise SamlRefused(Reason.DECLINED)


def _check_issuer(element: Any, expected: Expectation) -> None:  # noqa: ANN401 -- as above.
    if text_of(only_child(element, names.saml("Issuer"))) != expected.issuer:
        raise SamlRefused(Reason.ISSUER)


def _check_written(element: Any, expected: Expectation, now: datetime) -> None:  # noqa: ANN401 -- as above.
    """Refuse what was written before we asked, too long ago, or in the future."""
    written = _instant(element, "IssueInstant")
    if written > now + SKEW:
        raise SamlRefused(Reason.NOT_YET_VALID, "written in the future")
    if written < max(now - MAX_AGE, expected.asked_at) - SKEW:
        raise SamlRefused(Reason.EXPIRED, "written too long ago")


def _read(assertion: Any, expected: Expectation, now: datetime) -> SignedIn:  # noqa: ANN401 -- as above.
    if assertion.get("Version") != "2.0" or not assertion.get("ID"):
        raise SamlRefused(Reason.MALFORMED, "version")
    _check_issuer(assertion, expected)
    _check_written(assertion, expected, now)
    ends = [
        _check_subject(only_child(assertion, names.saml("Subject")), expected, now),
        _check_conditions(only_child(assertion, names.saml("Conditions")), expected, now),
    ]
    level = _level(only_child(assertion, names.saml("AuthnStatement")), expected, now)
    read = read_attributes(only_child(assertion, names.saml("AttributeStatement")), level=level)
    if read.level < expected.level:
        raise SamlRefused(Reason.LEVEL, f"{read.level.name} instead of {expected.level.name}")
    return SignedIn(
        assertion_id=str(assertion.get("ID")),
        valid_until=max(ends) + SKEW,
        level=read.level,
        identifier=read.identifier,
        stated=read.stated,
    )


def _check_subject(subject: Any, expected: Expectation, now: datetime) -> datetime:  # noqa: ANN401 -- as above.
    """Check that the bearer may hand this in here, for this request, now. Return until when."""
    confirmation = only_child(subject, names.saml("SubjectConfirmation"))
    if confirmation.get("Method") != names.BEARER:
        raise SamlRefused(Reason.MALFORMED, "confirmation method")
    data = only_child(confirmation, names.saml("SubjectConfirmationData"))
    if data.get("Recipient") != expected.destination:
        raise SamlRefused(Reason.DESTINATION, "recipient")
    if data.get("InResponseTo") != expected.request_id:
        raise SamlRefused(Reason.REQUEST, "subject")
    return _check_span(data, now)


def _check_conditions(conditions: Any, expected: Expectation, now: datetime) -> datetime:  # noqa: ANN401 -- as above.
    check_children(conditions, _CONDITIONS)
    restrictions = conditions.findall(names.saml("AudienceRestriction"))
    if not restrictions:
        raise SamlRefused(Reason.AUDIENCE, "none named")
    for restriction in restrictions:
        if expected.audience not in [text_of(one) for one in restriction.findall(names.saml("Audience"))]:
            raise SamlRefused(Reason.AUDIENCE)
    return _check_span(conditions, now)


def _check_span(element: Any, now: datetime) -> datetime:  # noqa: ANN401 -- as above.
    """Check ``NotBefore`` and ``NotOnOrAfter``, the latter compulsory, and return the latter."""
    if element.get("NotBefore") is not None and _instant(element, "NotBefore") > now + SKEW:
        raise SamlRefused(Reason.NOT_YET_VALID)
    until = _instant(element, "NotOnOrAfter")
    if until <= now - SKEW:
        raise SamlRefused(Reason.EXPIRED)
    return until


def _level(statement: Any, expected: Expectation, now: datetime) -> AssuranceLevel:  # noqa: ANN401 -- as above.
    """Return how surely somebody was authenticated just now. Raises ``SamlRefused`` for an authentication of before."""
    at = _instant(statement, "AuthnInstant")
    if at > now + SKEW:
        raise SamlRefused(Reason.NOT_YET_VALID, "authenticated in the future")
    if at < expected.asked_at - SKEW:
        raise SamlRefused(Reason.EXPIRED, "authenticated before we asked")
    if statement.get("SessionNotOnOrAfter") and _instant(statement, "SessionNotOnOrAfter") <= now - SKEW:
        raise SamlRefused(Reason.EXPIRED, "session")
    context = only_child(statement, names.saml("AuthnContext"))
    stated = text_of(only_child(context, names.saml("AuthnContextClassRef")))
    level = names.LEVELS.get(stated)
    if level is None:
        raise SamlRefused(Reason.LEVEL, "unknown class of authentication")
    return level


def _instant(element: Any, name: str) -> datetime:  # noqa: ANN401 -- as above.
    """Return a time of the protocol, which is always UTC and says so. Raises ``SamlRefused``."""
    given = str(element.get(name) or "")
    if not given.endswith("Z"):
        raise SamlRefused(Reason.MALFORMED, name)
    try:
        return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SamlRefused(Reason.MALFORMED, name) from error
