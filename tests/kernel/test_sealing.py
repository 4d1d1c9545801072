"""Sealed fields: ciphertext in the database, text in Python, and a clear word for everything that does not open."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.trust import api as trust
from stadtportal.project.cli import main

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
IBAN = "DE02120300000000202051"
PURPOSE = "bank account"
pytestmark = pytest.mark.django_db


class Account(models.Model):
    """A table of these tests only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    holder = models.TextField()
    iban = trust.SealedTextField(purpose=PURPOSE, null=True, row="id")
    iban_print = trust.FingerprintField(of="iban")
    remark = trust.SealedTextField(purpose="remark", null=True, row="id")

    objects: models.Manager["Account"] = models.Manager()

    class Meta:
        app_label = "sealing_probe"

    def __str__(self) -> str:
        return self.holder


@pytest.fixture(autouse=True)
def key_ring(tmp_path: Path) -> Iterator[Path]:
    """A key ring of this test alone."""
    with override_settings(KEYRING=tmp_path / "keyring.json"):
        yield tmp_path / "keyring.json"


@pytest.fixture(autouse=True)
def table(db: None) -> Iterator[None]:  # noqa: ARG001 -- a table needs a database.
    with connection.schema_editor() as editor:
        editor.create_model(Account)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Account)


def stored(column: str = "iban") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealing_probe_account ORDER BY holder")  # noqa: S608 -- a column of ours.
        return [value for (value,) in cursor.fetchall()]


def test_a_dump_of_the_table_shows_no_clear_text() -> None:
    Account.objects.create(holder="Lena", iban=IBAN, remark="Nussallergie")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM sealing_probe_account a")
        (dump,) = (line for (line,) in cursor.fetchall())
    assert "Lena" in dump
    assert IBAN not in dump
    assert "Nuss" not in dump
    assert Account.objects.get().iban == IBAN
    assert Account.objects.get().remark == "Nussallergie"


def test_equal_texts_are_found_by_their_fingerprint_alone() -> None:
    for holder in ("Lena", "Omar"):
        Account.objects.create(holder=holder, iban=IBAN)
    Account.objects.create(holder="Kim", iban="DE89370400440532013000")
    first, second, third = stored()
    assert len({first, second, third}) == 3  # Equal texts look different.
    wanted = trust.fingerprint(IBAN, purpose=PURPOSE)
    assert sorted(a.holder for a in Account.objects.filter(iban_print=wanted)) == ["Lena", "Omar"]
    assert trust.fingerprint(IBAN, purpose="remark") != wanted
    lena = Account.objects.get(holder="Lena")
    lena.iban = None
    lena.save()
    assert Account.objects.get(holder="Lena").iban_print is None
    assert [a.holder for a in Account.objects.filter(iban__isnull=True)] == ["Lena"]


@pytest.mark.parametrize("lookup", ["iban", "iban__contains", "iban__in", "iban__gt", "iban__startswith"])
def test_lookups_that_would_compare_ciphertexts_are_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match="fingerprint"):
        Account.objects.filter(**{lookup: [IBAN]}).exists()


def test_clear_text_never_reaches_a_statement() -> None:
    account = Account.objects.create(holder="Lena", iban=IBAN)
    with pytest.raises(trust.SealingError, match="save"), transaction.atomic():
        Account.objects.update(iban="DE89370400440532013000")
    account.iban = "DE89370400440532013000"
    with pytest.raises(trust.SealingError, match="save"), transaction.atomic():
        Account.objects.bulk_update([account], ["iban"])
    Account.objects.bulk_create([Account(holder="Omar", iban=IBAN)])
    assert Account.objects.get(holder="Omar").iban == IBAN
    assert IBAN not in repr(list(Account.objects.values_list("iban", flat=True)))


def test_saving_a_row_for_another_field_leaves_the_sealed_text_as_it_is() -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    before = stored()
    account = Account.objects.get()
    account.holder = "Lena Muster"
    account.save()
    assert stored() == before
    deferred = Account.objects.defer("iban").get()
    assert deferred.iban == IBAN
    account.refresh_from_db()
    assert account.iban == IBAN


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    Account.objects.create(holder="Omar", iban="DE89370400440532013000")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sealing_probe_account SET iban = (SELECT iban FROM sealing_probe_account WHERE holder = 'Lena')"
            " WHERE holder = 'Omar'"
        )
    with pytest.raises(trust.SealingError, match="andere Zeile"):
        _ = Account.objects.get(holder="Omar").iban
    assert Account.objects.get(holder="Lena").iban == IBAN


def test_a_ciphertext_moved_to_another_field_does_not_open() -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sealing_probe_account SET remark = iban")
    with pytest.raises(trust.SealingError, match="anderes Feld"):
        _ = Account.objects.get().remark


def test_a_changed_ciphertext_and_a_text_that_is_not_sealed_do_not_open() -> None:
    sealed = trust.seal("geheim", purpose="a")
    head, body = sealed[:15], sealed[15:]
    changed = head + ("B" if body[0] == "A" else "A") + body[1:]
    for broken in (changed, sealed[:25], sealed + "=", "geheim", "s1..", "s2" + sealed[2:], ""):
        with pytest.raises(trust.SealingError):
            trust.unseal(broken, purpose="a")
    with pytest.raises(trust.SealingError, match="öffnet sich nicht als „b“"):
        trust.unseal(sealed, purpose="b")


@given(text=st.text(), purpose=st.text(min_size=1))
def test_every_text_opens_again(text: str, purpose: str) -> None:
    assert trust.unseal(trust.seal(text, purpose=purpose), purpose=purpose) == text


def test_the_key_ring_is_for_its_owner_only(key_ring: Path) -> None:
    sealed = trust.seal("geheim", purpose="a")
    assert key_ring.stat().st_mode & 0o777 == 0o600
    key_ring.chmod(0o640)
    with pytest.raises(trust.SealingError, match="chmod 600"):
        trust.unseal(sealed, purpose="a")


def test_a_lost_key_ring_is_not_replaced_by_a_new_one(key_ring: Path) -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    away = key_ring.with_name("away")
    key_ring.rename(away)
    with pytest.raises(trust.SealingError, match="aus seiner Sicherung"):
        _ = Account.objects.get().iban
    with pytest.raises(trust.SealingError, match="aus seiner Sicherung"), transaction.atomic():
        Account.objects.create(holder="Omar", iban=IBAN)
    assert not key_ring.exists()
    away.rename(key_ring)
    assert Account.objects.get().iban == IBAN


def test_a_ring_with_another_key_says_which_key_is_missing(key_ring: Path) -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    (key,) = trust.list_keys()
    held = json.loads(key_ring.read_text())
    held["keys"][0]["id"] = "other"
    key_ring.write_text(json.dumps(held))
    with pytest.raises(trust.SealingError, match=f"„{key.id}“ fehlt"):
        _ = Account.objects.get().iban


def test_a_wrong_key_under_the_right_name_does_not_open(key_ring: Path) -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    held = json.loads(key_ring.read_text())
    held["keys"][0]["secret"] = held["index"]
    key_ring.write_text(json.dumps(held))
    with pytest.raises(trust.SealingError, match="falscher Schlüssel"):
        _ = Account.objects.get().iban


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 1, "index": "AAAA", "keys": []}'])
def test_a_damaged_key_ring_is_named(key_ring: Path, damage: str) -> None:
    key_ring.write_text(damage)
    key_ring.chmod(0o600)
    with pytest.raises(trust.SealingError, match="beschädigt"):
        trust.seal("geheim", purpose="a")


def test_rotating_seals_everything_anew_and_only_then_lets_the_old_key_go() -> None:
    for number in range(3):
        Account.objects.create(holder=f"Person {number}", iban=IBAN, remark="x")
    (old,) = (key.id for key in trust.list_keys())
    prints = stored("iban_print")
    new = trust.add_key(now=NOW)
    later = NOW + timedelta(hours=2)
    with pytest.raises(trust.SealingError, match="noch gebraucht"):
        trust.retire_key(old, now=later)
    seen: list[int] = []
    result = trust.reseal_everything(lambda done, _total, _what: seen.append(done))
    assert (result.done, result.broken) == (6, 0)
    assert seen[:6] == [1, 2, 3, 4, 5, 6]
    assert {trust.key_id_of(text) for text in stored() + stored("remark")} == {new}
    assert trust.reseal_everything().done == 0
    with pytest.raises(trust.SealingError, match="eben erst"):
        trust.retire_key(old, now=NOW + timedelta(minutes=5))
    trust.retire_key(old, now=later)
    with pytest.raises(trust.SealingError, match="versiegelt gerade"):
        trust.retire_key(new, now=later)
    assert [key.id for key in trust.list_keys()] == [new]
    assert {a.iban for a in Account.objects.all()} == {IBAN}
    assert stored("iban_print") == prints


def test_one_damaged_row_does_not_keep_the_others_under_the_old_key() -> None:
    for holder in ("Kim", "Lena", "Omar"):
        Account.objects.create(holder=holder, iban=IBAN)
    (old,) = (key.id for key in trust.list_keys())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sealing_probe_account SET iban = iban || 'A' WHERE holder = 'Lena'")
    new = trust.add_key(now=NOW)
    result = trust.reseal_everything()
    assert (result.done, result.broken) == (2, 1)
    assert [trust.key_id_of(text) for text in stored()] == [new, old, new]
    with pytest.raises(trust.SealingError, match="noch gebraucht"):
        trust.retire_key(old, now=NOW + timedelta(days=1))


def test_a_field_bound_to_a_number_the_database_gives_is_refused() -> None:
    class Numbered(models.Model):  # noqa: DJ008 -- never shown.
        text = trust.SealedTextField(purpose="a")

        class Meta:
            app_label = "sealing_probe_numbered"
            managed = False

    assert [error.id for error in Numbered.check() if str(error.id).startswith("trust.")] == ["trust.E001"]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run ``stadtportal keys`` on the database of the tests."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://the-tests-are-connected-already/")
    return lambda *argv: main(["keys", *argv])


def test_the_command_rotates_lists_and_retires(
    command: Callable[..., int], capsys: pytest.CaptureFixture[str], key_ring: Path
) -> None:
    Account.objects.create(holder="Lena", iban=IBAN)
    (old,) = (key.id for key in trust.list_keys())
    assert command("rotate") == 0
    assert "Neu versiegelt: 1. Nicht zu öffnen: 0." in capsys.readouterr().out
    assert command("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(old)
    assert lines[0].endswith("nicht in Gebrauch")
    assert lines[1].endswith("versiegelt  in Gebrauch")
    assert command("retire", old) == 2
    assert "Warten Sie noch eine Stunde" in capsys.readouterr().err
    assert command("retire", "unknown") == 2
    assert command() == 2
    assert "secret" not in capsys.readouterr().out
    assert json.loads(key_ring.read_text())["keys"][0]["id"] == old
