"""``stadtportal new-area``: a small area that works, to start from."""

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from stadtportal.project.runtime import stamps

SKELETON = stamps.PACKAGE / "project" / "templates" / "new_area"
ENDING = "-tpl"
LONGEST_NAME = 30
OUR_AREAS = stamps.PACKAGE / "areas"
ROOT = stamps.PACKAGE.parents[1]
GROUP_HEADING = '[project.entry-points."stadtportal.areas"]\n'


class BadName(Exception):  # noqa: N818 -- a refusal with a sentence for people, not a fault.
    """An area cannot get this name; the text says why, in German."""


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area that was written: its folder, and the line that makes it known."""

    folder: Path
    entry_point: str


def write_area(name: str, *, title: str, into: Path | None) -> NewArea:
    """Write an area into our own package, or as a package of its own into another folder. Raises ``BadName``."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or len(name) > LONGEST_NAME:
        raise BadName(
            f"„{name}“ geht nicht als Name: Erlaubt sind bis zu {LONGEST_NAME} kleine Buchstaben, Ziffern und „_“, "
            "vorne ein Buchstabe."
        )
    folder = (into or OUR_AREAS) / name
    if folder.exists() or name in stamps.installed_areas():
        raise BadName(f"Einen Bereich „{name}“ gibt es schon.")
    package = name if into else f"stadtportal.areas.{name}"
    values = {
        "name": name,
        "package": package,
        "title": title or name.replace("_", " ").capitalize(),
        "prefix": name.replace("_", "-"),
        "camel": "".join(part.capitalize() for part in name.split("_")),
    }
    for source in sorted(SKELETON.rglob(f"*{ENDING}")):
        target = _place_of(source.relative_to(SKELETON), folder=folder, name=name, ours=into is None)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
    area = NewArea(folder, f'{name} = "{package}.area:AREA"')
    if into is None:
        _declare(area.entry_point)
    return area


def _place_of(relative: Path, *, folder: Path, name: str, ours: bool) -> Path:
    """Where a file of the skeleton goes: templates below their app's name, our tests beside all others."""
    named = relative.with_name(relative.name.removesuffix(ENDING))
    if named.parts[0] == "templates":
        return folder / "templates" / name / named.name
    if named.parts[0] == "tests" and ours:
        return ROOT / "tests" / name / named.name
    return folder / named


def _declare(entry_point: str) -> None:
    """Add an entry point to our own pyproject.toml."""
    project = ROOT / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace(GROUP_HEADING, f"{GROUP_HEADING}{entry_point}\n", 1), encoding="utf-8")
