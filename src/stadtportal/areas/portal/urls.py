"""The addresses of the pages that belong to no single area."""

from django.urls import path, re_path

from stadtportal.areas.portal.views import delegation, delegation_desk, mine, proof, public, sitemap

app_name = "portal"
urlpatterns = [
    path("", public.front, name="front"),
    path("suche/", public.search, name="search"),
    path("suche/karte.json", public.search_map, name="search_map"),
    path("bezirk/<slug:slug>/", public.district, name="district"),
    re_path(r"^(?P<slug>barrierefreiheit|datenschutz|impressum|quellen|ranking)/$", public.page, name="page"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:after>.xml", sitemap.sitemap_part, name="sitemap_part"),
    path("mein/", mine.mine, name="mine"),
    path("mein/vorgaenge/", mine.case_list, name="cases"),
    path("mein/vorgaenge/<str:reference>/", mine.case_detail, name="case"),
    path("mein/postfach/", mine.message_list, name="inbox"),
    path("mein/postfach/<int:message_id>/", mine.message_detail, name="message"),
    path("mein/kalender/", mine.calendar, name="calendar"),
    path("mein/kalender.ics", mine.calendar_file, name="calendar_file"),
    path("mein/daten/", mine.data, name="data"),
    path("mein/daten/protokoll/<int:seq>/", proof.look, name="look"),
    path("mein/daten/pruefen/", proof.check, name="proof"),
    path("mein/daten/pruefen/beweis.json", proof.bundle, name="proof_bundle"),
    path("mein/daten/pruefen/beleg.pdf", proof.receipt, name="proof_receipt"),
    path("mein/vertretung/", delegation.overview, name="delegations"),
    path("mein/vertretung/einladen/", delegation.invite, name="delegation_invite"),
    path("mein/vertretung/kind/", delegation.add_child, name="delegation_child"),
    path("mein/vertretung/betreuung/", delegation.request_care, name="delegation_care"),
    path("mein/vertretung/organisation/", delegation.request_organisation, name="delegation_organisation"),
    path("mein/vertretung/<int:delegation_id>/annehmen/", delegation.accept, name="delegation_accept"),
    path("mein/vertretung/<int:delegation_id>/ablehnen/", delegation.decline, name="delegation_decline"),
    path("mein/vertretung/<int:delegation_id>/beenden/", delegation.end, name="delegation_end"),
    path("mein/vertretung/<int:delegation_id>/handeln/", delegation.act, name="delegation_act"),
    path("mein/vertretung/<int:delegation_id>/teilen/", delegation.share_child, name="delegation_share"),
    path("mein/vertretung/<int:delegation_id>/weitergeben/", delegation.pass_on, name="delegation_pass_on"),
    path("mein/vertretung/<int:delegation_id>/zugriffe/", delegation.looks, name="delegation_looks"),
    path("arbeitsplatz/vertretungen/", delegation_desk.requests, name="delegation_requests"),
    path("arbeitsplatz/vertretungen/beenden/", delegation_desk.revoke, name="delegation_revoke"),
    path(
        "arbeitsplatz/vertretungen/<int:delegation_id>/bestaetigen/", delegation_desk.confirm, name="delegation_confirm"
    ),
    path("arbeitsplatz/vertretungen/<int:delegation_id>/ablehnen/", delegation_desk.refuse, name="delegation_refuse"),
    path("arbeitsplatz/", mine.workplace, name="workplace"),
]
