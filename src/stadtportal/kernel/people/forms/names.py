"""The two fields that signing up asks beside the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtportal.kernel.people.rules import clean_name

if TYPE_CHECKING:
    from django.http import HttpRequest

    from stadtportal.kernel.people.models import Person


class NamesForm(forms.Form):
    """Given and family name, as letters and confirmations will carry them."""

    given_name = forms.CharField(
        label=_("Vorname"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Nachname"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("email", "given_name", "family_name")

    def clean_given_name(self) -> str:
        """Return the given name without needless spaces."""
        return clean_name(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        """Return the family name without needless spaces."""
        return clean_name(self.cleaned_data["family_name"])

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Do nothing: the adapter has stored the names before the account was saved."""
