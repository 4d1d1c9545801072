"""What people fill in to find and to book a course."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stadtportal.areas.courses.queries.shapes import CourseView, Filters
from stadtportal.areas.courses.rules import MAX_CAPACITY, MAX_KEY_LENGTH, MAX_PARTY, Order
from stadtportal.kernel.web.api import berlin_day, berlin_span, plural, price

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stadtportal.areas.courses.queries.shapes import Choice, SessionView

WEEKDAYS = (
    gettext_lazy("Montag"),
    gettext_lazy("Dienstag"),
    gettext_lazy("Mittwoch"),
    gettext_lazy("Donnerstag"),
    gettext_lazy("Freitag"),
    gettext_lazy("Samstag"),
    gettext_lazy("Sonntag"),
)


class FilterForm(forms.Form):
    """Narrows the list of courses. What it does not know it leaves out, so that an old link still shows courses."""

    category = forms.ChoiceField(label=gettext_lazy("Kategorie"), required=False)
    district = forms.ChoiceField(label=gettext_lazy("Stadtbezirk"), required=False)
    weekday = forms.TypedChoiceField(label=gettext_lazy("Wochentag"), required=False, coerce=int, empty_value=None)
    audience = forms.ChoiceField(label=gettext_lazy("Für wen"), required=False)
    free_only = forms.BooleanField(label=gettext_lazy("Nur mit freien Plätzen"), required=False)
    day = forms.DateField(
        required=False,
        widget=forms.HiddenInput,
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))],
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        choices: tuple[list[Choice], list[Choice], list[Choice]],
    ) -> None:
        super().__init__(data)
        categories, districts, audiences = choices
        self._offer("category", _("Alle Kategorien"), categories)
        self._offer("district", _("Ganz Stuttgart"), districts)
        self._offer("audience", _("Alle"), audiences)
        for select in self.selects():
            select.field.widget.attrs["class"] = "kern-form-input__select"
        weekday = self.fields["weekday"]
        weekday.choices = [  # type: ignore[attr-defined]  # a ChoiceField, declared above.
            ("", _("Jeder Tag")),
            *((str(number), name) for number, name in enumerate(WEEKDAYS, start=1)),
        ]

    def selects(self) -> list[forms.BoundField]:
        """Return the lists to choose from; nothing in them is compulsory, so none says that it is optional."""
        return [self[name] for name in ("category", "district", "weekday", "audience")]

    def _offer(self, name: str, everything: str, choices: Iterable[Choice]) -> None:
        field = self.fields[name]
        field.choices = [("", everything), *((one.value, one.title) for one in choices)]  # type: ignore[attr-defined]  # as above.

    def filters(self) -> Filters:
        """Return what is asked for, as far as it is known."""
        self.is_valid()
        known: dict[str, Any] = self.cleaned_data
        day: date | None = known.get("day")
        return Filters(
            category=known.get("category") or "",
            district=known.get("district") or "",
            weekday=known.get("weekday") or None,
            audience=known.get("audience") or "",
            free_only=bool(known.get("free_only")),
            day=day,
        )


_PARTY_ERRORS = {
    "required": gettext_lazy("Bitte geben Sie an, für wie viele Personen Sie buchen."),
    "invalid": gettext_lazy("Bitte geben Sie die Zahl der Personen in Ziffern ein, zum Beispiel 2."),
    "min_value": gettext_lazy("Bitte melden Sie mindestens eine Person an."),
    "max_value": gettext_lazy(
        "Sie können höchstens %(limit_value)s Personen auf einmal anmelden. Für größere Gruppen rufen Sie bitte den "
        "Anbieter an."
    ),
}


class ChooseForm(forms.Form):
    """Chooses a date, the number of people and a price; nothing is ordered yet."""

    session = forms.TypedChoiceField(
        label=gettext_lazy("Termin"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie einen Termin."),
            "invalid_choice": gettext_lazy("Diesen Termin können Sie nicht buchen. Bitte wählen Sie einen anderen."),
        },
    )
    party_size = forms.IntegerField(
        label=gettext_lazy("Wie viele Personen?"),
        min_value=1,
        max_value=MAX_PARTY,
        initial=1,
        error_messages=_PARTY_ERRORS,
        widget=forms.Select(choices=[(number, number) for number in range(1, MAX_PARTY + 1)]),
    )
    price = forms.TypedChoiceField(
        label=gettext_lazy("Preis"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie einen Preis."),
            "invalid_choice": gettext_lazy("Diesen Preis gibt es nicht. Bitte wählen Sie noch einmal."),
        },
    )
    ages_ok = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Bitte bestätigen Sie das Alter, oder wählen Sie einen anderen Kurs.")
        },
    )
    key = forms.CharField(max_length=MAX_KEY_LENGTH, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        course: CourseView,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        if course.series:
            del self.fields["session"]
        else:
            self.fields["session"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, declared above.
                (one.id, _session_words(one)) for one in course.open_sessions
            ]
        self.fields["price"].choices = [  # type: ignore[attr-defined]  # as above.
            (one.id, f"{one.name}: {price(one.cents)}{f' ({one.proof})' if one.proof else ''}") for one in course.prices
        ]
        if course.prices:
            self.fields["price"].initial = course.prices[0].id
        if len(course.prices) == 1:
            self.fields["price"].widget = forms.HiddenInput()
        if course.ages:
            self.fields["ages_ok"].label = _("Das Alter passt bei allen, die ich anmelde: %(ages)s.") % {
                "ages": course.ages
            }
        else:
            del self.fields["ages_ok"]


def _session_words(session: SessionView) -> str:
    free = plural(session.free, _("freier Platz"), _("freie Plätze")) if session.free else _("ausgebucht, Warteliste")
    return f"{berlin_day(session.starts_at)}, {berlin_span(session.starts_at, session.ends_at)}: {free}"


class OrderForm(forms.Form):
    """The order itself, as the page for checking sends it. It looks nothing up: the action decides."""

    session = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    party_size = forms.IntegerField(min_value=1, max_value=MAX_PARTY, error_messages=_PARTY_ERRORS)
    price = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    key = forms.CharField(max_length=MAX_KEY_LENGTH)
    shown_cents = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    ages_ok = forms.BooleanField(required=False)
    waiting_ok = forms.BooleanField(required=False)
    phone = forms.CharField(required=False, max_length=200)
    phone_kept = forms.BooleanField(required=False)
    phone_consent = forms.BooleanField(required=False)

    def order(self, slug: str) -> Order:
        """Return the order of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return Order(
            slug=slug,
            session_id=data["session"],
            party_size=data["party_size"],
            price_id=data["price"],
            key=data["key"],
            shown_cents=data["shown_cents"],
            waiting_ok=data["waiting_ok"],
            ages_ok=data["ages_ok"],
            phone=data["phone"],
            phone_kept=data["phone_kept"],
            phone_consent=data["phone_consent"],
        )


class CallOffForm(forms.Form):
    """Calls a date off; the reason goes to everybody concerned."""

    reason = forms.CharField(
        label=gettext_lazy("Was möchten Sie den Teilnehmenden dazu schreiben?"),
        help_text=gettext_lazy("Zum Beispiel: Die Kursleitung ist krank. Alle Gemeldeten lesen diesen Satz."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CapacityForm(forms.Form):
    """Changes the number of seats on a date."""

    capacity = forms.IntegerField(
        label=gettext_lazy("Plätze"),
        min_value=1,
        max_value=MAX_CAPACITY,
        error_messages={
            "required": gettext_lazy("Bitte geben Sie die Zahl der Plätze an."),
            "invalid": gettext_lazy("Bitte geben Sie die Zahl der Plätze in Ziffern ein, zum Beispiel 12."),
            "min_value": gettext_lazy("Ein Termin braucht mindestens einen Platz."),
            "max_value": gettext_lazy("Ein Termin kann höchstens %(limit_value)s Plätze haben."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
