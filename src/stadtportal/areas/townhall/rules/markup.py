"""Texts of others: made harmless, and turned into plain words."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import nh3

from stadtportal.areas.townhall.rules.drafts import LONGEST_LINK, LONGEST_TEXT

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "a"}
SCHEMES = {"http", "https", "mailto", "tel"}
#: What stands for itself on a page; around other text a paragraph is set.
_BLOCK = re.compile(r"<(?:p|ul|ol|h[2-4])>")
#: Blocks we do not keep become paragraphs, so that their words do not run together.
_OTHER_BLOCK = re.compile(r"<(/?)(?:div|section|article|table|tr|dl|h1|h5|h6|blockquote)\b[^>]*>", re.IGNORECASE)
_CELL = re.compile(r"</(?:td|th|dt|dd)\s*>", re.IGNORECASE)
_LIKE_STRONG = re.compile(r"<(/?)b\s*>", re.IGNORECASE)
_LIKE_EM = re.compile(r"<(/?)i\s*>", re.IGNORECASE)
_LAST_BREAKS = re.compile(r"(?:<br>\s*)+(?=</(?:p|li|h[2-4])>)")
_EMPTY = re.compile(r"<(p|li|h[2-4]|strong|em)>(?:\s|&nbsp;|<br>)*</\1>\s*")
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"</?(?:strong|em|a)\b[^>]*>")
#: Signs that nobody sees but that turn, hide or break text; lone surrogates, which no database keeps.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LINK_BREAKS = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_MAIL = re.compile(r"mailto:[^\s@<>\"'()?&]+@[^\s@<>\"'()?&]+", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[0-9() ./-]{3,30}", re.IGNORECASE)
#: Where one paragraph, line or heading ends.
_BLOCK_END = re.compile(r"</(?:p|li|h[2-4])>|<br>|<[uo]l>")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„])")
#: A full stop after these ends no sentence.
_SHORTENED = re.compile(r"(?:\b(?:z|B|bzw|ca|ggf|Nr|Abs|Art|inkl|Str|d|h|u|a|usw|evtl|max|min|Tel)|\d)\.$")


def clean_text(value: object, *, longest: int = LONGEST_TEXT) -> str:
    """Return a text on one line without unseen signs, cut at ``longest``; ``""`` for what is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(_UNSEEN.sub("", value[: longest * 4]).split())[:longest].rstrip()


def safe_link(value: object) -> str:
    """Return an http or https address that is safe to link to, or ``""``."""
    given = value.strip() if isinstance(value, str) else ""
    if not given or len(given) > LONGEST_LINK or _LINK_BREAKS.search(given) or _UNSEEN.search(given):
        return ""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return ""
    good = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and "@" not in parts.netloc
    return given if good else ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep the target of a link that leads to another host, a mailbox or a telephone, and the ``rel`` set by nh3."""
    if (tag, name) != ("a", "href"):
        return value if (tag, name) == ("a", "rel") else None
    given = value.strip()
    if _MAIL.fullmatch(given) or _PHONE.fullmatch(given):
        return given
    return safe_link(given) or None


def sanitise(value: object) -> str:
    """Return HTML of which only paragraphs, lists, headings, emphasis and outward links are left.

    Text without any block is set in one paragraph; ``""`` for what is no text or says nothing.
    """
    if not isinstance(value, str):
        return ""
    given = _UNSEEN.sub("", value[:LONGEST_TEXT])
    given = _CELL.sub(r" \g<0>", _OTHER_BLOCK.sub(r"<\1p>", given))
    given = _LIKE_EM.sub(r"<\1em>", _LIKE_STRONG.sub(r"<\1strong>", given))
    cleaned: str = nh3.clean(
        given,
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=SCHEMES,
        link_rel="external noopener nofollow",
    )
    if not plain(cleaned):
        return ""
    cleaned = _trimmed(cleaned)
    return cleaned if _BLOCK.search(cleaned) else _trimmed(f"<p>{cleaned}</p>")


def _trimmed(cleaned: str) -> str:
    """Take out empty elements and line breaks at their ends: only whole ones, so that what nh3 made safe stays so."""
    before = ""
    while before != cleaned:
        before, cleaned = cleaned, _EMPTY.sub("", _LAST_BREAKS.sub("", cleaned)).strip()
    return cleaned


def plain(markup: str) -> str:
    """Return the words of sanitised HTML on one line."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", markup))).split())


def summary_of(markup: str, *, longest: int = 300) -> str:
    """Return one or two sentences from the beginning of sanitised HTML, at most so long.

    Headings and other lines that end in no sentence are passed over; what is too long is cut at a word.
    """
    blocks = [plain(block) for block in _BLOCK_END.split(markup)]
    parts: list[str] = []
    for block in blocks:
        if block.endswith((".", "!", "?")):
            parts += _sentences(block)
        if len(parts) > 1:
            break
    both = " ".join(parts[:2])
    if len(both) <= longest:
        return both
    if len(parts[0]) <= longest:
        return parts[0]
    return f"{parts[0][: longest - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _sentences(text: str) -> list[str]:
    """Split a text at the ends of sentences, not after shortened words and numbers."""
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        if parts and _SHORTENED.search(parts[-1]):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts


def lead_of(summary: str, body: str) -> str:
    """Return the summary, unless the body begins by saying the same."""
    return "" if summary and summary.rstrip("…") in plain(body) else summary
