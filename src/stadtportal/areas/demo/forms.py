"""What one chooses at the simulated BundID."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from stadtportal.areas.demo.rules.citizens import CITIZENS, LEVELS


class CitizenForm(forms.Form):
    """An invented person, and how they sign in."""

    citizen = forms.ChoiceField(
        label=gettext_lazy("Wer sind Sie?"),
        choices=[(one.key, f"{one.given_name} {one.family_name}, {one.locality}") for one in CITIZENS.values()],
        widget=forms.RadioSelect,
        initial="lena",
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Wie melden Sie sich an?"),
        choices=[(key, title) for key, (_class, _trust, title) in LEVELS.items()],
        widget=forms.RadioSelect,
        initial="3",
    )
