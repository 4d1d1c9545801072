"""Long lists in pages, by ``?seite=`` in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator

from stadtportal.kernel.contracts import NotFound

if TYPE_CHECKING:
    from django.http import HttpRequest

NO_SUCH_PAGE = "Diese Seite der Liste gibt es nicht."
MOST_DIGITS = 6


def page_number(request: HttpRequest) -> int:
    """Return the number of the page asked for. Raises :class:`NotFound` for what is no number."""
    given = request.GET.get("seite", "1")
    if not (given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS):
        raise NotFound(NO_SUCH_PAGE)
    return int(given)


def count_pages(count: int, *, size: int, number: int) -> int:
    """Return how many pages of ``size`` hold ``count`` things. Raises :class:`NotFound` when none has that number."""
    pages = max(1, -(-count // size))
    if not 1 <= number <= pages:
        raise NotFound(NO_SUCH_PAGE)
    return pages


def page_of(number: int, *, pages: int) -> Page[int]:
    """Return what the component ``pagination`` asks for."""
    return Paginator(range(pages), 1).page(number)
