"""The public addresses of the access log, as C2SP tlog-tiles wants them."""

from django.urls import path

from stadtportal.kernel.trust import views

app_name = "trust"
urlpatterns = [
    path("transparenz/log/", views.log_page, name="log"),
    path("transparenz/log/checkpoint", views.checkpoint, name="checkpoint"),
    path("transparenz/log/key", views.key, name="key"),
    path("transparenz/log/tile/<str:level>/<path:path>", views.tile, name="tile"),
]
