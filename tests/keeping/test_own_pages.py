"""What people do on the pages about their own data."""

import io
import re
import time
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions import erasing
from stadtportal.kernel.trust.actions.exporting import run_export
from stadtportal.kernel.trust.models import ExportJob
from tests.courses.conftest import new_actor
from tests.keeping.conftest import CANARY, NOW, Bird, make_bird
from tests.keeping.test_erasing import tables_with

pytestmark = pytest.mark.django_db
EXPORT, ERASE = "/mein/daten/export/", "/mein/daten/loeschen/"


def signed_in(bird: Bird, *, ago: timedelta = timedelta(0)) -> Client:
    """Sign in by password, so long ago."""
    client = Client(headers={"accept": "text/html"})
    email = Person.objects.get(pk=bird.id).email
    assert client.post("/konto/anmelden/", {"login": email, "password": "Neckar-und-Weinberg-7"}).status_code == 302
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - ago.total_seconds()
    session.save()
    return client


@pytest.fixture
def bird(db: None) -> Bird:  # noqa: ARG001 -- people are rows.
    """Somebody whose only second means would be a passkey that does not exist; so a password alone."""
    made = make_bird()
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    return made


def finish_export(bird: Bird) -> int:
    with trust.system("Test"):
        job = ExportJob.objects.get(person_id=bird.id)
    run_export(job_id=job.pk, now=NOW)
    return job.pk


def test_asking_waiting_and_fetching(bird: Bird) -> None:
    client = signed_in(bird)
    assert client.post(EXPORT)["Location"] == EXPORT
    assert "wartet und beginnt gleich" in client.get(EXPORT).content.decode()
    with trust.system("Test"):
        ExportJob.objects.update(state="running", done=4, total=17, what="Vorgänge")
    page = client.get(EXPORT).content.decode()
    assert "Schritt 4 von 17: Vorgänge" in page
    assert re.search(r'<progress max="17" value="4"', page)
    job_id = finish_export(bird)
    page = client.get(EXPORT).content.decode()
    assert f"{EXPORT}{job_id}/archiv.zip" in page
    answer = client.get(f"{EXPORT}{job_id}/archiv.zip")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file answer streams.
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_what_is_missing_is_said_on_the_page(bird: Bird, settings: Any, tmp_path: Any) -> None:  # noqa: ANN401 -- fixtures.
    settings.BUILD = tmp_path
    client = signed_in(bird)
    client.post(EXPORT)
    finish_export(bird)
    settings.BUILD = settings.ROOT / "build"
    page = client.get(EXPORT).content.decode()
    assert "Im Archiv fehlt etwas" in page
    assert "PDF zum Lesen:" in page


def test_an_old_sign_in_does_not_fetch_nor_erase(bird: Bird) -> None:
    client = signed_in(bird, ago=timedelta(minutes=16))
    client.post(EXPORT)
    job_id = finish_export(bird)
    for page in (f"{EXPORT}{job_id}/archiv.zip", ERASE):
        assert client.get(page)["Location"].startswith("/konto/bestaetigen/?next=")
    assert client.post(ERASE, {"email": Person.objects.get(pk=bird.id).email})["Location"] == ERASE
    assert Person.objects.filter(pk=bird.id).exists()
    client.post(f"/konto/bestaetigen/?next={ERASE}", {"password": "Neckar-und-Weinberg-7"})
    assert client.get(ERASE).status_code == 200


def test_whoever_signs_in_by_code_is_asked_to_sign_in_anew(bird: Bird) -> None:
    person = Person.objects.get(pk=bird.id)
    person.set_unusable_password()
    person.save()
    client = Client(headers={"accept": "text/html"})
    client.force_login(person)
    answer = client.get(ERASE)
    assert (answer.status_code, "noch einmal an" in answer.content.decode()) == (403, True)
    found = re.search(r'name="next" value="([^"]+)"', answer.content.decode())
    assert found
    assert unquote(client.post("/konto/abmelden/", {"next": found[1]})["Location"]) == f"/konto/anmelden/?next={ERASE}"


def test_nobody_elses_archive_can_be_fetched(bird: Bird) -> None:
    client = signed_in(bird)
    client.post(EXPORT)
    job_id = finish_export(bird)
    other = make_bird()
    from allauth.mfa.models import Authenticator

    Authenticator.objects.all().delete()
    assert signed_in(other).get(f"{EXPORT}{job_id}/archiv.zip").status_code == 404


def test_the_dry_run_is_shown_and_only_the_right_address_erases(bird: Bird) -> None:
    client = signed_in(bird)
    email = Person.objects.get(pk=bird.id).email
    page = client.get(ERASE).content.decode()
    assert "Kursbuchungen: 1 Eintrag" in page
    assert "gelöscht ist noch nichts" in page
    for typed in ("", "ja", f"x{email}"):
        answer = client.post(ERASE, {"email": typed})
        assert (answer.status_code, "Fehler:" in answer.content.decode()) == (422, True)
    assert Person.objects.filter(pk=bird.id).exists()
    mail.outbox.clear()
    answer = client.post(ERASE, {"email": f" {email.upper()} "})
    assert (answer.status_code, answer["Location"]) == (302, "/mein/daten/geloescht/")
    assert tables_with(CANARY) | tables_with(str(bird.id)) == set()
    assert [(message.to, message.subject) for message in mail.outbox] == [([email], "Ihr Konto ist gelöscht")]
    assert client.get("/mein/").status_code == 302
    assert Session.objects.count() == 0
    assert "Ihr Konto ist gelöscht" in client.get("/mein/daten/geloescht/").content.decode()
    assert len(erasing.journal().erased()) == 1


def test_a_mail_server_that_is_down_does_not_undo_the_erasure(bird: Bird, settings: Any) -> None:  # noqa: ANN401 -- a fixture.
    client = signed_in(bird)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    settings.EMAIL_HOST = "127.0.0.1"
    answer = client.post(ERASE, {"email": Person.objects.get(pk=bird.id).email})
    assert answer["Location"] == "/mein/daten/geloescht/?post=nein"
    assert not Person.objects.filter(pk=bird.id).exists()


def test_the_pages_show_clocks_and_the_record(bird: Bird) -> None:
    client = signed_in(bird)
    trust.accept_clock(now=NOW)
    page = client.get("/mein/daten/fristen/").content.decode()
    assert page.count("Das Nächste geht am") == 4  # known browsers, sessions, messages, looks
    assert "Letzter Lauf" in page
    record = Client().get("/transparenz/verarbeitungen.json").json()
    kinds = trust.list_kinds()
    assert [one["title"] for one in record["activities"]] == [kind.data.title for kind in kinds]
    assert all(
        one[part] for one in record["activities"] for part in ("purpose", "legal_basis", "recipients", "retention")
    )
    public = Client().get("/transparenz/verarbeitungen/").content.decode()
    assert all(f'<h2 id="{kind.slug}">' in public for kind in kinds)


def test_somebody_without_anything_gets_whole_pages() -> None:
    actor = new_actor()
    assert actor.person_id is not None
    client = Client(headers={"accept": "text/html"})
    client.force_login(Person.objects.get(pk=actor.person_id))
    for page in (EXPORT, "/mein/daten/fristen/", "/mein/daten/rechte/", "/mein/daten/"):
        assert client.get(page).status_code == 200
