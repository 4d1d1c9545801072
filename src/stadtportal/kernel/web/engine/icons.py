"""Our own small set of line drawings, 24 by 24 units, two units wide, drawn for this portal.

Each value is the inside of an ``<svg>``; colour and width of the lines come from the style sheet.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_CIRCLE = '<circle cx="12" cy="12" r="9"/>'

DRAWINGS: dict[str, str] = {
    # What there is in the city.
    "sport": '<path d="M4 9v6M7 7v10M17 7v10M20 9v6M7 12h10"/>',
    "gym": '<path d="M4 9v6M7 7v10M17 7v10M20 9v6M7 12h10"/>',
    "school": '<path d="m2 9 10-5 10 5-10 5zM6 11v5c3 3 9 3 12 0v-5M22 9v6"/>',
    "health": '<path d="M12 20s-8-5-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 9c0 6-8 11-8 11zM12 9v6M9 12h6"/>',
    "office": '<path d="M4 21V9l8-5 8 5v12M2 21h20M8 21v-9M12 21v-9M16 21v-9"/>',
    "shop": '<path d="M4 9h16l-1-5H5zM5 9v11h14V9M10 20v-6h4v6M4 9c0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0"/>',
    "food": '<path d="M7 3v18M4 3v5a3 3 0 0 0 6 0V3M17 21v-7h-3V8c0-3 1-5 3-5z"/>',
    "culture": '<path d="M4 5c5 2 11 2 16 0v7c0 5-4 8-8 9-4-1-8-4-8-9zM9 10h.01M15 10h.01M9 15c2 2 4 2 6 0"/>',
    "tree": '<path d="M12 21v-8M12 16l3-2M12 3a5 5 0 0 0-5 5 4 4 0 0 0 1 8h8a4 4 0 0 0 1-8 5 5 0 0 0-5-5z"/>',
    "park": '<path d="M8 20v-5M8 4l-5 11h10zM17 20v-4M17 9l-4 7h8zM2 20h20"/>',
    "transit": '<rect x="6" y="3" width="12" height="14" rx="2"/>'
    '<path d="M6 11h12M9 14h.01M15 14h.01M9 17l-2 4M15 17l2 4"/>',
    "family": '<circle cx="8" cy="6" r="3"/><path d="M3 20v-5a5 5 0 0 1 10 0v5"/><circle cx="17" cy="11" r="2"/>'
    '<path d="M14 20v-2a3 3 0 0 1 6 0v2"/>',
    "service": '<path d="M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h5"/>',
    "emergency": '<path d="M12 3v18M4 7.5l16 9M20 7.5l-16 9"/>',
    "market": '<path d="M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6M9 13v4M15 13v4"/>',
    "library": '<path d="M12 6c-2-2-6-2-9-1v14c3-1 7-1 9 1 2-2 6-2 9-1V5c-3-1-7-1-9 1zM12 6v14"/>',
    "pool": '<path d="M3 16c2-2 4-2 6 0s4 2 6 0 4-2 6 0M3 20c2-2 4-2 6 0s4 2 6 0 4-2 6 0"/>'
    '<path d="M8 13V5a2 2 0 0 1 4 0M16 13V5a2 2 0 0 0-4 0M8 9h8"/>',
    "yoga": '<circle cx="12" cy="5" r="2"/>'
    '<path d="M12 8v6M12 10l-6 4M12 10l6 4M4 19c3 1 5-1 8-5 3 4 5 6 8 5M7 20h10"/>',
    "church": '<path d="M12 2v6M9.5 4.5h5M12 8l-5 5v8h10v-8zM12 21v-4M3 21h18M7 16l-3 2v3M17 16l3 2v3"/>',
    "parking": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M10 17V8h3a2.5 2.5 0 0 1 0 5h-3"/>',
    "event": '<path d="M4 7h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4zM14 7v2M14 12v2M14 17v2"/>',
    "course": '<rect x="3" y="4" width="18" height="12" rx="1"/><path d="M8 20l4-4 4 4M7 9h6M7 12h3"/>',
    "home": '<path d="m3 11 9-8 9 8M6 9v12h12V9M10 21v-6h4v6"/>',
    # What one can do.
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 4-7 8-7s8 2 8 7"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="1"/><path d="m3 7 9 6 9-6"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="1"/><path d="M3 10h18M8 2v5M16 2v5"/>',
    "clock": f'{_CIRCLE}<path d="M12 7v5l3 3"/>',
    "pin": '<path d="M12 21s-7-6-7-12a7 7 0 0 1 14 0c0 6-7 12-7 12z"/><circle cx="12" cy="9" r="2.5"/>',
    "phone": '<path d="M5 3h4l2 5-2.5 2a12 12 0 0 0 5.5 5.5L16 13l5 2v4a2 2 0 0 1-2 2C10 21 3 13 3 5a2 2 0 0 1 2-2z"/>',
    "check": '<path d="m4 13 5 5L20 6"/>',
    "success": f'{_CIRCLE}<path d="m8 12 3 3 5-6"/>',
    "info": f'{_CIRCLE}<path d="M12 11v6M12 7h.01"/>',
    "warning": '<path d="M12 3 2 20h20zM12 10v4M12 17h.01"/>',
    "danger": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01"/>',
    "close": '<path d="M5 5l14 14M19 5 5 19"/>',
    "arrow-right": '<path d="M4 12h16M14 6l6 6-6 6"/>',
    "arrow-left": '<path d="M20 12H4M10 6l-6 6 6 6"/>',
    "list": '<path d="M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "map": '<path d="m3 6 6-3 6 3 6-3v15l-6 3-6-3-6 3zM9 3v15M15 6v15"/>',
    "download": '<path d="M12 3v12M7 10l5 5 5-5M4 20h16"/>',
    "print": '<path d="M7 9V3h10v6M7 17H3V9h18v8h-4M7 14h10v7H7z"/>',
    "euro": '<path d="M18 6a7 7 0 1 0 0 12M4 10h9M4 14h9"/>',
    "lock": '<rect x="5" y="11" width="14" height="10" rx="1"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
    "eye": '<path d="M2 12c4-7 16-7 20 0-4 7-16 7-20 0z"/><circle cx="12" cy="12" r="3"/>',
    "log-out": '<path d="M14 4H5v16h9M10 12h11M17 8l4 4-4 4"/>',
    "accessible": '<circle cx="11" cy="4" r="1.5"/><path d="M11 8v6h5l3 5M11 10h5M8 11.5a5 5 0 1 0 6.5 6.5"/>',
    "wheelchair": '<circle cx="11" cy="4" r="1.5"/><path d="M11 8v6h5l3 5M11 10h5M8 11.5a5 5 0 1 0 6.5 6.5"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "edit": '<path d="M4 20v-4L16 4l4 4L8 20zM13 7l4 4"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "minus": '<path d="M4 12h16"/>',
    "external": '<path d="M10 5H4v15h15v-6M14 4h6v6M20 4l-9 9"/>',
    "question": f'{_CIRCLE}<path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.300c-.8.4-1 .9-1 1.700M12 17h.01"/>',
    "bell": '<path d="M6 17V10a6 6 0 0 1 12 0v7l2 2H4zM10 21h4"/>',
    "work": '<rect x="3" y="8" width="18" height="12" rx="1"/><path d="M9 8V4h6v4M3 13h18"/>',
    "tag": '<path d="M3 3h9l9 9-9 9-9-9zM8 8h.01"/>',
}
# Names that other packages may use for the same drawing.
DRAWINGS |= {
    "sports": DRAWINGS["sport"],
    "townhall": DRAWINGS["office"],
    "place": DRAWINGS["pin"],
    "courses": DRAWINGS["course"],
    "directory": DRAWINGS["pin"],
    "inbox": DRAWINGS["mail"],
    "building": DRAWINGS["office"],
    "station": DRAWINGS["transit"],
    "doctor": DRAWINGS["health"],
    "person": DRAWINGS["user"],
}

_HEAD = '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">'
# Drawn once at import: an icon on a page costs one look-up.
_READY = {name: mark_safe(f"{_HEAD}{drawing}</svg>") for name, drawing in DRAWINGS.items()}  # noqa: S308 -- constants of this file.


def icon(name: str) -> SafeString:
    """Return the drawing as SVG, hidden from screen readers: the word always stands beside it.

    An unknown name draws the info sign, so that a city pack with a new category still shows a page.
    """
    return _READY.get(name) or _READY["info"]


def symbols(*names: str) -> SafeString:
    """Return drawings that :func:`use` shows many times on one page; they stand once, before the first use."""
    drawn = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{DRAWINGS[name]}</symbol>' for name in names)
    return mark_safe(f'<svg class="icon-symbols">{drawn}</svg>')  # noqa: S308 -- constants of this file.


def use(name: str) -> SafeString:
    """Return a drawing that :func:`symbols` has put on the page, in a third of the bytes."""
    return mark_safe(f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S308 -- as above.
