"""What a clerk fills in at the counter."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtportal.kernel.people.forms.fields import BirthDateField
from stadtportal.kernel.people.rules import clean_email, clean_name
from stadtportal.kernel.people.rules.counter import DOCUMENT_KINDS, Checked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def _line(label: Any, **kwargs: Any) -> forms.CharField:  # noqa: ANN401 -- passed on to Django's field.
    return forms.CharField(label=label, max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)


class CheckForm(forms.Form):
    """What stands on the identity card; of the document's number only the end."""

    given_name = _line(gettext_lazy("Vorname"))
    family_name = _line(gettext_lazy("Nachname"))
    birth_name = _line(gettext_lazy("Geburtsname"), required=False)
    birth_date = BirthDateField()
    place_of_birth = _line(gettext_lazy("Geburtsort"), required=False)
    street = _line(gettext_lazy("Straße und Hausnummer"))
    postal_code = forms.CharField(
        label=gettext_lazy("Postleitzahl"),
        validators=[RegexValidator(r"\A\d{5}\Z", gettext_lazy("Eine Postleitzahl hat fünf Ziffern."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    locality = _line(gettext_lazy("Ort"))
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Art des Ausweises"), choices=list(DOCUMENT_KINDS.items()), widget=forms.RadioSelect
    )
    document_end = forms.CharField(
        label=gettext_lazy("Letzte vier Zeichen der Ausweisnummer"),
        help_text=gettext_lazy("Die ganze Nummer wird nicht gespeichert."),
        validators=[
            RegexValidator(r"\A[0-9A-Za-z]{4}\Z", gettext_lazy("Geben Sie genau die letzten vier Zeichen ein."))
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse"),
        help_text=gettext_lazy("Wenn die Person ein Konto hat oder möchte. Dann gilt der Code nur dafür."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=16)

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, initial={"key": secrets.token_urlsafe(24), "locality": "Stuttgart"})
        self.today = today

    def clean_birth_date(self) -> date:
        """Refuse a birth that has not happened yet."""
        born: date = self.cleaned_data["birth_date"]
        if born > self.today:
            raise ValidationError(_("Dieses Geburtsdatum liegt in der Zukunft."))
        return born

    def clean_email(self) -> str:
        """Return the address as accounts keep it."""
        return clean_email(self.cleaned_data["email"])

    def checked(self) -> Checked:
        """Return what was checked."""
        given = self.cleaned_data
        names = ("given_name", "family_name", "birth_name", "place_of_birth", "street", "postal_code", "locality")
        details = {name: cleaned for name in names if (cleaned := clean_name(given[name]))}
        details["birth_date"] = given["birth_date"].isoformat()
        return Checked(details, given["document_kind"], given["document_end"])


class PrintForm(CheckForm):
    """The same, with the clerk's word that card and person belong together."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Der Ausweis ist im Original da, echt und gültig, und er zeigt die Person vor mir.")
    )  # fmt: skip
