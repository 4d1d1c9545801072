"""``{% load portal %}``: icons, form fields, badges, occupancy, and German money and time."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from stadtportal.kernel.contracts import Status
from stadtportal.kernel.web import rules
from stadtportal.kernel.web.engine import icons
from stadtportal.kernel.web.engine.fields import error_lines, field_view

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.utils.safestring import SafeString

register = template.Library()

TONES = frozenset({"info", "success", "warning", "danger"})


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon; write the word beside it."""
    return icons.icon(name)


@register.simple_tag
def icon_symbols(*names: str) -> SafeString:
    """Put drawings on the page that ``icon_use`` shows many times."""
    return icons.symbols(*names)


@register.simple_tag
def icon_use(name: str) -> SafeString:
    """Draw an icon that ``icon_symbols`` has put on the page."""
    return icons.use(name)


@register.simple_tag
def status_badge(status: Status | str, tone: str = "info") -> SafeString:
    """Show a status as a badge: ``{% status_badge case.status %}`` or ``{% status_badge "Gebucht" "success" %}``."""
    title, tone = (status.title, status.tone) if isinstance(status, Status) else (status, tone)
    look = f"kern-badge--{tone}" if tone in TONES else "badge--neutral"
    return format_html('<span class="kern-badge {}"><span class="kern-label">{}</span></span>', look, title)


@register.simple_tag
def occupancy(taken: int, capacity: int) -> SafeString:
    """Show how full something is as a bar with the same said in words."""
    shown = rules.occupancy(taken, capacity)
    return format_html(
        '<div class="occupancy occupancy--{}"><svg class="occupancy__bar" viewBox="0 0 100 8" '
        'preserveAspectRatio="none" aria-hidden="true"><rect class="occupancy__all" width="100" '
        'height="8"/><rect class="occupancy__taken" width="{}" height="8"/></svg><span>{}</span></div>',
        shown.tone,
        shown.percent,
        shown.words,
    )


@register.inclusion_tag("web/components/field.html")
def field(form: BaseForm, name: str, source: str = "") -> dict[str, Any]:
    """Show a field with label, hint and error: ``{% field form "email" %}``.

    ``source`` says where a prefilled value comes from ("aus Ihrem Konto").
    """
    return {"field": field_view(form, name, source=source)}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Sum up all errors on top of the page, each leading to its field; shows nothing when there is none."""
    return {"lines": error_lines(form) if form.is_bound else []}


@register.filter
def cents(value: int | None) -> str:
    """Write cents as euros; nothing for nothing."""
    return "" if value is None else rules.cents(value)


@register.filter
def price(value: int | None) -> str:
    """Write cents as a price, ``0`` as ``kostenlos``."""
    return rules.price(value)


@register.filter
def number(value: int | None) -> str:
    """Write a whole number with points between the thousands."""
    return "" if value is None else rules.number(value)


@register.filter
def berlin_date(value: date | datetime | None) -> str:
    """Write ``2. Dezember 2026``."""
    return rules.berlin_date(value) if value else ""


@register.filter
def berlin_day(value: date | datetime | None) -> str:
    """Write ``Mittwoch, 2. Dezember 2026``."""
    return rules.berlin_day(value) if value else ""


@register.filter
def berlin_time(value: datetime | None) -> str:
    """Write ``18:30 Uhr``."""
    return rules.berlin_time(value) if value else ""


@register.filter
def berlin_datetime(value: datetime | None) -> str:
    """Write ``Mittwoch, 2. Dezember 2026, 18:30 Uhr``."""
    return rules.berlin_datetime(value) if value else ""


@register.filter
def berlin_span(starts_at: datetime | None, ends_at: datetime) -> str:
    """Write ``18:30 bis 19:45 Uhr``: ``{{ starts_at|berlin_span:ends_at }}``."""
    return rules.berlin_span(starts_at, ends_at) if starts_at else ""


@register.filter
def relative_day(value: date | datetime | None) -> str:
    """Write ``heute``, ``morgen`` or ``Mi., 2. Dezember``."""
    return rules.relative_day(value, now=timezone.now()) if value else ""


@register.filter
def plural(count: int, words: str) -> str:
    """Write a count with its word: ``{{ free|plural:"Platz,Plätze" }}``."""
    one, _, many = words.partition(",")
    return rules.plural(count, one, many)


@register.filter
def map_credits(attribution: str) -> dict[str, str]:
    """Split the sources of a map: the first two stay in sight, ``more`` opens on demand."""
    named = attribution.split(" · ")
    return {"shown": " · ".join(named[:2]), "more": " · ".join(named[2:])}
