"""The counter: a clerk checks an identity card and prints a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people.actions.counter import find_account, print_letter
from stadtportal.kernel.people.forms.counter import CheckForm, PrintForm
from stadtportal.kernel.people.rules.counter import DOCUMENT_KINDS, same_name
from stadtportal.kernel.web.api import actor_of, berlin_date, rate_limited, require_role

if TYPE_CHECKING:
    from django.http import HttpRequest


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Arbeitsplatz"), "/arbeitsplatz/"), (last, "")]


@never_cache
@require_safe
@require_role(Role.CASE_WORKER)
def check(request: HttpRequest) -> HttpResponse:
    """Ask for what stands on the card."""
    form = CheckForm(today=timezone.localdate())
    return render(request, "people/counter_check.html", {"form": form, "crumbs": _crumbs(_("Identität prüfen"))})


@never_cache
@require_POST
@require_role(Role.CASE_WORKER)
@rate_limited(name="counter", limit=120, per_seconds=3600)
def review(request: HttpRequest) -> HttpResponse:
    """Show everything once more, and whose account the address belongs to."""
    form = CheckForm(request.POST, today=timezone.localdate())
    crumbs = _crumbs(_("Identität prüfen"))
    if not form.is_valid() or "change" in request.POST:
        status = 200 if form.is_valid() else 422
        return render(request, "people/counter_check.html", {"form": form, "crumbs": crumbs}, status=status)
    email = form.cleaned_data["email"]
    account = find_account(actor=actor_of(request), email=email)
    given = form.cleaned_data
    context = {
        "form": form,
        "differs": account is not None and not same_name(account.name, f"{given['given_name']} {given['family_name']}"),
        "print_form": PrintForm(today=timezone.localdate()),
        "crumbs": crumbs,
        "email": email,
        "account": account,
        "born": berlin_date(given["birth_date"]),
        "document": DOCUMENT_KINDS[given["document_kind"]],
        "given": given,
    }
    return render(request, "people/counter_review.html", context)


@never_cache
@require_POST
@require_role(Role.CASE_WORKER)
@rate_limited(name="counter", limit=120, per_seconds=3600)
def letter(request: HttpRequest) -> HttpResponse:
    """Print the letter, once: its code is kept nowhere else."""
    form = PrintForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        context = {"form": form, "crumbs": _crumbs(_("Identität prüfen"))}
        return render(request, "people/counter_check.html", context, status=422)
    printed = print_letter(
        actor=actor_of(request),
        checked=form.checked(),
        email=form.cleaned_data["email"],
        key=form.cleaned_data["key"],
        now=timezone.now(),
    )
    return HttpResponse(
        printed.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="schreiben-{printed.number}.pdf"'},
    )
