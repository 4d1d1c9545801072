"""What a person gets who asks for everything."""

import dataclasses
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from stadtportal.areas.courses.area import AREA
from stadtportal.kernel.contracts import Actor, NotFound, registry
from stadtportal.kernel.people.models import Person
from stadtportal.kernel.trust import api as trust
from stadtportal.kernel.trust.actions.exporting import exports_folder, run_export, sweep_exports
from stadtportal.kernel.trust.models import ExportJob
from tests.courses.conftest import new_actor
from tests.keeping.conftest import CANARY, NOW, Bird, make_bird, unzip

pytestmark = pytest.mark.django_db


def broken(_person_id: UUID) -> Iterator[dict[str, Any]]:
    yield {"first": "row"}
    message = "the table is locked"
    raise RuntimeError(message)


def strangers(_person_id: UUID) -> Iterator[dict[str, Any]]:
    from stadtportal.areas.courses.models import Booking

    for booking in Booking.objects.all():
        yield {"whose": str(booking.person_id)}


def exported(bird: Bird) -> tuple[Path, ExportJob]:
    assert trust.start_export(person_id=bird.id, now=NOW)
    with trust.system("Test"):
        job = ExportJob.objects.get(person_id=bird.id)
    run_export(job_id=job.pk, now=NOW)
    with trust.system("Test"):
        job.refresh_from_db()
    return exports_folder() / job.file, job


def with_bookings(monkeypatch: pytest.MonkeyPatch, *, export: str) -> None:
    """Let courses export through something else."""
    kind = dataclasses.replace(AREA.personal_data[0], export=export)
    area = dataclasses.replace(AREA, personal_data=(kind,))
    monkeypatch.setattr(registry, "_areas", {**registry._areas, "courses": area})


def test_the_archive_holds_every_kind_with_a_schema_that_fits_and_words_for_every_key(bird: Bird) -> None:
    path, job = exported(bird)
    assert (job.state, job.problems, path.stat().st_mode & 0o777) == ("done", [], 0o600)
    files = unzip(path)
    listed = {entry["file"]: entry for entry in files["inhalt.json"]["contents"]}
    kinds = trust.list_kinds()
    assert {f"daten/{kind.slug}.json" for kind in kinds} | {"lesen.html", "lesen.css", "lesen.pdf"} == set(listed)
    for kind in kinds:
        data = files[f"daten/{kind.slug}.json"]
        jsonschema_rs.Draft202012Validator(files[f"schema/{kind.slug}.schema.json"]).validate(data)
        assert listed[f"daten/{kind.slug}.json"]["count"] == data["count"] == len(data["items"])
        assert keys_of(data["items"]) <= set(kind.data.words), kind.slug
    assert files["lesen.pdf"].startswith(b"%PDF-")


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_of(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_of(inner)}
    return set()


def test_the_archive_says_exactly_what_is_kept(bird: Bird) -> None:
    files = unzip(exported(bird)[0])
    account = files["daten/people-konto.json"]["items"]
    assert [(one["given_name"], one["has_password"], len(one["addresses"])) for one in account] == [
        (CANARY.title(), True, 2)
    ]
    assert [one["case"] for one in files["daten/courses-kursbuchungen.json"]["items"]] == [bird.reference]
    assert [len(one["history"]) for one in files["daten/cases-vorgange.json"]["items"]] == [1]
    assert [one["who"] for one in files["daten/trust-zugriffe-auf-ihre-daten.json"]["items"]] == [bird.clerk.shown_as]
    assert len(files["daten/inbox-nachrichten.json"]["items"]) == 2
    assert [one["name"] for one in files["daten/people-anmeldemittel.json"]["items"]] == [f"Schlüssel {CANARY}"]
    assert [one["browser"] for one in files["daten/people-sitzungen.json"]["items"]] == [f"Firefox {CANARY}"]
    page = files["lesen.html"].decode()
    assert page.count("<h1>") == 1
    assert '<html lang="de">' in page
    assert bird.reference in page


def test_no_secret_with_which_others_could_sign_in_is_in_the_archive(bird: Bird) -> None:
    person = Person.objects.get(pk=bird.id)
    path, _job = exported(bird)
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert person.password not in text
    from allauth.usersessions.models import UserSession

    assert UserSession.objects.get(user_id=bird.id).session_key not in text


def test_nothing_of_anybody_else_is_in_the_archive(bird: Bird) -> None:
    other = make_bird()
    path, _job = exported(bird)
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert other.reference not in text
    assert Person.objects.get(pk=other.id).email not in text


def test_one_area_that_fails_leaves_its_place_with_the_reason(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    with_bookings(monkeypatch, export=f"{__name__}.broken")
    path, job = exported(bird)
    assert (job.state, [title for title, _reason in job.problems]) == ("partial", ["Kursbuchungen"])
    files = unzip(path)
    assert "daten/courses-kursbuchungen.json" not in files
    missing = [entry for entry in files["inhalt.json"]["contents"] if "missing" in entry]
    assert [(entry["title"], "file" in entry) for entry in missing] == [("Kursbuchungen", False)]
    assert "Dieser Teil fehlt." in files["lesen.html"].decode()
    assert "the table is locked" not in json.dumps(files["inhalt.json"])
    assert len(files["daten/inbox-nachrichten.json"]["items"]) == 2


def test_an_area_that_would_export_a_stranger_exports_nothing(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_bird()
    with_bookings(monkeypatch, export=f"{__name__}.strangers")
    path, job = exported(bird)
    assert job.state == "partial"
    with zipfile.ZipFile(path) as archive:
        assert str(other.id) not in b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")


def test_what_json_cannot_hold_is_a_missing_part_and_not_a_broken_file(
    bird: Bird, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_bookings(monkeypatch, export=f"{__name__}.not_json")
    assert exported(bird)[1].state == "partial"


def not_json(person_id: UUID) -> Iterator[dict[str, Any]]:
    yield {"id": person_id}


def test_without_fonts_the_archive_comes_without_its_pdf_and_says_so(
    bird: Bird,
    settings: Any,  # noqa: ANN401 -- pytest-django's fixture.
    tmp_path: Path,
) -> None:
    settings.BUILD = tmp_path
    path, job = exported(bird)
    assert (job.state, [title for title, _reason in job.problems]) == ("partial", ["PDF zum Lesen"])
    assert "lesen.html" in unzip(path)


def test_asking_twice_gives_one_export(bird: Bird) -> None:
    first = trust.start_export(person_id=bird.id, now=NOW)
    assert trust.start_export(person_id=bird.id, now=NOW) == first
    run_export(job_id=first, now=NOW)
    run_export(job_id=first, now=NOW)
    assert len(list(exports_folder().glob("*.zip"))) == 1


def test_a_new_export_takes_the_place_of_the_old_one(
    bird: Bird,
    django_capture_on_commit_callbacks: Any,  # noqa: ANN401 -- pytest-django's fixture.
) -> None:
    path, _job = exported(bird)
    with django_capture_on_commit_callbacks(execute=True):
        trust.start_export(person_id=bird.id, now=NOW + timedelta(hours=1))
    assert not path.exists()


def test_an_archive_is_there_for_seven_days_and_then_gone(bird: Bird) -> None:
    path, job = exported(bird)
    last = NOW + timedelta(days=7)
    assert trust.open_export(actor=bird.actor, job_id=job.pk, now=last) == (path, NOW)
    with pytest.raises(NotFound):
        trust.open_export(actor=bird.actor, job_id=job.pk, now=last + timedelta(seconds=1))
    with trust.system("Test"):
        assert sweep_exports(now=last) == 0
        assert sweep_exports(now=last + timedelta(seconds=1)) == 1
    assert not path.exists()


def test_nobody_else_opens_an_archive(bird: Bird) -> None:
    _path, job = exported(bird)
    for somebody in (new_actor(), bird.clerk, Actor()):
        with pytest.raises(NotFound):
            trust.open_export(actor=somebody, job_id=job.pk, now=NOW)


def test_an_export_that_loses_its_account_leaves_no_file(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is erased after everything was read and before the archive is published."""
    from stadtportal.kernel.trust.actions import exporting
    from stadtportal.kernel.trust.engine.archive import write_archive as write

    job_id = trust.start_export(person_id=bird.id, now=NOW)

    def write_and_erase(target: Path, **facts: Any) -> None:  # noqa: ANN401 -- as the function it stands for.
        write(target, **facts)
        trust.erase_person(person_id=bird.id, now=NOW)

    monkeypatch.setattr(exporting, "write_archive", write_and_erase)
    with pytest.raises(exporting.ExportGone):
        run_export(job_id=job_id, now=NOW)
    assert list(exports_folder().iterdir()) == []


def test_a_full_disk_is_a_failed_export_and_no_half_file(bird: Bird, monkeypatch: pytest.MonkeyPatch) -> None:
    from stadtportal.kernel.trust.actions import exporting

    def full(target: Path, **_facts: Any) -> None:  # noqa: ANN401 -- as the function it stands for.
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "write_archive", full)
    assert exported(bird)[1].state == "failed"
    assert list(exports_folder().iterdir()) == []


def test_progress_is_told_kind_by_kind(bird: Bird, tmp_path: Path) -> None:
    told: list[tuple[int, int | None, str]] = []
    trust.write_export(person_id=bird.id, target=tmp_path / "a.zip", now=NOW, progress=lambda *step: told.append(step))
    total = len(trust.list_kinds()) + 3
    assert [done for done, _total, _what in told] == list(range(total + 1))
    assert told[-1] == (total, total, "Fertig")


def test_the_sweep_takes_what_belongs_to_nobody_and_leaves_what_is_about_to_be_published(bird: Bird) -> None:
    path, _job = exported(bird)
    nobodys = exports_folder() / "0123.zip"
    nobodys.write_bytes(b"x")
    with trust.system("Test"):
        assert sweep_exports(now=NOW + timedelta(minutes=30)) == 0
        assert sweep_exports(now=NOW + timedelta(hours=2)) == 1
    assert (path.exists(), nobodys.exists()) == (True, False)
