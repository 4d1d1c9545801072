"""Asking about a look, and the desk that answers."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stadtportal.areas.portal.actions import asking
from stadtportal.areas.portal.forms.own_data import AnswerForm, QuestionForm
from stadtportal.areas.portal.queries import questions
from stadtportal.areas.portal.views.own_data import crumbs
from stadtportal.kernel.contracts import Role
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.web import api as web


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_sign_in
def ask(request: HttpRequest, look_id: int) -> HttpResponse:
    """Ask about one look; the answer comes as a message."""
    actor = web.actor_of(request)
    look = trust.get_look(actor=actor, look_id=look_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference = asking.ask(actor=actor, look_id=look_id, text=form.cleaned_data["text"].strip(), now=timezone.now())
        messages.success(request, _("Ihre Frage ist gestellt. Die Antwort kommt in Ihr Postfach."))
        return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": reverse("portal:case", args=[reference])})
    context = {
        "crumbs": crumbs((_("Zugriffe"), "/mein/daten/zugriffe/"), (_("Frage"), "")),
        "look": look,
        "form": form,
        "asked": questions.find_asked(actor=actor, look_ids=[look_id]).get(look_id, ""),
    }
    return render(request, "portal/mine/ask.html", context, status=_status(form.is_bound))


@require_safe
@web.require_role(Role.CASE_WORKER)
def open_questions(request: HttpRequest) -> HttpResponse:
    """List the questions that wait for an answer."""
    context = {
        "crumbs": _desk_crumbs(),
        "questions": questions.list_open(actor=web.actor_of(request)),
        "fields": ", ".join(questions.LISTED),
    }
    return render(request, "portal/desk/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@web.require_role(Role.CASE_WORKER)
def question(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one question, which its person sees in the access log, and take the answer."""
    actor = web.actor_of(request)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asking.answer(actor=actor, reference=reference, text=form.cleaned_data["answer"].strip(), now=timezone.now())
        messages.success(request, _("Ihre Antwort ist zugestellt."))
        return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": reverse("portal:questions")})
    context = {
        "crumbs": _desk_crumbs(reference),
        "question": questions.get_question(actor=actor, reference=reference),
        "form": form,
        "fields": ", ".join(questions.FIELDS),
    }
    return render(request, "portal/desk/question.html", context, status=_status(form.is_bound))


def _desk_crumbs(reference: str = "") -> list[tuple[str, str]]:
    way = [(_("Arbeitsplatz"), "/arbeitsplatz/"), (_("Fragen"), "/arbeitsplatz/fragen/" if reference else "")]
    return [*way, (reference, "")] if reference else way


def _status(sent: bool) -> int:  # noqa: FBT001 -- whether a form was sent.
    return HTTPStatus.BAD_REQUEST if sent else HTTPStatus.OK
