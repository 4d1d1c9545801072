"""What people fill in to let somebody act for them, or to act for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadtportal.kernel.contracts import registry
from stadtportal.kernel.people import api as people

if TYPE_CHECKING:
    from collections.abc import Sequence


def _day(label: Any, *, help_text: Any = "", autocomplete: str = "off") -> forms.DateField:  # noqa: ANN401 -- lazy text.
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": autocomplete}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class ShareForm(forms.Form):
    """The address of the other parent."""

    email = forms.EmailField(label=_("E-Mail-Adresse der anderen Person"), max_length=254)


class ScopeForm(ShareForm):
    """Who may act, how far and how long."""

    may_act = forms.ChoiceField(
        label=_("Was darf die Person?"),
        choices=[("act", _("Ansehen und handeln")), ("look", _("Nur ansehen"))],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        label=_("Wofür?"),
        help_text=_("Wählen Sie nichts, gilt es für alle Bereiche, auch künftige, und für das Postfach."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = _day(_("Letzter Tag"), help_text=_("Danach endet die Vertretung von selbst, spätestens nach 5 Jahren."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on to Django's form.
        super().__init__(*args, **kwargs)
        offered: Sequence[tuple[str, str]] = [(slug, registry.area(slug).title) for slug in people.known_areas()]
        areas = self.fields["areas"]
        if isinstance(areas, forms.MultipleChoiceField):
            areas.choices = offered

    def scope(self) -> people.Scope:
        """Return how far it goes."""
        data = self.cleaned_data
        return people.Scope(frozenset(data["areas"]), data["may_act"] == "act")


class ChildForm(forms.Form):
    """A child one has custody of."""

    given_name = forms.CharField(label=_("Vorname des Kindes"), max_length=100)
    family_name = forms.CharField(label=_("Nachname des Kindes"), max_length=100)
    birth_date = _day(_("Geburtsdatum"), help_text=_("Die Vertretung endet mit dem 18. Geburtstag."))
    custody = forms.BooleanField(
        label=_("Ich habe die elterliche Sorge für dieses Kind und darf hier für das Kind handeln.")
    )


class CareForm(forms.Form):
    """Somebody whose legal carer one is."""

    given_name = forms.CharField(label=_("Vorname der betreuten Person"), max_length=100)
    family_name = forms.CharField(label=_("Nachname der betreuten Person"), max_length=100)
    birth_date = _day(_("Geburtsdatum"))
    register_entry = forms.CharField(
        label=_("Gericht und Aktenzeichen"),
        help_text=_("So, wie es auf dem Betreuerausweis steht."),
        max_length=200,
    )


class OrganisationForm(forms.Form):
    """An association or company one represents."""

    name = forms.CharField(label=_("Name des Vereins oder Unternehmens"), max_length=100)
    register_entry = forms.CharField(
        label=_("Register und Nummer"),
        help_text=_("Zum Beispiel: Amtsgericht Stuttgart, VR 1234. Ohne Eintrag: Satzung vom …"),
        max_length=200,
    )


class ConfirmForm(forms.Form):
    """What a case worker saw."""

    evidence = forms.CharField(
        label=_("Was haben Sie gesehen?"),
        help_text=_("Dokument, ausstellende Stelle, Datum. Zum Beispiel: Betreuerausweis, AG Stuttgart, 3.5.2026."),
        max_length=500,
    )
    last_day = _day(_("Letzter Tag laut Dokument"), help_text=_("Höchstens 5 Jahre ab heute."))


class RefuseForm(forms.Form):
    """Why a case worker does not confirm."""

    evidence = forms.CharField(
        label=_("Warum nicht?"), help_text=_("Die Person, die beantragt hat, bekommt diesen Satz."), max_length=500
    )


class RevokeForm(forms.Form):
    """Which delegation the city ends, and why."""

    number = forms.IntegerField(label=_("Nummer der Vertretung"), min_value=1, max_value=2**62)
    evidence = forms.CharField(
        label=_("Warum?"),
        help_text=_("Was Ihnen vorliegt. Beide Seiten bekommen diesen Satz. Zum Beispiel: Beschluss AG Stuttgart …"),
        max_length=500,
    )
