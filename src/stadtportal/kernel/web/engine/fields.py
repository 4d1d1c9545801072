"""Form fields and error summaries as KERN writes them, for any Django form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_email
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.exceptions import ValidationError
    from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or check box of a group: its control, the id of it, and its label."""

    control: SafeString
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """Everything the template of one field needs; ``kind`` is text, select, check, group or hidden."""

    bound: BoundField
    kind: str
    id: str
    control: SafeString | str
    choices: Sequence[Choice]
    hint: str
    hint_id: str
    errors: Sequence[str]
    error_id: str
    optional: bool
    source: str


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    return "text"


_CLASSES = {
    "text": "kern-form-input__input",
    "select": "kern-form-input__select",
    "check": "kern-form-check__checkbox",
}


def _choices(bound: BoundField, attrs: dict[str, Any]) -> list[Choice]:
    name = "checkbox" if isinstance(bound.field.widget, forms.CheckboxSelectMultiple) else "radio"
    attrs = {**attrs, "class": f"kern-form-check__{name}"}
    shown = []
    for sub in bound.subwidgets:
        data = {**sub.data, "attrs": {**sub.data["attrs"], **attrs}, "wrap_label": False}
        # A group is required as a whole; on single check boxes the attribute would ask for every one of them.
        control = bound.form.renderer.render(data["template_name"], {"widget": data})
        shown.append(Choice(mark_safe(control), data["attrs"].get("id", ""), str(data["label"])))  # noqa: S308 -- a rendered template.
    return shown


def error_words(bound: BoundField) -> Iterator[str]:
    """Say what is wrong in the words of the field; a message that the form wrote itself stays as it is."""
    for error in bound.errors.as_data():
        given = " ".join(error.messages)
        yield _own_words(bound, error) if given == _general(bound, error) else given


def _general(bound: BoundField, error: ValidationError) -> str:
    """Return Django's sentence for this kind of error, which fits every field and hence helps with none."""
    field, code = bound.field, error.code or ""
    if code == "invalid" and isinstance(field, forms.EmailField):
        return str(validate_email.message)
    for kind in type(field).__mro__:
        general = getattr(kind, "default_error_messages", {}).get(code)
        if general and kind.__module__.startswith("django."):
            return str(general % error.params if error.params else general)
    return ""


def _own_words(bound: BoundField, error: ValidationError) -> str:
    sentence = _sentence(bound.field, error.code or "")
    return sentence % {"label": bound.label} if sentence else " ".join(error.messages)


def _sentence(field: forms.Field, code: str) -> str:
    """Return the sentence with a place for the field's label, or nothing when Django's own says enough."""
    if code == "required":
        if isinstance(field.widget, forms.CheckboxInput):
            return _("Bitte bestätigen Sie: %(label)s")
        if isinstance(field, forms.ChoiceField):
            return _("Bitte wählen Sie bei „%(label)s“ etwas aus.")
        return _("Bitte füllen Sie „%(label)s“ aus.")
    examples = {
        forms.EmailField: _("Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.org."),
        forms.DateField: _("Bitte geben Sie bei „%(label)s“ ein Datum ein, zum Beispiel 31.12.2026."),
        forms.IntegerField: _("Bitte geben Sie bei „%(label)s“ eine ganze Zahl ein."),
    }
    if code == "invalid":
        return next((words for kind, words in examples.items() if isinstance(field, kind)), "")
    if code == "invalid_choice":
        return _("Diese Auswahl bei „%(label)s“ gibt es nicht mehr. Bitte wählen Sie neu.")
    return ""


def field_view(form: forms.BaseForm, name: str, *, source: str = "") -> FieldView:
    """Prepare one field. ``source`` says where a prefilled value comes from. Raises ``KeyError`` for unknown names."""
    bound = form[name]
    kind, field_id = _kind(bound.field.widget), bound.id_for_label or bound.auto_id or f"id_{bound.html_name}"
    hint, errors = str(bound.help_text or ""), list(error_words(bound))
    hint_id, error_id = f"{bound.auto_id}-hinweis", f"{bound.auto_id}-fehler"
    described = [error_id] * bool(errors) + [hint_id] * bool(hint or source)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    choices: list[Choice] = []
    control: SafeString | str = ""
    if kind == "group":
        choices = _choices(bound, {"aria-invalid": "true"} if errors and not _many(bound) else {})
        field_id = choices[0].id if choices else field_id
    else:
        if kind in _CLASSES:
            own = bound.field.widget.attrs.get("class", "")
            marked = f" {_CLASSES[kind]}--error" if errors else ""
            attrs["class"] = f"{_CLASSES[kind]}{marked} {own}".strip()
        control = bound.as_widget(attrs=attrs)
    return FieldView(
        bound=bound,
        kind=kind,
        id=field_id,
        control=control,
        choices=choices,
        hint=hint,
        hint_id=hint_id,
        errors=errors,
        error_id=error_id,
        optional=not bound.field.required and kind not in {"hidden", "check"},
        source=source,
    )


def _many(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, forms.CheckboxSelectMultiple)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the summary: what is wrong, and the id of the field it leads to (empty for the whole form)."""

    text: str
    target: str


def error_lines(form: forms.BaseForm) -> list[ErrorLine]:
    """List all errors of a form in the order of its fields, those of the whole form first."""
    lines = [ErrorLine(str(error), "") for error in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        if not bound.errors:
            continue
        target = bound.id_for_label or bound.auto_id
        if _kind(bound.field.widget) == "group":
            target = next((sub.id_for_label or "" for sub in bound.subwidgets), target)
        lines += [ErrorLine(words, "" if bound.is_hidden else str(target)) for words in error_words(bound)]
    return lines
