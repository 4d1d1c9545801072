"""Contact details become readable and safe to link to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.city.rules.contact import phone_link, plain_email, readable_phone, safe_website


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+49 241 37979", "+49 241 37979"),
        ("+49-711-216-0", "+49 711-216-0"),
        ("0049 (0)711 / 216 91 000", "+49 711 216 91 000"),
        ("0711/216-0; 0711/216-1", "0711 216-0"),
        ("+49 711 1234, +49 711 5678", "+49 711 1234"),
        ("(0711) 12 34", "0711 12 34"),
        ("115", "115"),
        ("auf Anfrage", ""),
        ("12", ""),
        ("+49 711 1234567890123456", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_phones(text: str, expected: str) -> None:
    assert readable_phone(text) == expected


@pytest.mark.parametrize(
    ("phone", "link"),
    [("0711 216-0", "tel:+497112160"), ("+49 711 2160", "tel:+497112160"), ("115", "tel:115"), ("", "")],
)
def test_phone_links(phone: str, link: str) -> None:
    assert phone_link(phone) == link


@given(st.text(max_size=80))
def test_no_phone_text_can_leave_the_link(text: str) -> None:
    link = phone_link(readable_phone(text))
    assert link == "" or set(link.removeprefix("tel:")) <= set("+0123456789")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.example.org/a?b=c#d", "https://www.example.org/a?b=c#d"),
        ("http://example.org", "http://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/weg", "https://example.org/weg"),
        ("https://a.example;https://b.example", "https://a.example"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT:alert(1)", ""),
        (" java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://example.org", ""),
        ("//example.org", ""),
        ("https://user:pass@example.org", ""),
        ("https://", ""),
        ("https://example.org/ weg", ""),
        ('https://example.org/"onload=', ""),
        ("https://[::1", ""),
        ("https://example.org:99999", ""),
        ("https://localhost", ""),
        ("https://example.org/" + "a" * 400, ""),
    ],
)
def test_websites(text: str, expected: str) -> None:
    assert safe_website(text) == expected


@given(st.text(max_size=120))
def test_any_website_kept_is_http(text: str) -> None:
    kept = safe_website(text)
    assert kept == "" or kept.startswith(("http://", "https://"))
    assert safe_website(kept) == kept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("info@example.org", "info@example.org"),
        ("mailto:info@example.org", "info@example.org"),
        ("a@example.org; b@example.org", "a@example.org"),
        ("info@example", ""),
        ("info at example.org", ""),
        ('"><script>@example.org', ""),
    ],
)
def test_emails(text: str, expected: str) -> None:
    assert plain_email(text) == expected
