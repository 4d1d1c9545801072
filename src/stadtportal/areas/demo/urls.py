"""The pages under ``/demo/``."""

from __future__ import annotations

from django.urls import path

from stadtportal.areas.demo import views

app_name = "demo"
urlpatterns = [
    path("anmelden/", views.sign_in, name="sign_in"),
    path("postausgang/", views.outbox, name="outbox"),
    path("postausgang/<int:pk>/", views.mail, name="mail"),
    path("postausgang/<int:pk>/anhang/<int:number>/", views.attachment, name="attachment"),
    path("bundid/", views.bundid, name="bundid"),
    path("bundid/antwort/", views.bundid_answer, name="bundid_answer"),
]
