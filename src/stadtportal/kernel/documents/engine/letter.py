"""Letters as accessible PDF (PDF/UA-1 and PDF/A-3b), set by typst.

All text reaches the template as data (JSON in ``sys.inputs``), never as typst source, so nothing that people type can
run as markup. A missing font is an error: typst would quietly take another one.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

from stadtportal.kernel.documents.engine.pictures import Picture

TEMPLATE = Path(__file__).parents[1] / "templates" / "documents" / "letter.typ"
FONT = "Fira Sans"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. ``facts`` are (word, value) pairs; ``dated`` is written out for people."""

    title: str
    sender: str
    dated: str
    reference: str
    recipient: Sequence[str]
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]] = ()
    closing: str = ""
    picture: Picture | None = None


class FontMissing(Exception):  # noqa: N818 -- names what is wrong; an operator's fault, not a user's.
    """The font folder lacks the font of the letters; ``make assets`` builds it."""


def set_letter(letter: Letter, *, fonts: Path) -> bytes:
    """Return the letter as PDF. Raises ``FontMissing`` when ``fonts`` does not hold Fira Sans."""
    available = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
    if FONT not in available.families():
        message = f"{FONT} fehlt im Schriftordner; »make assets« legt ihn an."
        raise FontMissing(message)
    return typst.compile(
        str(TEMPLATE),
        font_paths=available,
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(asdict(letter), ensure_ascii=False)},
        format="pdf",
        pdf_standards=["ua-1", "a-3b"],
    )
