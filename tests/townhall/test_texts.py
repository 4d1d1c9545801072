"""Texts of others become harmless HTML and plain words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.areas.townhall.rules.drafts import leika_key, plain_id
from stadtportal.areas.townhall.rules.markup import TAGS, clean_text, lead_of, plain, safe_link, sanitise, summary_of
from stadtportal.areas.townhall.rules.shown import Law, label_title, split_laws

LINK = 'rel="external noopener nofollow"'


@pytest.mark.parametrize(
    ("given_html", "kept"),
    [
        ("nur Text", "<p>nur Text</p>"),
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ('<p onclick="x()" style="color:red" class="y">a</p>', "<p>a</p>"),
        ("<img src=x onerror=alert(1)>a", "<p>a</p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<b>a</b> <i>b</i> <u>c</u>", "<p><strong>a</strong> <em>b</em> c</p>"),
        ("<p>a<br>\n <br></p><p>&nbsp;<br></p>", "<p>a</p>"),
        ("<h1>a</h1><h2>b</h2>", "<p>a</p><h2>b</h2>"),
        ("<ul><li>a</li><li> </li></ul>", "<ul><li>a</li></ul>"),
        ("<p>50 Euro<p>60 Euro", "<p>50 Euro</p><p>60 Euro</p>"),
        ('<a href="https://a.example/x">a</a>', f'<p><a href="https://a.example/x" {LINK}>a</a></p>'),
        ('<a href="mailto:a@b.example" target="_blank">a</a>', f'<p><a href="mailto:a@b.example" {LINK}>a</a></p>'),
        ('<a href="tel:+4989123">a</a>', f'<p><a href="tel:+4989123" {LINK}>a</a></p>'),
        ('<a href="javascript:alert(1)">a</a>', f"<p><a {LINK}>a</a></p>"),
        ('<a href="/orte/">a</a>', f"<p><a {LINK}>a</a></p>"),
        ('<a href="//boese.example">a</a>', f"<p><a {LINK}>a</a></p>"),
        ('<a href="https://u:p@boese.example">a</a>', f"<p><a {LINK}>a</a></p>"),
        ("<p>a\u200b\u202eb</p>", "<p>ab</p>"),
        ("a\x00b\ud800c", "<p>abc</p>"),
        ("<p> </p>", ""),
        (None, ""),
        (["<p>a</p>"], ""),
    ],
)
def test_html_is_reduced_to_what_is_harmless(given_html: object, kept: str) -> None:
    assert sanitise(given_html) == kept


PIECES = st.sampled_from(
    ["<p>", "</p>", "<a href=", '"javascript:alert(1)"', "'https://a.example'", ">", "<script>", "</script>", "<br>",
     "<svg onload=x>", "<!--", "-->", "<math><mi//", "<style>", "&lt;", "&#106;", "<td", "</div", '"', "'", "x", " ",
     "<textarea>", "<noscript>", "\x00", "<h1", "<b >", "</i\n>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_comes_only_known_tags_and_outward_links_stay(text: str) -> None:
    cleaned = sanitise(text)
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z0-9]+)", cleaned)} <= TAGS
    for attributes in re.findall(r"<\w+([^>]*)>", cleaned):
        rest = attributes.replace(LINK, "").strip()
        assert not rest or re.fullmatch(r'href="(https?://|mailto:|tel:)[^"<>]*"', rest)
    assert sanitise(cleaned) == cleaned


def test_plain_words_of_html() -> None:
    assert plain("<p>Ein <strong>Fahr</strong>zeug</p><ul><li>a &amp; b</li><li>c</li></ul>") == "Ein Fahrzeug a & b c"


@pytest.mark.parametrize(
    ("markup", "summary"),
    [
        ("<p>Eins. Zwei! Drei.</p>", "Eins. Zwei!"),
        ("<p><strong>Wichtig</strong></p><p>Ein Satz.</p><ul><li>Punkt</li></ul><p>Noch einer.</p>",
         "Ein Satz. Noch einer."),
        ("<p>Am 1. Oktober gilt das z. B. Freitags. Dann nicht. Ende.</p>",
         "Am 1. Oktober gilt das z. B. Freitags. Dann nicht."),
        ("<p>ohne Ende</p>", ""),
        ("", ""),
        (f"<p>Kurz. {'Wort ' * 70}.</p>", "Kurz."),
        (f"<p>{'Wort ' * 70}.</p>", " ".join(["Wort"] * 59) + "…"),
    ],
)  # fmt: skip
def test_a_summary_is_one_or_two_whole_sentences(markup: str, summary: str) -> None:
    assert summary_of(markup) == summary


def test_a_lead_is_left_out_where_the_body_says_it() -> None:
    assert lead_of("Eins. Zwei.", "<p>Eins. <em>Zwei.</em> Drei.</p>") == ""
    assert lead_of("Anderes.", "<p>Eins.</p>") == "Anderes."
    assert lead_of("", "<p>Eins.</p>") == ""


def test_values_of_the_wrong_kind_are_empty() -> None:
    assert [clean_text(value) for value in (None, 5, ["a"], {"a": 1}, " a\n\tb\x00 ")] == ["", "", "", "", "a b"]
    assert clean_text("x" * 50, longest=10) == "x" * 10
    assert [plain_id(value) for value in (5, "5", "007", True, "5a", "٥", "1" * 13, None, -1, 1.5)] == [
        "5", "5", "007", "", "", "", "", "", "", "",
    ]  # fmt: skip
    assert [leika_key(value) for value in (" 99012001000000 ", "9901200100000", "٩" * 14, 99012001000000)] == [
        "99012001000000", "", "", "",
    ]  # fmt: skip
    assert [safe_link(value) for value in ("https://a.example/x", "a.example", "https://a", "https://[::1", 5)] == [
        "https://a.example/x", "", "", "", "",
    ]  # fmt: skip
    assert safe_link("https://a.example/" + "x" * 500) == ""


def test_a_legal_basis_is_split_at_its_addresses() -> None:
    assert split_laws("§ 1 A [http://g.example/1], § 2 B (C) [http://g.example/2], § 3 D") == (
        Law("§ 1 A", "http://g.example/1"),
        Law("§ 2 B (C)", "http://g.example/2"),
        Law("§ 3 D"),
    )
    assert split_laws("Paßgesetz, Meldegesetz") == (Law("Paßgesetz, Meldegesetz"),)
    assert split_laws("A [javascript:x]") == (Law("A [javascript:x]"),)
    assert split_laws("") == ()


def test_the_notice_is_made_of_the_label() -> None:
    assert label_title("Beispieldaten München", city="Stuttgart") == "Beispieldaten München: gilt nicht in Stuttgart"
