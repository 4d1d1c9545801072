"""What the doctor asks the database: version, extensions, tables, jobs, the city pack."""

import os
from collections.abc import Iterator, Mapping

import psycopg

from stadtportal.project.runtime import stamps
from stadtportal.project.runtime.database import DatabaseError, EmbeddedDatabase, data_folder, database_url
from stadtportal.project.runtime.findings import Finding, bad, good, note

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "vector")


def look_at_database(env: Mapping[str, str]) -> Iterator[Finding]:
    """Examine the database an environment names. The embedded one is started for it, if it was ever set up."""
    if env.get("DATABASE_URL"):
        yield from _look_inside(env)
        return
    database = EmbeddedDatabase(data_folder(env))
    try:
        if not database.place.cluster.exists() and not database.place.is_elsewhere():
            yield note("Datenbank", "noch nicht angelegt", "„stadtportal up“ legt sie beim ersten Start an.")
            return
        with database:
            yield good("Ort der Datenbank", f"{database.place.base}, Konto „{database.place.account().name}“")
            yield from _look_inside(env)
    except DatabaseError as error:
        yield bad("Datenbank", "nicht benutzbar", str(error))


def _look_inside(env: Mapping[str, str]) -> Iterator[Finding]:
    """Examine a database that should answer."""
    try:
        with psycopg.connect(database_url(env), connect_timeout=10, autocommit=True) as connection:
            version = connection.info.server_version // 10_000
            available = {name for (name,) in connection.execute("SELECT name FROM pg_available_extensions")}
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        yield bad("Datenbank", f"antwortet nicht: {reason}", "Prüfen Sie DATABASE_URL und ob der Server läuft.")
        return
    if version < OLDEST:
        yield bad("Datenbank", f"PostgreSQL {version}", f"Nötig ist PostgreSQL {OLDEST} oder neuer.")
    else:
        yield good("Datenbank", f"PostgreSQL {version} antwortet")
    if missing := sorted(set(EXTENSIONS) - available):
        yield bad(
            "Erweiterungen",
            f"es fehlen: {', '.join(missing)}",
            "Installieren Sie auf dem Datenbankserver die Pakete „postgresql-contrib“ und „pgvector“.",
        )
    else:
        yield good("Erweiterungen", ", ".join(EXTENSIONS))
    have = stamps.read(database_url(env))
    yield from _look_with_django(have)


def _look_with_django(have: Mapping[str, str]) -> Iterator[Finding]:
    """Examine what only Django knows: tables that are due, settings that do not load, jobs that hang."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadtportal.project.settings")
    try:
        import django  # noqa: PLC0415 -- loaded here, so that the doctor can say so when it fails

        django.setup()
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever keeps the settings from loading is the finding
        yield bad("Einstellungen", f"laden nicht: {error}", "Prüfen Sie die Umgebungsvariablen (docs/operating.md).")
        return
    from django.db import connection  # noqa: PLC0415 -- after the setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- after the setup

    executor = MigrationExecutor(connection)
    if due := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield bad("Tabellen", f"{len(due)} Änderungen stehen aus", "Führen Sie „stadtportal migrate“ aus.")
        return
    yield good("Tabellen", "auf dem neuesten Stand")
    if "city" in have:
        yield good("Stadtpaket", "geladen")
    else:
        yield note("Stadtpaket", "nicht geladen", "Führen Sie „stadtportal city load“ aus.")
    yield from _look_at_jobs()
    connection.close()


def _look_at_jobs() -> Iterator[Finding]:
    """Whether somebody does the work that is queued."""
    from django.db import connection  # noqa: PLC0415 -- after the setup

    from stadtportal.kernel.jobs.api import list_stalled  # noqa: PLC0415 -- after the setup

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed') "
            "FROM procrastinate_jobs WHERE coalesce(scheduled_at, now()) <= now() - interval '5 minutes' "
            "OR status = 'failed' OR id IN (SELECT job_id FROM procrastinate_events "
            "WHERE type = 'deferred' AND at <= now() - interval '5 minutes')"
        )
        waiting, failed = cursor.fetchone() or (0, 0)
    stalled = len(list_stalled())
    if waiting or stalled:
        yield note(
            "Aufträge",
            f"{waiting} warten länger als fünf Minuten, {stalled} sind hängen geblieben",
            "Läuft der Hintergrunddienst? „stadtportal worker“ startet ihn; Hängengebliebenes nimmt er wieder auf.",
        )
    elif failed:
        yield note("Aufträge", f"{failed} sind endgültig gescheitert", "Der Grund steht im Protokoll des Dienstes.")
    else:
        yield good("Aufträge", "keiner wartet zu lange")
