"""The archive of an export: a JSON file and a JSON Schema for each kind of data, files to read, a table of contents.

Things are written one by one, so the length of a list costs no memory.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


@dataclass(slots=True)
class Shape:
    """What values a key was seen to hold, at any depth; becomes a JSON Schema."""

    types: set[str] = field(default_factory=set)
    moments: bool = True
    seen: int = 0
    keys: dict[str, "Shape"] = field(default_factory=dict)
    entries: "Shape | None" = None

    def see(self, value: object) -> None:
        """Note one value. Raises ``TypeError`` for what JSON cannot hold."""
        self.seen += 1
        if isinstance(value, Mapping):
            self.types.add("object")
            for key, inner in value.items():
                self.keys.setdefault(key, Shape()).see(inner)
        elif isinstance(value, list | tuple):
            self.types.add("array")
            self.entries = self.entries or Shape()
            for inner in value:
                self.entries.see(inner)
        else:
            if type(value) not in _JSON_TYPES:
                message = f"{type(value).__name__} is not safe for JSON"
                raise TypeError(message)
            self.types.add(_JSON_TYPES[type(value)])
            self.moments = self.moments and (value is None or _is_moment(value))

    def schema(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Return the schema of what was seen; ``words`` are the titles of keys."""
        made: dict[str, Any] = {"type": min(self.types) if len(self.types) == 1 else sorted(self.types)}
        if "string" in self.types and self.moments:
            made["format"] = "date-time"
        if self.keys:
            made["properties"] = {
                key: {"title": words.get(key, key)} | shape.schema(words) for key, shape in self.keys.items()
            }
            objects = self.seen
            made["required"] = [key for key, shape in self.keys.items() if shape.seen == objects]
            made["additionalProperties"] = False
        if self.entries is not None:
            made["items"] = self.entries.schema(words) if self.entries.seen else True
        return made


def _is_moment(value: object) -> bool:
    if not isinstance(value, str) or len(value) < len("2026-11-25T12:00:00Z") or value[10:11] != "T":
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@dataclass(slots=True)
class Part:
    """One kind of data in the archive. ``lines`` holds its things, a JSON text a line, until the archive is closed."""

    name: str
    title: str
    about: Mapping[str, str]
    words: Mapping[str, str]
    lines: Path
    count: int = 0
    shape: Shape = field(default_factory=Shape)
    problem: str = ""

    def fill(self, things: Iterable[Mapping[str, Any]]) -> None:
        """Write all things to ``lines``. Raises whatever reading them raises; nothing of the part then remains."""
        try:
            with self.lines.open("w", encoding="utf-8") as file:
                for thing in things:
                    self.shape.see(thing)
                    file.write(json.dumps(thing, ensure_ascii=False) + "\n")
                    self.count += 1
        except BaseException:
            self.lines.unlink(missing_ok=True)
            self.count = 0
            raise

    def things(self) -> Iterator[dict[str, Any]]:
        """Read the things back, one by one."""
        if self.lines.exists():
            with self.lines.open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the part's file."""
        return {
            "$schema": SCHEMA_DIALECT,
            "title": self.title,
            "type": "object",
            "required": ["about", "count", "items"],
            "properties": {
                "about": {"type": "object", "additionalProperties": {"type": "string"}},
                "count": {"type": "integer", "minimum": 0},
                "items": {"type": "array", "items": self.shape.schema(self.words) if self.count else True},
            },
            "additionalProperties": False,
        }


def write_archive(target: Path, *, parts: Iterable[Part], extra: Mapping[str, bytes], made_at: datetime) -> None:
    """Write the ZIP file. ``extra`` are whole files by name; ``inhalt.json`` lists everything with its SHA-256."""
    contents: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for part in parts:
            listed: dict[str, Any] = {"title": part.title, **part.about}
            if part.problem:
                contents.append(listed | {"missing": part.problem})
                continue
            data, schema = f"daten/{part.name}.json", f"schema/{part.name}.schema.json"
            with archive.open(data, "w", force_zip64=True) as raw:
                digest = _write_part(raw, part)
            archive.writestr(schema, json.dumps(part.schema(), ensure_ascii=False, indent=1))
            contents.append(listed | {"file": data, "schema": schema, "count": part.count, "sha256": digest})
        for name, content in extra.items():
            archive.writestr(name, content)
            contents.append({"file": name, "sha256": hashlib.sha256(content).hexdigest()})
        listing = {"made_at": made_at.isoformat(), "contents": contents}
        archive.writestr("inhalt.json", json.dumps(listing, ensure_ascii=False, indent=1))


def _write_part(raw: IO[bytes], part: Part) -> str:
    """Write a part's JSON, one thing a line, and return its SHA-256."""
    digest = hashlib.sha256()

    def write(text: str) -> None:
        content = text.encode()
        digest.update(content)
        raw.write(content)

    write(f'{{"about": {json.dumps(dict(part.about), ensure_ascii=False)},\n"count": {part.count},\n"items": [')
    for number, thing in enumerate(part.things()):
        write((",\n" if number else "\n") + json.dumps(thing, ensure_ascii=False))
    write("\n]}\n")
    return digest.hexdigest()
