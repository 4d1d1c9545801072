"""From OpenStreetMap tags to what a place is: its category, address, contact and access."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stadtportal.kernel.city.rules.accessibility import wheelchair_value
from stadtportal.kernel.city.rules.contact import plain_email, readable_phone, safe_website

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Keys that make a named object a place people look for, in the order in which they name it best.
PLACE_KEYS = (
    "shop",
    "amenity",
    "healthcare",
    "craft",
    "tourism",
    "leisure",
    "sport",
    "office",
    "club",
    "historic",
    "emergency",
    "railway",
    "public_transport",
    "highway",
    "landuse",
    "social_facility",
)
#: These alone are enough; the others count only when the city pack names the pair.
GENERAL_KEYS = frozenset(PLACE_KEYS[:10])
#: A sports ground is best named by its sport.
_GENERAL_SPORTS = frozenset({"sports_centre", "sports_hall", "pitch", "track"})
_NO_PLACE = frozenset({"no", "none", "disused", "vacant", "abandoned", ""})

#: Tags that say nothing to visitors or that stand in fields of their own.
_DROPPED = (
    "addr:",
    "contact:",
    "source",
    "note",
    "fixme",
    "FIXME",
    "created_by",
    "building",
    "roof:",
    "check_date",
    "survey:",
    "heritage",
    "tiger:",
    "old_name",
    "ref:",
    "image",
    "wikidata",
    "wikipedia",
    "brand:wiki",
    "operator:wiki",
)
_OWN_FIELD = frozenset({"name", "opening_hours", "phone", "email", "website", "url", "fax", "wheelchair"})
MAX_TAG_VALUE = 255
MAX_TAGS = 60


@dataclass(frozen=True, slots=True)
class TaggedPlace:
    """What the tags of one object say, cleaned."""

    name: str
    category: str
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city_name: str = ""
    opening_hours: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    wheelchair: str = ""
    tags: dict[str, str] = field(default_factory=dict)


class Selectors:
    """The city pack's selectors (``amenity=pharmacy``, ``shop=*``), made quick to ask."""

    def __init__(self, selectors: Iterable[tuple[str, str]]) -> None:
        """Take pairs of selector and category slug; of two equal selectors the first counts."""
        self._exact: dict[tuple[str, str], str] = {}
        self._any: dict[str, str] = {}
        for selector, category in selectors:
            key, _, value = selector.partition("=")
            if value in {"", "*"}:
                self._any.setdefault(key, category)
            else:
                self._exact.setdefault((key, value), category)

    def category(self, tags: Mapping[str, str]) -> str | None:
        """Return the category's slug; ``""`` for a place of no category; ``None`` for what is no place."""
        pairs = list(_pairs(tags))
        for pair in pairs:
            if found := self._exact.get(pair):
                return found
        for key, _ in pairs:
            if found := self._any.get(key):
                return found
        return "" if any(key in GENERAL_KEYS for key, _ in pairs) else None


def _pairs(tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (key, value) of the tags that name a place, the best first; ``a;b`` counts as two values."""
    keys: Iterable[str] = PLACE_KEYS
    if tags.get("leisure") in _GENERAL_SPORTS and "sport" in tags:
        keys = ("sport", *(key for key in PLACE_KEYS if key != "sport"))
    for key in keys:
        for value in tags.get(key, "").split(";"):
            plain = value.strip()
            if plain not in _NO_PLACE:
                yield key, plain


def clean(text: str, length: int) -> str:
    """Return text on one line, without control characters, cut to ``length``."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())[:length].rstrip()


def place_name(tags: Mapping[str, str]) -> str:
    """Return the name people use, or ``""``."""
    return clean(tags.get("name") or tags.get("name:de") or "", 255)


def read_place(tags: Mapping[str, str], category: str) -> TaggedPlace:
    """Return the place the tags of a named object describe."""
    return TaggedPlace(
        name=place_name(tags),
        category=category,
        street=clean(tags.get("addr:street") or tags.get("addr:place") or "", 255),
        house_number=clean(tags.get("addr:housenumber", ""), 40),
        postcode=clean(tags.get("addr:postcode", ""), 10),
        city_name=clean(tags.get("addr:city", ""), 120),
        opening_hours=clean(tags.get("opening_hours", ""), 1000),
        phone=readable_phone(_first(tags, "phone", "contact:phone", "contact:mobile", "mobile")),
        email=plain_email(_first(tags, "email", "contact:email")),
        website=safe_website(_first(tags, "website", "contact:website", "url")),
        wheelchair=wheelchair_value(tags.get("wheelchair", "")),
        tags=_kept(tags),
    )


def _first(tags: Mapping[str, str], *keys: str) -> str:
    return next((tags[key] for key in keys if tags.get(key)), "")


def _kept(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags worth keeping, bounded in number and length."""
    kept = {
        clean(key, 80): clean(value, MAX_TAG_VALUE)
        for key, value in sorted(tags.items())
        if key not in _OWN_FIELD and not key.startswith(_DROPPED)
    }
    return dict(list(kept.items())[:MAX_TAGS])


#: Tags whose values people search for: "vegan", "italian", "soccer".
_SPEAKING = ("cuisine", "sport", "brand", "operator", "alt_name", "short_name", "healthcare:speciality", "religion")
_YES = frozenset({"yes", "only", "wlan", "main"})
_SPEAKING_YES = {
    "diet:vegan": "vegan",
    "diet:vegetarian": "vegetarisch",
    "outdoor_seating": "Außenplätze Terrasse",
    "internet_access": "WLAN Internet",
    "organic": "Bio",
    "takeaway": "zum Mitnehmen",
    "delivery": "Lieferdienst",
}


def speaking_tags(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags that say what a place is or serves, one value each: ``shop=butcher``, ``cuisine=pizza``."""
    keys = (*PLACE_KEYS, *_SPEAKING)
    pairs = ((key, value.strip()) for key in keys for value in tags.get(key, "").split(";"))
    named = [f"{key}={value}" for key, value in pairs if value not in _NO_PLACE]
    return (*named, *(f"{key}=yes" for key in _SPEAKING_YES if tags.get(key) in _YES))


def spoken_languages(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of the languages that are spoken there (``language:tr=yes``)."""
    return tuple(sorted(key[9:] for key, value in tags.items() if key.startswith("language:") and value in _YES))


def search_words(tags: Mapping[str, str]) -> str:
    """Return words of the tags that help to find a place."""
    words = [tags[key].replace(";", " ").replace("_", " ") for key in _SPEAKING if tags.get(key)]
    words += [word for key, word in _SPEAKING_YES.items() if tags.get(key) in _YES]
    return " ".join(words)
