"""One form on one page: shown, refused beside its fields, or done and led on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stadtportal.kernel.people import api as people


def times() -> tuple[date, datetime]:
    """Return today in Stuttgart, and now."""
    now = timezone.now()
    return timezone.localdate(now), now


def by_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    lead: str,
    submit: str,
    done: str,
    crumbs: list[tuple[str, str]],
    target: str,
    facts: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    """Show a form, or do what it says and lead on; a refusal stands beside its field and nothing typed is lost."""
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except people.DelegationRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(target)
    context = {
        "crumbs": crumbs,
        "form": form,
        "title": title,
        "lead": lead,
        "submit": submit,
        "facts": facts,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "portal/mine/delegation_form.html", context, status=status)


def sent(request: HttpRequest) -> Any:  # noqa: ANN401 -- what a form takes.
    """Return what was sent, or nothing for a form that is shown first."""
    return request.POST if request.method == "POST" else None
