"""Work is found again when the worker that did it was killed."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.jobs import checks

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_name_that_no_task_answers_to_is_found_at_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.every_job_has_a_task() == []
    monkeypatch.setattr(jobs.JobName, "declared", {*jobs.JobName.declared, "nobody.does_this"})
    (error,) = checks.every_job_has_a_task()
    assert "nobody.does_this" in error.msg


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_queue")
def test_a_job_whose_worker_died_is_taken_up_again() -> None:
    jobs.defer(jobs.JobName("inbox.send_mail"), message_id=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
            " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
        )
    assert len(jobs.list_stalled()) == 1
    assert jobs.retry_stalled(now=NOW) == 1
    assert jobs.list_stalled() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs")
        assert cursor.fetchall() == [("todo",)]
