"""Which text of an entry stands for its meaning, and how large a meaning is."""

from __future__ import annotations

#: So many numbers the meaning of a text has.
SIZE = 512
_SUMMARY = 200


def meaning_text(*, title: str, category_title: str, summary: str) -> str:
    """Return the text to encode: what it is, its name, and in short what it is about."""
    what = f"{category_title}: {title}" if category_title and category_title not in title else title
    # The summary of a place says category and address again.
    return (
        what if category_title and summary.startswith(category_title) else f"{what}. {summary[:_SUMMARY]}".strip(". ")
    )
