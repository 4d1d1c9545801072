"""The glossary: concepts, what they are called, and what people say. Format: ``concepts/README.md``."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from stadtportal.kernel.search.engine.german import analyse, content_positions, lemmas
from stadtportal.kernel.search.engine.word_lists import asking_languages
from stadtportal.kernel.search.rules.text import folded, words_of

FOLDER = Path(__file__).parent / "concepts"
GERMAN = "de"
LANGUAGES = (GERMAN, *["ar", "el", "en", "es", "fa", "fr", "hr", "it", "nl", "pl", "pt", "ro", "ru", "tr", "uk"])
#: A lexeme with this in front stands for a concept, not for a word.
MARK = "="
_LONGEST_PHRASE = 8
_ARTICLE = "ال"
#: Languages that say by an ending what others say by a word before.
_SUFFIXING = frozenset({"tr", "fa", "pl", "hr", "ru", "uk", "el", "ro"})
#: A word that is not German may be mistyped, too.
_PERHAPS = 0.9
_SHORTEST_STEM, _LONGEST_ENDING = 4, 5

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing people look for. ``said`` holds expressions by language, German ones under ``de``."""

    id: str
    words: tuple[str, ...]
    osm: tuple[str, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return how people read it."""
        return next(iter(self.words), "") or next((said for said in self.said.get(GERMAN, ())), self.id)


@dataclass(frozen=True, slots=True)
class Match:
    """Words of a question, from ``start`` to before ``end``, that stand for concepts; named in these languages."""

    start: int
    end: int
    concepts: tuple[str, ...]
    languages: frozenset[str]


class GlossaryError(ValueError):
    """A glossary file says something that makes no sense; the text names file and concept."""


class Glossary:
    """All concepts, made quick to ask."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """Index the concepts by what they are called. Raises :class:`GlossaryError` for an id that stands twice."""
        self.concepts: dict[str, Concept] = {}
        self._named: dict[str, list[str]] = {}
        self._said: dict[str, list[tuple[str, str]]] = {}
        self._foreign: set[str] = set()
        for concept in concepts:
            if concept.id in self.concepts:
                message = f"the concept {concept.id} stands twice"
                raise GlossaryError(message)
            self.concepts[concept.id] = concept
            self._index(concept)
        self._by_tag = _index_tags(self.concepts.values())

    def _index(self, concept: Concept) -> None:
        for word in concept.words:
            for phrase in _german_phrases(word):
                _add(self._named, phrase, concept.id)
                _add(self._said, phrase, (concept.id, GERMAN))
        for language, expressions in concept.said.items():
            for expression in expressions:
                phrases = _german_phrases(expression) if language == GERMAN else [_plain(content_words(expression))]
                self._foreign.update(phrases[0] if language in _SUFFIXING and len(phrases[0]) == 1 else ())
                for phrase in phrases:
                    _add(self._said, phrase, (concept.id, language))

    def to_json(self) -> str:
        """Return everything as JSON, which is read much quicker than the files it came from."""
        concepts = [asdict(concept) for concept in self.concepts.values()]
        state = {"concepts": concepts, "named": self._named, "said": self._said, "foreign": sorted(self._foreign)}
        return json.dumps(state, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Glossary:
        """Return the glossary that :meth:`to_json` wrote."""
        state = json.loads(text)
        made = cls(())
        for raw in state["concepts"]:
            said = {language: tuple(texts) for language, texts in raw["said"].items()}
            texts = {name: tuple(raw[name]) for name in ("words", "osm", "related", "includes")}
            made.concepts[raw["id"]] = Concept(id=raw["id"], said=said, **texts)
        made._named = state["named"]
        made._said = {phrase: [(one, language) for one, language in said] for phrase, said in state["said"].items()}
        made._foreign = set(state["foreign"])
        made._by_tag = _index_tags(made.concepts.values())
        return made

    def foreignness(self, words: Sequence[str]) -> float:
        """Return how surely a question is in another language than German: 1 surely, 0 surely not."""
        if asking_languages(words) or any(GERMAN not in match.languages for match in self.matches(words)):
            return 1.0
        return _PERHAPS if not all(lemmas(word) for word in words) else 0.0

    @property
    def version(self) -> str:
        """Return what changes whenever the glossary does."""
        return hashlib.sha256(repr(sorted(self.concepts.values(), key=lambda one: one.id)).encode()).hexdigest()[:16]

    def concepts_of_tag(self, tag: str) -> Sequence[str]:
        """Return the concepts that places with this tag (``shop=butcher``) are."""
        return self._by_tag.get(tag, ())

    def concepts_in(self, words: Sequence[str]) -> set[str]:
        """Return the concepts named in a text of an entry."""
        exact = [analyse(word).exact for word in words]
        found: set[str] = set()
        for start in range(len(words)):
            for key in _keys(exact, start):
                found.update(self._named.get(" ".join(key), ()))
        return found

    def matches(self, words: Sequence[str]) -> list[Match]:
        """Return what the words of a question, those that say something, stand for: the longest expressions first."""
        plain = [(_bare(folded(word)),) for word in words]
        exact = [analyse(word).exact for word in words]
        found: list[Match] = []
        taken: set[int] = set()
        for length in range(min(len(words), _LONGEST_PHRASE), 0, -1):
            for start in range(len(words) - length + 1):
                if taken.intersection(range(start, start + length)):
                    continue
                said = [one for key in (_key(plain, start, length), *_all_keys(exact, start, length)) if key
                        for one in self._said.get(" ".join(key), ())]  # fmt: skip
                if said:
                    taken.update(range(start, start + length))
                    ids = tuple(dict.fromkeys(one for one, _ in said))
                    found.append(Match(start, start + length, ids, frozenset(language for _, language in said)))
        return found

    def named(self, concept: str) -> tuple[str, ...]:
        """Return the concepts that entries can be: itself, or what a situation, which has no name, brings with it."""
        if self.concepts[concept].words:
            return (concept,)
        return tuple(one for one in self.concepts[concept].includes if one in self.concepts)

    def without_ending(self, word: str) -> str:
        """Return the foreign word of the glossary that this one is with an ending ("ehliyetimi"), or nothing."""
        key = _bare(folded(word))
        for end in range(len(key) - 1, max(_SHORTEST_STEM, len(key) - _LONGEST_ENDING) - 1, -1):
            if key[:end] in self._foreign:
                return key[:end]
        return ""

    def expressions(self) -> Iterator[tuple[str, str, bool]]:
        """Yield every concept with each of its expressions and whether that is German, for meaning."""
        for concept in self.concepts.values():
            for text in dict.fromkeys((*concept.words, *concept.said.get(GERMAN, ()))):
                yield concept.id, text, True
            foreign = (text for language, said in concept.said.items() if language != GERMAN for text in said)
            for text in dict.fromkeys(foreign):
                yield concept.id, text, False

    def vocabulary(self) -> dict[str, bool]:
        """Return every single word of every expression, for spelling, and whether only other languages have it."""
        words: dict[str, bool] = {}
        for _, text, german in self.expressions():
            for word in words_of(text.lower()):
                words[word] = words.get(word, True) and not german
        return words


def _index_tags(concepts: Iterable[Concept]) -> dict[str, list[str]]:
    by_tag: dict[str, list[str]] = {}
    for concept in concepts:
        for tag in concept.osm:
            by_tag.setdefault(tag, []).append(concept.id)
    return by_tag


def _add(index: dict[str, list[Any]], phrase: Phrase, value: object) -> None:
    if phrase and value not in (known := index.setdefault(" ".join(phrase), [])):
        known.append(value)


def _bare(word: str) -> str:
    """Return an Arabic word without its article."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word  # noqa: PLR2004 -- article and a short word.


def content_words(expression: str) -> list[str]:
    """Return the words of an expression that say something."""
    words = words_of(expression)
    return [words[position] for position in content_positions(words)]


def _plain(words: Sequence[str]) -> Phrase:
    return tuple(_bare(folded(word)) for word in words)


def _german_phrases(expression: str) -> list[Phrase]:
    words = content_words(expression)
    exact = [analyse(word).exact for word in words]
    return [_plain(words), *_all_keys(exact, 0, len(exact))]


def _key(alternatives: Sequence[tuple[str, ...]], start: int, length: int) -> Phrase:
    return tuple(one[0] for one in alternatives[start : start + length])


def _all_keys(alternatives: Sequence[tuple[str, ...]], start: int, length: int) -> Iterator[Phrase]:
    """Yield the words by their first lexemes, then by their last: stem and dictionary form."""
    first = _key(alternatives, start, length)
    yield first
    last = tuple(one[-1] for one in alternatives[start : start + length])
    if last != first:
        yield last


def _keys(alternatives: Sequence[tuple[str, ...]], start: int) -> Iterator[Phrase]:
    for length in range(1, min(_LONGEST_PHRASE, len(alternatives) - start) + 1):
        yield from _all_keys(alternatives, start, length)


def read_concepts(text: str, *, name: str) -> Iterator[Concept]:
    """Read one file. Raises :class:`GlossaryError`."""
    for raw in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or ():  # noqa: S506 -- a safe loader.
        if not isinstance(raw, dict) or not str(raw.get("id", "")).isalnum():
            message = f"{name}: {str(raw)[:60]!r} has no id of letters and digits"
            raise GlossaryError(message)
        if unknown := set(raw) - {"id", "words", "osm", "said", "related", "includes", "languages"}:
            message = f"{name}: {raw['id']} has unknown fields {sorted(unknown)}"
            raise GlossaryError(message)
        spoken = raw.get("languages") or {}
        if unknown := set(spoken) - set(LANGUAGES):
            message = f"{name}: {raw['id']} has unknown languages {sorted(unknown)}"
            raise GlossaryError(message)
        yield Concept(
            id=str(raw["id"]),
            words=_texts(raw.get("words")),
            osm=_texts(raw.get("osm")),
            said={GERMAN: _texts(raw.get("said")), **{language: _texts(said) for language, said in spoken.items()}},
            related=_texts(raw.get("related")),
            includes=_texts(raw.get("includes")),
        )


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(str(one) for one in raw) if isinstance(raw, list) else ()


def read_glossary(folder: Path) -> Glossary:
    """Read all files of a folder. Raises :class:`GlossaryError`."""
    return Glossary(
        concept
        for path in sorted(folder.glob("*.yaml"))
        for concept in read_concepts(path.read_text(encoding="utf-8"), name=path.name)
    )


@lru_cache(maxsize=1)
def get_glossary() -> Glossary:
    """Return the glossary of this installation, read once per process from a copy that is quick to read."""
    kept = Path(settings.PORTAL_DATA) / "words" / f"glossary-{_state_of_files()}.json"
    if kept.exists():
        return Glossary.from_json(kept.read_text(encoding="utf-8"))
    glossary = read_glossary(FOLDER)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("glossary-*.json"):
        old.unlink(missing_ok=True)
    # Written aside and moved into place: other processes may be reading.
    aside = kept.with_suffix(f".{os.getpid()}")
    aside.write_text(glossary.to_json(), encoding="utf-8")
    aside.replace(kept)
    return glossary


def _state_of_files() -> str:
    """Return a hash over everything the index of the glossary is made from."""
    digest = hashlib.sha256()
    for path in sorted((*FOLDER.glob("*.yaml"), *FOLDER.parent.glob("data/*.yaml"), *FOLDER.parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
