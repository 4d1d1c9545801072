"""``{% load people_pages %}``: what the account pages need beyond the shared tags."""

from __future__ import annotations

from django import template

from stadtportal.kernel.people.rules import browser_name

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    """Write ``Firefox auf Windows``."""
    return browser_name(user_agent)
