"""What an old, foreign, too weak or harmful answer gets: nothing. The simulator writes it, the adapter reads it."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree

from stadtportal.areas.demo.rules import identity_provider as provider
from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.engine.saml.answers import read_answer
from stadtportal.kernel.people.engine.saml.reading import MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, parse
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused

from .saml_parties import (
    ANSWER_URL,
    BORN,
    FAMILY,
    GIVEN,
    NOW,
    REQUEST,
    attributes,
    claims,
    expectation,
    good,
    pair,
    refused,
    response,
    sealed,
    signed_assertion,
    their_key,
)

Forge = Callable[[], str]

# --- for whom, for which request, when ---


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(lambda: good(audience="https://anderes-portal.example"), Reason.AUDIENCE, id="foreign audience"),
        pytest.param(lambda: good(recipient="https://anderes.example/acs"), Reason.DESTINATION, id="foreign recipient"),
        pytest.param(lambda: good(answer_url="https://anderes.example/acs"), Reason.DESTINATION, id="foreign address"),
        pytest.param(lambda: good(request_id="_request-of-ben"), Reason.REQUEST, id="another request"),
        pytest.param(lambda: good(subject_request_id="_request-of-ben"), Reason.REQUEST, id="another request inside"),
        pytest.param(lambda: good(request_id=""), Reason.REQUEST, id="nobody asked"),
        pytest.param(lambda: good(issuer="https://andere.example/idp"), Reason.ISSUER, id="foreign issuer"),
        pytest.param(
            lambda: response(sealed(signed_assertion(issuer="https://andere.example/idp"))),
            Reason.ISSUER,
            id="foreign issuer inside",
        ),
        pytest.param(
            lambda: provider.refusal(claims(), key=pair("bundid")[0]), Reason.DECLINED, id="broken off"
        ),
        pytest.param(
            lambda: good(not_on_or_after=NOW - timedelta(seconds=61)), Reason.EXPIRED, id="expired"
        ),
        pytest.param(lambda: good(not_before=NOW + timedelta(seconds=61)), Reason.NOT_YET_VALID, id="not yet valid"),
        pytest.param(lambda: good(now=NOW + timedelta(seconds=61)), Reason.NOT_YET_VALID, id="written in the future"),
        pytest.param(lambda: good(now=NOW - timedelta(seconds=61)), Reason.EXPIRED, id="written before we asked"),
        pytest.param(
            lambda: good(authenticated_at=NOW - timedelta(hours=1)), Reason.EXPIRED, id="authenticated before we asked"
        ),
        pytest.param(
            lambda: good(authenticated_at=NOW + timedelta(hours=1)), Reason.NOT_YET_VALID, id="authenticated later"
        ),
        pytest.param(
            lambda: response(sealed(signed_without("<a:AudienceRestriction>", "</a:AudienceRestriction>"))),
            Reason.AUDIENCE,
            id="no audience",
        ),
        pytest.param(
            lambda: response(sealed(signed_without("<a:Conditions", "</a:Conditions>"))),
            Reason.MALFORMED,
            id="no conditions",
        ),
        pytest.param(
            lambda: response(sealed(signed_without("<a:AuthnStatement", "</a:AuthnStatement>"))),
            Reason.MALFORMED,
            id="no authentication",
        ),
    ],
)  # fmt: skip
def test_what_is_not_for_us_now_is_refused(answer: Forge, reason: Reason) -> None:
    assert refused(answer()) is reason


def signed_without(start: str, end: str) -> str:
    text = provider.assertion_text(claims())
    return provider.sign(text[: text.index(start)] + text[text.index(end) + len(end) :], their_key())


@pytest.mark.parametrize("seconds", [-59, 0, 59])
def test_clocks_may_differ_by_a_minute(seconds: int) -> None:
    theirs = NOW + timedelta(seconds=seconds)
    assert read_answer(good(now=theirs), expected=expectation(), now=NOW).identifier == "pairwise-of-lena"


def test_an_answer_is_too_old_after_five_minutes_of_validity_and_one_of_skew() -> None:
    answer = good()
    at = NOW + timedelta(minutes=5, seconds=59)
    assert read_answer(answer, expected=expectation(), now=at).valid_until == NOW + timedelta(minutes=6)
    assert refused(answer, now=NOW + timedelta(minutes=6)) is Reason.EXPIRED


def test_times_of_another_zone_or_none_are_refused() -> None:
    for written in ("2026-11-25T12:00:00", "2026-11-25T12:00:00+01:00", "gestern", ""):
        text = provider.assertion_text(claims()).replace(
            f'AuthnInstant="{provider.instant(NOW)}"', f'AuthnInstant="{written}"'
        )
        assert refused(response(sealed(provider.sign(text, their_key())))) is Reason.MALFORMED


# --- how sure ---


@pytest.mark.parametrize(
    ("class_ref", "attribute"),
    [
        ("STORK-QAA-Level-1", "STORK-QAA-Level-1"),
        ("STORK-QAA-Level-3", "STORK-QAA-Level-1"),
        ("STORK-QAA-Level-1", "STORK-QAA-Level-4"),
        ("STORK-QAA-Level-9", "STORK-QAA-Level-4"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "STORK-QAA-Level-4"),
        ("STORK-QAA-Level-4", "sehr hoch"),
    ],
)
def test_a_lower_level_than_asked_for_is_refused(class_ref: str, attribute: str) -> None:
    assert refused(good(class_ref=class_ref, attributes=attributes(level=attribute))) is Reason.LEVEL


def test_of_two_statements_the_lower_level_counts() -> None:
    told = read_answer(
        good(class_ref="STORK-QAA-Level-4", attributes=attributes(level="STORK-QAA-Level-3")),
        expected=expectation(),
        now=NOW,
    )
    assert told.level is AssuranceLevel.SUBSTANTIAL


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_missing_required_attribute_is_refused(missing: int) -> None:
    given = [one for place, one in enumerate(attributes()) if place != missing]
    assert refused(good(attributes=given)) is Reason.INCOMPLETE


def test_an_attribute_that_stands_twice_is_refused() -> None:
    twice = [*attributes(), provider.Attribute(FAMILY, "Anders", "HOCH")]
    assert refused(good(attributes=twice)) is Reason.WRAPPED


def test_what_nobody_asked_for_is_not_read() -> None:
    more = [*attributes(), provider.Attribute("urn:oid:2.5.4.20", "+49 711 1234567", "HOCH")]
    told = read_answer(good(attributes=more), expected=expectation(), now=NOW)
    assert {one.name for one in told.stated} == {"given_name", "family_name", "birth_date"}


def test_an_unknown_word_for_the_level_of_an_attribute_counts_as_basic() -> None:
    odd = [
        one if one.oid not in {GIVEN, BORN} else provider.Attribute(one.oid, one.value, "SUPER") for one in attributes()
    ]
    told = read_answer(good(attributes=odd), expected=expectation(), now=NOW)
    assert [one.level.name for one in told.stated] == ["BASIC", "SUBSTANTIAL", "BASIC"]


# --- XML that is meant to harm ---

LAUGHS = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;">]>'


@pytest.mark.parametrize(
    "declared",
    [
        LAUGHS,
        '<!DOCTYPE a SYSTEM "http://boese.example/a.dtd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!-- nur ein Kommentar -->",
        '<?xml-stylesheet href="boese.xsl"?>',
    ],
)
def test_declarations_are_refused_outside_and_inside_the_encryption(declared: str) -> None:
    outer = base64.b64decode(good()).decode()
    assert refused(provider.encoded(declared + outer)) is Reason.DECLARATIONS
    assert refused(response(sealed(declared + signed_assertion()))) is Reason.DECLARATIONS


def test_a_comment_cannot_cut_a_value() -> None:
    text = provider.sign(provider.assertion_text(claims()), their_key())
    cut = text.replace("pairwise-of-lena", "pairwise-of-lena<!-- -->.boese")
    assert refused(response(sealed(cut), sign=False)) is Reason.DECLARATIONS


def test_another_encoding_cannot_hide_a_declaration() -> None:
    for source in (
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}<a/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>' + LAUGHS.encode("utf-7") + b"<a/>",
    ):
        with pytest.raises(SamlRefused):
            parse(source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param(b"<a>" + b" " * MAX_BYTES + b"</a>", Reason.TOO_LARGE, id="gigantic"),
        pytest.param(b"<a>" * 1000 + b"</a>" * 1000, Reason.TOO_LARGE, id="a thousand deep"),
        pytest.param(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), Reason.TOO_LARGE, id="a little too deep"),
        pytest.param(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>", Reason.TOO_LARGE, id="too many elements"),
        pytest.param(b"", Reason.MALFORMED, id="empty"),
        pytest.param(b"<a>&lol;</a>", Reason.MALFORMED, id="an entity nobody declared"),
        pytest.param(b"<a><b></a>", Reason.MALFORMED, id="not well-formed"),
        pytest.param(b"\xff\xfe\x00", Reason.MALFORMED, id="no text"),
    ],
)
def test_harmful_xml_is_refused_quickly(source: bytes, reason: Reason) -> None:
    began = time.perf_counter()
    with pytest.raises(SamlRefused) as caught:
        parse(source)
    assert caught.value.reason is reason
    assert time.perf_counter() - began < 0.5


def test_within_the_bounds_it_is_read() -> None:
    assert etree.QName(parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH)).localname == "a"


@pytest.mark.parametrize("answer", ["", "kein Base64!", "PGE+", "A" * (MAX_BYTES * 2)])
def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    assert refused(answer) in {Reason.MALFORMED, Reason.TOO_LARGE}


def test_a_long_value_is_refused() -> None:
    long = [*attributes()[:2], provider.Attribute(GIVEN, "L" * 501), provider.Attribute(FAMILY, "B")]
    assert refused(good(attributes=long)) is Reason.TOO_LARGE


def test_nothing_of_a_person_is_in_a_refusal() -> None:
    with pytest.raises(SamlRefused) as caught:
        read_answer(good(audience="https://anderes.example"), expected=expectation(), now=NOW)
    assert "Lena" not in str(caught.value)
    assert REQUEST not in str(caught.value)
    assert ANSWER_URL not in str(caught.value)
