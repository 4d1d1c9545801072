"""The pages about levels of assurance, under ``/konto/``."""

from __future__ import annotations

from django.urls import path

from stadtportal.kernel.people.views import bundid, levels

app_name = "levels"
urlpatterns = [
    path("nachweis/", levels.levels, name="levels"),
    path("nachweis/angaben/", levels.attributes, name="attributes"),
    path("nachweis/angaben/loeschen/", levels.remove, name="remove"),
    path("nachweis/anheben/", levels.step_up, name="step_up"),
    path("code/", levels.code, name="code"),
    path("bundid/", bundid.set_out, name="bundid_set_out"),
    path("bundid/antwort/", bundid.answer, name="bundid_answer"),
    path("bundid/weiter/", bundid.come_back, name="bundid_return"),
    path("bundid/verbinden/", bundid.connect, name="bundid_connect"),
    path("bundid/trennen/", bundid.disconnect, name="bundid_disconnect"),
    path("bundid/metadata.xml", bundid.metadata, name="bundid_metadata"),
]
