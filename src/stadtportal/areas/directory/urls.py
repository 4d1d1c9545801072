"""The addresses of places and of those who run them."""

from __future__ import annotations

from django.urls import path

from stadtportal.areas.directory import views

app_name = "directory"

urlpatterns = [
    path("orte/", views.categories, name="categories"),
    path("orte/kategorie/<slug:slug>/", views.category, name="category"),
    path("orte/<slug:slug>/", views.place, name="place"),
    path("anbieter/", views.organisations, name="organisations"),
    path("anbieter/<slug:slug>/", views.organisation, name="organisation"),
]
