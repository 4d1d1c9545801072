"""All URLs: each area under its own prefixes, and the few that belong to the kernel."""

from django.urls import URLPattern, URLResolver, include, path

from stadtportal.kernel.contracts import registry
from stadtportal.project.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", include("stadtportal.kernel.people.urls")),
    path("konto/", include("stadtportal.kernel.people.urls.levels")),
    path("arbeitsplatz/identitaet/", include("stadtportal.kernel.people.urls.counter")),
    path("api/v1/", api.urls),
    path("karte/", include("stadtportal.kernel.city.urls")),
    path("", include("stadtportal.kernel.trust.urls")),
    path("", include("stadtportal.kernel.web.urls")),
    *(path(prefix, include(module)) for area in registry.areas() for prefix, module in area.mounts.items()),
]
handler400 = "stadtportal.kernel.web.views.bad_request"
handler403 = "stadtportal.kernel.web.views.permission_denied"
handler404 = "stadtportal.kernel.web.views.page_not_found"
handler500 = "stadtportal.kernel.web.views.server_error"
