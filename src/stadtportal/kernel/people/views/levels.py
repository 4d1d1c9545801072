"""Which level somebody has, what is confirmed about them, and how to raise it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.actions.confirming import remove_attributes
from stadtportal.kernel.people.actions.counter import redeem
from stadtportal.kernel.people.forms.levels import CodeForm, RemoveForm
from stadtportal.kernel.people.queries import get_person
from stadtportal.kernel.people.queries.assurance import (
    has_bundid,
    is_bundid_offered,
    list_confirmed,
    was_checked_at_counter,
)
from stadtportal.kernel.people.rules.assurance import LEVEL_TITLES, IdentitiesDiffer, is_strong, shown_value
from stadtportal.kernel.people.rules.counter import CodeRefused
from stadtportal.kernel.web.api import actor_of, kept_step_up, rate_limited, require_level, require_sign_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def ways(request: HttpRequest, *, level: AssuranceLevel, back_to: str) -> dict[str, Any]:
    """Return what the list of ways to ``level`` shows, leading back to ``back_to``."""
    person = get_person(actor_of(request))
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    return {
        "wanted": level,
        "wanted_title": LEVEL_TITLES[level],
        "back_to": back_to,
        "bundid_offered": is_bundid_offered(),
        "counter_suffices": level <= AssuranceLevel.SUBSTANTIAL,
        "checked_at_counter": was_checked_at_counter(person.pk),
        "strong": is_strong(get_authentication_records(request, person)),
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_app": Authenticator.Type.TOTP in kinds,
    }


@require_safe
@require_sign_in
def levels(request: HttpRequest) -> HttpResponse:
    """Say which level this sign-in has, what it opens, and how to raise it."""
    actor = actor_of(request)
    person = get_person(actor)
    confirmed = list_confirmed(actor)
    context = {
        "title": LEVEL_TITLES[actor.level],
        "levels": [(level, LEVEL_TITLES[level], level == actor.level) for level in AssuranceLevel if level],
        "confirmed": [(one, LEVEL_TITLES[one.level]) for one in confirmed],
        "connected": has_bundid(person.pk),
        "highest": actor.level >= AssuranceLevel.HIGH,
        **ways(request, level=AssuranceLevel.SUBSTANTIAL, back_to=request.path),
    }
    return render(request, "people/levels.html", context)


@require_safe
@require_level(
    AssuranceLevel.SUBSTANTIAL,
    reason=gettext_lazy("Hier stehen Geburtsdatum und Anschrift. Deshalb muss feststehen, dass Sie es sind."),
)  # fmt: skip
def attributes(request: HttpRequest) -> HttpResponse:
    """Show what is confirmed, by whom and how surely."""
    sources: dict[str, dict[str, Any]] = {}
    for one in list_confirmed(actor_of(request)):
        source = sources.setdefault(one.source_code, {"title": one.source, "code": one.source_code, "rows": []})
        source["rows"].append((one, shown_value(one.name, one.value), LEVEL_TITLES[one.level]))
    return render(request, "people/attributes.html", {"sources": list(sources.values())})


@require_POST
@require_level(
    AssuranceLevel.SUBSTANTIAL,
    reason=gettext_lazy("Sie möchten bestätigte Angaben löschen. Deshalb muss feststehen, dass Sie es sind."),
)
def remove(request: HttpRequest) -> HttpResponse:
    """Remove what one source confirmed."""
    form = RemoveForm(request.POST)
    person_id = get_person(actor_of(request)).pk
    if form.is_valid() and remove_attributes(person_id=person_id, source=form.cleaned_data["source"]):
        messages.success(request, _("Die Angaben sind gelöscht."))
    return redirect("levels:attributes")


@require_safe
@require_sign_in
def step_up(request: HttpRequest) -> HttpResponse:
    """Explain why more is needed and how to get there; once it is reached, lead on."""
    kept = kept_step_up(request, request.GET.get("t", ""))
    if kept is None:
        messages.info(
            request, _("Was Sie vorhatten, ist nicht mehr vorgemerkt. Bitte rufen Sie die Seite noch einmal auf.")
        )
        return redirect("levels:levels")
    reached = actor_of(request).level >= kept.level
    if reached and not kept.sent:
        return redirect(kept.path)
    context = {"kept": kept, "reached": reached, **ways(request, level=kept.level, back_to=request.get_full_path())}
    return render(request, "people/step_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_sign_in
@rate_limited(name="letter code", limit=20, per_seconds=3600)
def code(request: HttpRequest) -> HttpResponse:
    """Take the code of a letter; a scanned one stands in the field already."""
    form = CodeForm(
        request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")[:40]}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            redeem(actor=actor_of(request), code=given["code"], birth_date=given["birth_date"], now=timezone.now())
        except (CodeRefused, IdentitiesDiffer) as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, _("Ihr Konto ist bestätigt."))
            return redirect("levels:levels")
    return render(request, "people/code.html", {"form": form}, status=422 if form.is_bound else 200)
