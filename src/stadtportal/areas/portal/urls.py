"""The addresses of the pages that belong to no single area."""

from django.urls import path, re_path

from stadtportal.areas.portal.views import breach, keeping, mine, processing, public, rights, sitemap

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
    path("mein/daten/export/", keeping.export, name="export"),
    path("mein/daten/export/<int:job_id>/archiv.zip", keeping.export_file, name="export_file"),
    path("mein/daten/loeschen/", keeping.erase, name="erase"),
    path("mein/daten/geloescht/", keeping.erased, name="erased"),
    path("mein/daten/fristen/", keeping.clocks, name="clocks"),
    path("mein/daten/rechte/", rights.ask, name="rights"),
    path("transparenz/verarbeitungen/", processing.record, name="processing"),
    path("transparenz/verarbeitungen.json", processing.record_json, name="processing_json"),
    path("arbeitsplatz/", mine.workplace, name="workplace"),
    path("arbeitsplatz/datenschutz/", rights.desk, name="rights_desk"),
    path("arbeitsplatz/datenschutz/<str:reference>/", rights.answer, name="rights_answer"),
    path("arbeitsplatz/datenpanne/", breach.notices, name="breaches"),
    path("arbeitsplatz/datenpanne/<int:notice_id>/", breach.notice, name="breach"),
]
