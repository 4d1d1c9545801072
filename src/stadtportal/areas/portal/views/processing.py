"""The record of processing activities (Art. 30 GDPR), as it follows from what areas declare."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from stadtportal.areas.portal.queries.processing import get_record


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the record to everybody."""
    context = {"crumbs": [(_("Verarbeitungen"), "")], "record": get_record()}
    return render(request, "portal/processing.html", context)


@require_safe
@cache_control(max_age=300)
def record_json(_request: HttpRequest) -> JsonResponse:
    """Give the record to programs."""
    return JsonResponse(get_record(), json_dumps_params={"ensure_ascii": False, "indent": 1})
