"""What happens behind the pages: meaning is encoded soon after a change, words and uses are counted by night."""

from __future__ import annotations

from django.utils import timezone

from stadtportal.kernel.jobs import api as jobs
from stadtportal.kernel.search.actions import encode_glossary, encode_pending, refresh_vocabulary, sum_uses
from stadtportal.kernel.search.actions.writing import ENCODE


@jobs.task(ENCODE)
def encode() -> None:
    """Encode the entries that wait; the glossary first, which is seldom and short."""
    encode_glossary()
    encode_pending()


@jobs.periodic_task("search.refresh_vocabulary", cron="10 3 * * *")
def refresh_words() -> None:
    """Count words anew by night: those of entries long gone must not be suggested any more."""
    refresh_vocabulary()


@jobs.periodic_task("search.sum_uses", cron="40 2 * * *")
def sum_up() -> None:
    """Take the day's uses into the ranking."""
    sum_uses(today=timezone.localdate())
