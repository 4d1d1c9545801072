"""A report of many things under headings as accessible PDF (PDF/UA-1 and PDF/A-3b), set by typst.

As with letters, all text reaches the template as data, never as typst source.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

from stadtportal.kernel.documents.engine.letter import FONT, FontMissing

TEMPLATE = Path(__file__).parents[1] / "templates" / "documents" / "report.typ"


@dataclass(frozen=True, slots=True)
class ReportSection:
    """One heading of a report: ``things`` are lists of (word, value) pairs; ``empty`` is said where there are none."""

    title: str
    intro: str
    things: Sequence[Sequence[tuple[str, str]]] = ()
    empty: str = "Hierzu ist nichts gespeichert."


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; ``dated`` is written out for people."""

    title: str
    sender: str
    dated: str
    intro: str
    sections: Sequence[ReportSection]


def set_report(report: Report, *, fonts: Path) -> bytes:
    """Return the report as PDF. Raises ``FontMissing`` when ``fonts`` does not hold Fira Sans."""
    available = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
    if FONT not in available.families():
        message = f"{FONT} fehlt im Schriftordner; »make assets« legt ihn an."
        raise FontMissing(message)
    # The data lies beside a copy of the template: a command line's worth of text is too little for it.
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        (folder / "report.json").write_text(json.dumps(asdict(report), ensure_ascii=False), encoding="utf-8")
        return typst.compile(
            str(folder / "report.typ"),
            root=str(folder),
            font_paths=available,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1", "a-3b"],
        )
