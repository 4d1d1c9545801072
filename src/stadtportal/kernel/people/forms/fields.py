"""Fields that several forms about identity share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EARLIEST_BIRTH = date(1900, 1, 1)


class BirthDateField(forms.DateField):
    """A date of birth as people write it: ``14.05.1992``. Whether it lies in the future is for the form to say."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to Django's field.
        super().__init__(
            label=gettext_lazy("Geburtsdatum"),
            help_text=gettext_lazy("Tag, Monat, Jahr, zum Beispiel 14.05.1992"),
            input_formats=["%d.%m.%Y", "%Y-%m-%d"],
            widget=forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "bday", "type": "text"}),
            error_messages={
                "invalid": gettext_lazy("Geben Sie das Datum mit Tag, Monat und Jahr ein, zum Beispiel 14.05.1992.")
            },
            **kwargs,
        )

    def validate(self, value: date | None) -> None:
        """Refuse what nobody alive can have."""
        super().validate(value)
        if value is not None and value < EARLIEST_BIRTH:
            raise ValidationError(_("Bitte prüfen Sie das Jahr der Geburt."))
