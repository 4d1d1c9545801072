"""One-click sign-in and the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from stadtportal.areas.demo import queries
from stadtportal.areas.demo.forms import CitizenForm
from stadtportal.areas.demo.rules import SIGN_INS
from stadtportal.kernel.contracts import NotAllowed
from stadtportal.kernel.people import api as people
from stadtportal.kernel.web.api import let_form_go_to

if TYPE_CHECKING:
    from django.http import HttpRequest


MAILS_ON_A_PAGE = 20


@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in one of the listed example people, and go where they came from."""
    email = request.POST.get("person", "")
    person = people.find_person(email) if email in SIGN_INS else None
    if person is None:
        raise NotAllowed(_("So melden sich nur die Beispielpersonen der Demo an."))
    people.sign_in_example(request, person_id=person.id)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(target)


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    page = Paginator(queries.list_mails(), MAILS_ON_A_PAGE).get_page(request.GET.get("seite"))
    return render(request, "demo/outbox.html", {"page": page})


@never_cache
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as text, with its attachments."""
    kept, content = queries.get_mail(pk)
    return render(request, "demo/mail.html", {"mail": kept, "content": content})


@never_cache
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:  # noqa: ARG001 -- Django's signature.
    """Send one attachment as a file; never shown in the page's own origin."""
    found = queries.get_attachment(pk, number=number)
    disposition = content_disposition_header(as_attachment=True, filename=found.name)
    return HttpResponse(
        found.content,
        content_type=found.content_type,
        headers={"Content-Disposition": disposition or "attachment"},
    )


@never_cache
@csrf_exempt  # As with the real one, requests come from another site; nothing changes by them.
@require_POST
def bundid(request: HttpRequest) -> HttpResponse:
    """Take a request to the simulated BundID and ask who one is."""
    text = request.POST.get("SAMLRequest", "")
    context = {"asked": queries.read_bundid_request(text), "request_text": text, "form": CitizenForm()}
    return render(request, "demo/bundid.html", context)


@never_cache
@require_POST
def bundid_answer(request: HttpRequest) -> HttpResponse:
    """Write the answer and let the browser carry it to the portal."""
    text = request.POST.get("SAMLRequest", "")
    asked = queries.read_bundid_request(text)
    form = CitizenForm(request.POST)
    cancelled = request.POST.get("do") == "cancel"
    if not form.is_valid() and not cancelled:
        context = {"asked": asked, "request_text": text, "form": form}
        return render(request, "demo/bundid.html", context, status=422)
    answer = queries.write_bundid_answer(
        asked,
        citizen="" if cancelled else form.cleaned_data["citizen"],
        level="" if cancelled else form.cleaned_data["level"],
        now=timezone.now(),
    )
    context = {"answer": answer, "answer_url": asked.answer_url, "cancelled": cancelled}
    # A portal opened under another of its names still gets its answer at the one it gave.
    return let_form_go_to(render(request, "demo/bundid_answer.html", context), asked.answer_url)
