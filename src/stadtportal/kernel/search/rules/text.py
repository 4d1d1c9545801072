"""Cleaning and normalising what people type and what areas write."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: More than this nobody types on purpose; the rest is cut and the page says so.
LONGEST_TEXT = 200
#: More words than this make no better question.
MOST_WORDS = 16
LONGEST_WORD = 60

_SPACE = re.compile(r"\s+")
_STREET = re.compile(r"(?<=\w\w\w)str$", re.IGNORECASE)
_WORD = re.compile(r"\w+", re.UNICODE)
_NOT_WORD = re.compile(r"[^\w]+|_+", re.UNICODE)
#: Sizes come in thousands of rows, so translating is measurably cheaper than a loop over characters.
_FOLDED = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class CleanText:
    """What is left of a text field: the text, its words, and whether something was cut off its end."""

    text: str
    words: tuple[str, ...]
    cut: bool = False


def clean(raw: str, *, longest: int = LONGEST_TEXT) -> CleanText:
    """Return ``raw`` without control, direction and private characters, in NFC, with single spaces.

    At most ``longest`` characters and :data:`MOST_WORDS` words are kept; ``cut`` tells that there were more.
    """
    # Only a slice is looked at: a megabyte of text costs no more than a line of it.
    beginning = raw[: longest * 4]
    visible = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs", "Zl", "Zp"} else character
        for character in unicodedata.normalize("NFC", beginning)
        if unicodedata.category(character) != "Cf"
    )
    text = _SPACE.sub(" ", visible).strip()
    cut = len(text) > longest or len(raw) > len(beginning)
    text = text[:longest].rstrip()
    words = tuple(word[:LONGEST_WORD] for word in _WORD.findall(text.replace("_", " ")))
    if len(words) > MOST_WORDS:
        words, cut = words[:MOST_WORDS], True
    return CleanText(text=text, words=words, cut=cut)


def storable(text: str) -> str:
    """Return ``text`` as PostgreSQL can keep it: without NUL bytes and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def normalised(text: str) -> str:
    """Return ``text`` for comparing and sorting: folded case, no accents, words separated by one space.

    Umlauts sort as their vowel (DIN 5007-1), so "Öffnung" equals "offnung" here.
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def folded(word: str) -> str:
    """Return one word for comparing: folded case, no accents, nothing but letters and digits."""
    if word.isascii() and word.isalnum():
        return word.lower()
    return normalised(word).replace(" ", "")


def words_of(text: str) -> list[str]:
    """Return the words of a text as they stand there; a street's abbreviation ("Königstr.") is written out."""
    return [_STREET.sub("straße", word) for word in _WORD.findall(text.replace("_", " "))]
