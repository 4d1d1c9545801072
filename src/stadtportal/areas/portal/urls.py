"""The addresses of the pages that belong to no single area."""

from django.urls import path, re_path

from stadtportal.areas.portal.views import mine, own_data, public, questions, sharing, sitemap, vault

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
    path("mein/daten/", own_data.data, name="data"),
    path("mein/daten/zugriffe/", own_data.looks, name="looks"),
    path("mein/daten/zugriffe/<int:look_id>/frage/", questions.ask, name="ask"),
    path("mein/daten/angaben/", vault.facts, name="facts"),
    path("mein/daten/angaben/neu/<slug:kind>/", vault.new_fact, name="new_fact"),
    path("mein/daten/angaben/<uuid:fact_id>/", vault.fact, name="fact"),
    path("mein/daten/angaben/<uuid:fact_id>/loeschen/", vault.remove, name="remove_fact"),
    path("mein/daten/einwilligungen/", sharing.consents, name="consents"),
    path("mein/daten/einwilligungen/<uuid:consent_id>/geben/", sharing.give, name="give_consent"),
    path("mein/daten/einwilligungen/<uuid:consent_id>/widerrufen/", sharing.withdraw, name="withdraw_consent"),
    path("mein/daten/einwilligungen/beleg/<uuid:event_id>.jsonld", sharing.receipt, name="receipt"),
    path("mein/daten/anbieter/", sharing.received, name="received"),
    path("mein/daten/weitergeben/", sharing.switch, name="sharing"),
    path("mein/daten/weitergeben/stoppen/", sharing.stop, name="stop_sharing"),
    path("mein/daten/weitergeben/erlauben/", sharing.resume, name="resume_sharing"),
    path("arbeitsplatz/fragen/", questions.open_questions, name="questions"),
    path("arbeitsplatz/fragen/<str:reference>/", questions.question, name="question"),
    path("arbeitsplatz/", mine.workplace, name="workplace"),
]
