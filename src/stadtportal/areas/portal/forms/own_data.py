"""What people fill in on the pages about their data, and what the desk answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from stadtportal.kernel.trust import api as trust

_LONGEST = 2000


class QuestionForm(forms.Form):
    """Asks about one look."""

    text = forms.CharField(
        label=gettext_lazy("Was möchten Sie wissen?"),
        help_text=gettext_lazy("Zum Beispiel: Warum hat jemand meine E-Mail-Adresse gesehen?"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie, was Sie wissen möchten.")},
    )


class AnswerForm(forms.Form):
    """Answers a question; the person reads it as a message."""

    answer = forms.CharField(
        label=gettext_lazy("Ihre Antwort"),
        help_text=gettext_lazy("Wer hat gesehen, wozu, und warum war das nötig? Die Person liest genau diesen Text."),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Bitte schreiben Sie eine Antwort.")},
    )


class LookFilterForm(forms.Form):
    """Narrows the list of looks. What it does not understand it leaves out, so that an old link still shows looks."""

    wer = forms.ChoiceField(label=gettext_lazy("Wer"), required=False)
    zweck = forms.ChoiceField(label=gettext_lazy("Wozu"), required=False)
    von = forms.DateField(
        label=gettext_lazy("Vom"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    bis = forms.DateField(
        label=gettext_lazy("Bis zum"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, names: list[str], purposes: list[str]) -> None:  # noqa: ANN401 -- Django's form data.
        super().__init__(data)
        everybody, everything = gettext_lazy("alle"), gettext_lazy("alles")
        self.fields["wer"].choices = [("", everybody), *((name, name) for name in names)]  # type: ignore[attr-defined]  # a ChoiceField, declared above.
        self.fields["zweck"].choices = [("", everything), *((one, one) for one in purposes)]  # type: ignore[attr-defined]  # as above.
        for name, field in self.fields.items():
            select = name in {"wer", "zweck"}
            field.widget.attrs["class"] = "kern-form-input__select" if select else "kern-form-input__input"

    def asked(self) -> trust.LookFilter:
        """Return what is asked for, as far as it can be read; a range that ends before it begins has no end."""
        self.is_valid()
        known: dict[str, Any] = self.cleaned_data
        since, until = known.get("von"), known.get("bis")
        if since and until and until < since:
            until = None
        return trust.LookFilter(who=known.get("wer") or "", purpose=known.get("zweck") or "", since=since, until=until)

    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return self.asked() != trust.LookFilter()
