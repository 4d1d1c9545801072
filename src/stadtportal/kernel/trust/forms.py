"""The form of one fact about oneself, made from what its kind declares."""

from collections.abc import Mapping
from typing import Any

from django import forms

from stadtportal.kernel.trust.rules.facts import BadFact, FactKind, Part

_INPUT = {"phone": "tel", "postcode": "text", "iban": "text", "date": "date", "text": "text"}


class FactForm(forms.Form):
    """Asks for the parts of a fact as text; the rules check them, and :meth:`refuse` shows what they say."""

    def __init__(
        self, kind: FactKind, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for part in kind.parts:
            self.fields[part.name] = _field(part)

    def parts(self) -> dict[str, str]:
        """Return what was typed into a valid form."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def refuse(self, refusal: BadFact) -> None:
        """Show what the rules found wrong beside the field it belongs to."""
        self.add_error(refusal.field or None, refusal.sentence)


def _field(part: Part) -> forms.CharField:
    attrs = {"autocomplete": part.autocomplete or "off"}
    if part.kind == "postcode":
        attrs |= {"inputmode": "numeric", "class": "short"}
    widget: forms.Widget
    if part.longest > 200:  # noqa: PLR2004 -- characters; more than a line wants a larger field.
        widget = forms.Textarea(attrs=attrs | {"rows": "3"})
    else:
        widget = forms.TextInput(attrs=attrs)
        widget.input_type = _INPUT[part.kind]
    # The rules say best what is missing and too long; only what no person types is cut off here.
    return forms.CharField(
        label=part.title, help_text=part.hint, required=part.required, max_length=1000, widget=widget
    )
