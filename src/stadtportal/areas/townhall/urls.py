"""The addresses of services."""

from __future__ import annotations

from django.urls import path

from stadtportal.areas.townhall import views

app_name = "townhall"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.service, name="service"),
]
