"""``{% load own_data %}``: looking up the case of a question about a look."""

from django import template

register = template.Library()


@register.simple_tag
def asked_about(asked: dict[int, str], look_id: int) -> str:
    """Return the case of the question about that look, or nothing."""
    return asked.get(look_id, "")
