"""What people fill in to raise the level of their account."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.forms.fields import BirthDateField
from stadtportal.kernel.people.models import ConfirmedAttribute


class CodeForm(forms.Form):
    """The code of a letter, and the date of birth that it counts with."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("16 Zeichen, auf dem Schreiben aus dem Bürgerbüro. Striche sind egal."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    birth_date = BirthDateField()


class SetOutForm(forms.Form):
    """Where to come back to from BundID, and how sure the sign-in shall be."""

    next = forms.CharField(required=False, max_length=2_000)
    level = forms.TypedChoiceField(
        choices=[(str(level.value), level.name) for level in AssuranceLevel if level],
        coerce=lambda value: AssuranceLevel(int(value)),
        required=False,
        empty_value=None,
    )


class RemoveForm(forms.Form):
    """Which source's attributes shall go."""

    source = forms.ChoiceField(choices=[(one.value, one.label) for one in ConfirmedAttribute.Source])
