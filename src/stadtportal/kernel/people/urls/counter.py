"""The pages of the counter, under ``/arbeitsplatz/identitaet/``."""

from __future__ import annotations

from django.urls import path

from stadtportal.kernel.people.views import counter

app_name = "counter"
urlpatterns = [
    path("", counter.check, name="check"),
    path("pruefen/", counter.review, name="review"),
    path("schreiben/", counter.letter, name="letter"),
]
