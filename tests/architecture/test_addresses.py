"""Areas plug into one space of addresses: nobody takes what another one holds."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from stadtportal.kernel.contracts import Area, Registry


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def area(slug: str, *mounts: str) -> Area:
    return Area(slug=slug, title=slug, icon="info", mounts=dict.fromkeys(mounts, f"{slug}.urls"))


def test_no_address_is_given_twice() -> None:
    counted = Counter(routes(get_resolver().url_patterns))
    assert counted["mein/postfach/"] == counted["kurse/<slug:slug>/"] == 1
    assert [route for route, count in counted.items() if count > 1] == []


def test_areas_share_the_root_and_nothing_else() -> None:
    registry = Registry()
    registry.add_area(area("one", "", "eins/"))
    registry.add_area(area("two", ""))
    with pytest.raises(ValueError, match="mounts \\['eins/'\\], which another area holds"):
        registry.add_area(area("three", "eins/"))
    with pytest.raises(ValueError, match="'one' is registered twice"):
        registry.add_area(area("one", "anders/"))
    assert [held.slug for held in registry.areas()] == ["one", "two"]
