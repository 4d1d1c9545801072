"""The public addresses of the access log, as C2SP tlog-tiles wants them."""

from django.urls import path, re_path

from stadtportal.kernel.trust import views

app_name = "trust"
_TILE = r"^transparenz/log/tile/(?P<level>entries|\d{1,2})/(?P<path>(?:x\d{3}/){0,4}\d{3})"
urlpatterns = [
    path("transparenz/log/", views.log_page, name="log"),
    path("transparenz/log/checkpoint", views.checkpoint, name="checkpoint"),
    path("transparenz/log/key", views.key, name="key"),
    re_path(rf"{_TILE}$", views.tile, name="tile"),
    re_path(rf"{_TILE}\.p/(?P<width>[1-9]\d{{0,2}})$", views.partial_tile, name="partial_tile"),
]
