"""Pages that go wrong on purpose, and a page with every component, for the tests of this folder."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from stadtportal.kernel.contracts import NotFound, RuleBroken
from stadtportal.kernel.web.api import TooManyRequests, rate_limited
from stadtportal.project.urls import urlpatterns as portal_pages

CLOSED_PORT: dict[str, Any] = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "nothing",
    "USER": "nobody",
    "PASSWORD": "",
    "HOST": "127.0.0.1",
    "PORT": "1",
    "OPTIONS": {},
    "TIME_ZONE": None,
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": False,
    "AUTOCOMMIT": True,
    "ATOMIC_REQUESTS": False,
    "TEST": {},
}

PAGE = """{% extends "web/base.html" %}{% load portal %}{% block title %}Probe{% endblock %}
{% block content %}<h1>Probe</h1>{% error_summary form %}<form method="post" novalidate>{% csrf_token %}
{% field form "name" "aus Ihrem Konto" %}{% field form "email" %}{% field form "price" %}{% field form "days" %}
{% field form "district" %}{% field form "born" %}{% field form "agreed" %}
<button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">Weiter</span></button></form>
{% status_badge "Gebucht" "success" %}{% status_badge "Beendet" "neutral" %}{% occupancy 9 12 %}
<p>{{ 9600|cents }} {{ 0|price }} {{ 3|plural:"Platz,Plätze" }}</p>
<ol class="results"><li class="result" id="treffer-1"><a href="#a">Erster Treffer</a></li>
<li class="result" id="treffer-2"><a href="#b">Zweiter Treffer</a></li></ol>
{% include "web/components/map.html" with inline="punkte" label="Karte der Probe" attribution="Eigene Daten" %}
{{ points|json_script:"punkte" }}{% endblock %}"""


class ProbeForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="Wie im Ausweis.")
    email = forms.EmailField(label="E-Mail-Adresse", required=False)
    price = forms.ChoiceField(label="Preis", choices=[("a", "Normal"), ("b", "Ermäßigt")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Tage",
        required=False,
        choices=[("mo", "Montag"), ("di", "Dienstag")],
        widget=forms.CheckboxSelectMultiple,
    )
    district = forms.ChoiceField(label="Stadtbezirk", choices=[("", "Bitte wählen"), ("mitte", "Mitte")])
    born = forms.DateField(label="Geburtsdatum")
    agreed = forms.BooleanField(label="Ich stimme zu", error_messages={"required": "Ohne Zustimmung geht es nicht."})


def probe(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    form = ProbeForm(request.POST if request.method == "POST" else None)
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [9.0 + number / 10, 48.78]},
            "properties": {"id": number, "title": title},
        }
        for number, title in ((1, "Erster Treffer"), (2, "Zweiter Treffer"))
    ]
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form, "points": points}, request))


def fail(request: HttpRequest, how: str) -> HttpResponse:  # noqa: ARG001 -- Django hands it in.
    """Go wrong in the way named."""
    match how:
        case "400":
            raise SuspiciousOperation
        case "403":
            raise PermissionDenied
        case "404":
            raise Http404
        case "gone":
            raise NotFound("Diesen Kurs gibt es nicht mehr.")
        case "409":
            raise RuleBroken("Der Kurs ist inzwischen voll.")
        case "429":
            raise TooManyRequests("Bitte warten Sie 2 Minuten.", retry_after=120)
        case "503":
            DatabaseWrapper(CLOSED_PORT).ensure_connection()
    raise ZeroDivisionError


def outlines(request: HttpRequest, layer: str) -> JsonResponse:  # noqa: ARG001 -- Django hands them in.
    """Give the map one square to draw."""
    ring = [[9.1, 48.7], [9.3, 48.7], [9.3, 48.9], [9.1, 48.9], [9.1, 48.7]]
    square = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": square, "properties": {"name": "Mitte"}}
    return JsonResponse({"type": "FeatureCollection", "features": [feature]})


@rate_limited(name="probe", limit=2, per_seconds=60)
def limited(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django hands it in.
    """Answer twice a minute."""
    return HttpResponse("ok")


urlpatterns = [
    path("probe/", probe),
    path("fehler/<str:how>/", fail),
    path("begrenzt/", limited),
    path("karte/<str:layer>.json", outlines),
    # The frame leads to pages of other packages.
    *portal_pages,
]
handler400 = "stadtportal.kernel.web.views.bad_request"
handler403 = "stadtportal.kernel.web.views.permission_denied"
handler404 = "stadtportal.kernel.web.views.page_not_found"
handler500 = "stadtportal.kernel.web.views.server_error"
