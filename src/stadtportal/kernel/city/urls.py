"""What the map is drawn from; mounted at ``karte/``."""

from __future__ import annotations

from django.urls import path

from stadtportal.kernel.city import views

app_name = "city"

urlpatterns = [
    path("bezirke.json", views.layer, {"key": "bezirke"}, name="districts"),
    path("parks.json", views.layer, {"key": "parks"}, name="parks"),
    path("strassen.json", views.streets, name="streets"),
]
