"""A form names each field, says what is wrong beside it and on top, and loses nothing that was typed."""

import re

import pytest
from django import forms
from django.template import engines
from django.test import Client

from tests.web.urls import ProbeForm

TYPED = {"name": "", "email": "lena", "district": "", "born": "31.2.2026"}


def shown(source: str, form: forms.Form) -> str:
    template = engines["django"].from_string("{% load portal %}" + source)
    return str(template.render({"form": form}))


def test_a_field_has_its_label_hint_and_source_tied_to_it() -> None:
    html = shown('{% field form "name" "aus Ihrem Konto" %}', ProbeForm())
    assert '<label class="kern-label" for="id_name">Name</label>' in html
    assert '<div class="kern-hint" id="id_name-hinweis">Wie im Ausweis.' in html
    assert "Übernommen aus Ihrem Konto" in html
    assert 'aria-describedby="id_name-hinweis"' in html
    assert 'class="kern-form-input__input"' in html
    assert "(optional)" not in html


def test_what_may_be_left_out_says_so() -> None:
    assert "(optional)" in shown('{% field form "email" %}', ProbeForm())
    assert "(optional)" in shown('{% field form "days" %}', ProbeForm())
    assert "(optional)" not in shown('{% field form "agreed" %}', ProbeForm())


def test_an_error_stands_beside_its_field_and_is_read_with_it() -> None:
    html = shown('{% field form "email" %}', ProbeForm(TYPED))
    sentence = "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.org."
    assert f'<span class="kern-body">{sentence}</span>' in html
    assert 'id="id_email-fehler"' in html
    assert 'aria-describedby="id_email-fehler"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="lena"' in html


def test_a_group_is_a_fieldset_with_one_label_per_button() -> None:
    html = shown('{% field form "price" %}', ProbeForm({"price": "b"}))
    assert '<legend class="kern-label">Preis</legend>' in html
    assert html.count('class="kern-form-check__radio"') == 2
    assert re.search(r'<input type="radio"[^>]* id="id_price_1"[^>]* checked', html)
    assert '<label class="kern-label" for="id_price_1">Ermäßigt</label>' in html


def test_the_summary_leads_to_each_field_in_the_order_of_the_form() -> None:
    html = shown("{% error_summary form %}", ProbeForm(TYPED))
    assert "Bitte prüfen Sie 6 Angaben" in html
    assert re.findall(r'<a href="(.*?)">(.*?)</a>', html) == [
        ("#id_name", "Bitte füllen Sie „Name“ aus."),
        ("#id_email", "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.org."),
        ("#id_price_0", "Bitte wählen Sie bei „Preis“ etwas aus."),
        ("#id_district", "Bitte wählen Sie bei „Stadtbezirk“ etwas aus."),
        ("#id_born", "Bitte geben Sie bei „Geburtsdatum“ ein Datum ein, zum Beispiel 31.12.2026."),
        ("#id_agreed", "Ohne Zustimmung geht es nicht."),
    ]


def test_there_is_no_summary_without_errors() -> None:
    assert shown("{% error_summary form %}", ProbeForm()).strip() == ""


def test_what_people_type_is_never_markup() -> None:
    source = '{% field form "name" %}{% status_badge form.data.name "success" %}'
    html = shown(source, ProbeForm({"name": '"><script><b>'}))
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.django_db
@pytest.mark.urls("tests.web.urls")
def test_a_whole_page_of_components_renders(client: Client) -> None:
    page = client.post("/probe/", TYPED).content.decode()
    assert "96,00 € kostenlos 3 Plätze" in page
    assert '<rect class="occupancy__taken" width="75" height="8"/></svg><span>Noch 3 von 12 Plätzen frei</span>' in page
    assert '<span class="kern-badge kern-badge--success"><span class="kern-label">Gebucht</span></span>' in page
    assert len(page.encode()) < 30 * 1024


def test_a_new_category_without_a_drawing_still_shows_a_page() -> None:
    template = engines["django"].from_string('{% load portal %}{% icon "never-drawn" %}{{ when|relative_day }}')
    assert template.render({"when": None}).count('<svg class="icon"') == 1
