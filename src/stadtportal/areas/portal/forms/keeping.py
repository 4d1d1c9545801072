"""Forms about one's data: erasing it, asking for a right, answering, and telling people about a breach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web.api import BERLIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST = 5000


class EraseForm(forms.Form):
    """One types one's own address, so that nobody erases an account by a slip of the finger."""

    email = forms.CharField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Geben Sie zur Bestätigung Ihre E-Mail-Adresse ein.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, email: str) -> None:
        super().__init__(data)
        self._email = email
        self.fields["email"].help_text = _("Zur Bestätigung: %(email)s") % {"email": email}

    def clean_email(self) -> str:
        """Return the address when it is the account's own."""
        typed: str = self.cleaned_data["email"].strip().lower()
        if typed != self._email:
            raise forms.ValidationError(
                _("Das ist nicht die Adresse dieses Kontos. Es heißt %(email)s."), params={"email": self._email}
            )
        return typed


class RightForm(forms.Form):
    """Which right, and what about."""

    article = forms.TypedChoiceField(
        label=gettext_lazy("Was möchten Sie?"),
        choices=[(article.value, title) for article, title in trust.ARTICLE_TITLES.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Wählen Sie, was Sie möchten.")},
    )
    statement = forms.CharField(
        label=gettext_lazy("Worum geht es?"),
        help_text=gettext_lazy(
            "Zum Beispiel: welche Angabe falsch ist und wie sie richtig heißt, oder welcher Verwendung Sie "
            "widersprechen und warum."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Schreiben Sie, worum es geht.")},
    )


class AnswerForm(forms.Form):
    """The decision and the reasons for it."""

    granted = forms.TypedChoiceField(
        label=gettext_lazy("Entscheidung"),
        choices=[
            ("ja", gettext_lazy("Dem Antrag wird stattgegeben")),
            ("nein", gettext_lazy("Der Antrag wird abgelehnt")),
        ],
        coerce=lambda value: value == "ja",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Wählen Sie eine Entscheidung.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Antwort an die Person"),
        help_text=gettext_lazy(
            "Was wurde geändert, oder warum nicht? Bei einer Ablehnung auch: wo man sich beschweren kann."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Schreiben Sie eine Antwort.")},
    )


class BreachForm(forms.Form):
    """What happened to which data, when, and what people are told."""

    kind = forms.ChoiceField(label=gettext_lazy("Welche Daten?"))
    since = forms.DateTimeField(label=gettext_lazy("Von"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until = forms.DateTimeField(label=gettext_lazy("Bis"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    who = forms.ChoiceField(
        label=gettext_lazy("Wer ist betroffen?"),
        choices=[
            ("kept", gettext_lazy("Alle, über die solche Daten gespeichert sind")),
            ("seen", gettext_lazy("Nur, wessen Daten jemand in dieser Zeit angesehen hat")),
        ],
        widget=forms.RadioSelect,
        initial="kept",
    )
    subject = forms.CharField(label=gettext_lazy("Betreff"), max_length=150)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Art. 34 DSGVO verlangt in klarer Sprache: was geschah, an wen man sich wendet, was folgen kann, was "
            "unternommen wurde und was Betroffene selbst tun können."
        ),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        kinds = [(kind.slug, f"{kind.owner_title}: {kind.data.title}") for kind in trust.list_kinds()]
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = kinds
            field.widget.attrs["class"] = "kern-form-input__select"

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        since: datetime | None = cleaned.get("since")
        until: datetime | None = cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", _("Das Ende liegt vor dem Anfang."))
        return cleaned

    def happened(self) -> trust.Breach:
        """Return what happened; call it on a valid form."""
        facts = self.cleaned_data
        return trust.Breach(
            kind=facts["kind"],
            since=facts["since"].astimezone(BERLIN),
            until=facts["until"].astimezone(BERLIN),
            only_looked_at=facts["who"] == "seen",
        )
