"""The access log, and the manager that makes it impossible to forget."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.query import ModelIterable

from stadtportal.kernel.contracts import Mandate
from stadtportal.kernel.trust.engine.commitment import commitment_of
from stadtportal.kernel.trust.models.log import Checkpoint, Leaf, SubjectHead, Tile, Unsequenced
from stadtportal.kernel.trust.rules import Reading, UnaccountedRead

__all__ = [
    "AccessEvent",
    "BreachAddressee",
    "BreachNotice",
    "Checkpoint",
    "Consent",
    "ConsentEvent",
    "DataRight",
    "ExportJob",
    "Fact",
    "Handover",
    "Leaf",
    "LegalHold",
    "PersonalManager",
    "PersonalQuerySet",
    "RetentionRun",
    "SharingStop",
    "SubjectHead",
    "Tile",
    "Unsequenced",
    "current_mandate",
    "current_reading",
]

M = TypeVar("M", bound=models.Model)

#: The read that is open in this thread or task, if any.
current_reading: ContextVar[Reading | None] = ContextVar("current_reading", default=None)
#: By what mandate this request acts for somebody, if by any.
current_mandate: ContextVar[Mandate | None] = ContextVar("current_mandate", default=None)


_HARMLESS = (models.Count, models.Sum, models.Avg)


def _by_machinery() -> bool:
    reading = current_reading.get()
    return reading is not None and reading.actor is None


def _open_reading(model: type[models.Model]) -> Reading:
    reading = current_reading.get()
    if reading is None:
        message = f"{model.__name__} rows were fetched outside trust.reading, trust.own or trust.system"
        raise UnaccountedRead(message)
    return reading


class PersonalQuerySet(models.QuerySet[M]):
    """Rows about people. Fetching them needs an open reading; the model itself notes whose row each one is.

    Counting and testing for existence are free: they tell nobody anything about a person they do not already
    single out. ``values()`` is refused, as its rows do not say whose they are.
    """

    def _fetch_all(self) -> None:
        fetched: list[Any] | None = self._result_cache
        if fetched is None:
            self._check()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """Stream rows."""
        self._check()
        yield from super().iterator(chunk_size=chunk_size)

    def _check(self) -> None:
        reading = _open_reading(self.model)
        if reading.actor is not None and not issubclass(self._iterable_class, ModelIterable):
            message = f"values() of {self.model.__name__} hides whose rows they are; fetch instances"
            raise UnaccountedRead(message)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's signature.
        """Count and sum freely; whatever could carry a value of one row away (``Min``, ``ArrayAgg``) is refused."""
        if any(not isinstance(one, _HARMLESS) for one in (*args, *kwargs.values())) and not _by_machinery():
            message = f"aggregates of {self.model.__name__} beyond counts and sums hide whose rows they are"
            raise UnaccountedRead(message)
        return super().aggregate(*args, **kwargs)


def _guarded(make: Callable[..., Any], subject: str) -> Callable[..., Any]:
    """Wrap ``Model.from_db``, through which every row of the database becomes an instance."""

    def from_db(cls: type[models.Model], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- Django's signature.
        reading = _open_reading(cls)
        row = make(cls, *args, **kwargs)
        if (whose := getattr(row, subject)) is not None:
            reading.saw(whose, cls._meta.label)
        return row

    return from_db


class PersonalManager(models.Manager[M]):
    """A manager for models about people; ``subject`` is the attribute that holds whose row it is."""

    def __init__(self, subject: str = "person_id") -> None:
        super().__init__()
        self.subject = subject

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        """Guard the model itself too: ``select_related`` from elsewhere and ``raw`` make rows without this manager."""
        super().contribute_to_class(cls, name)
        if "from_db" not in vars(cls):
            cls.from_db = classmethod(_guarded(cls.from_db.__func__, self.subject))  # type: ignore[method-assign,assignment,attr-defined]  # the one place that wraps it.

    def get_queryset(self) -> PersonalQuerySet[M]:
        """Return guarded rows."""
        return PersonalQuerySet[M](self.model, using=self._db)


class AccessEvent(models.Model):
    """Somebody looked at a person's data: who, what, why, when. Shown to that person at ``/mein/daten/``.

    ``subj_seq`` numbers the events of one person from 1, ``subj_prev`` is the commitment of the one before (empty for
    the first), ``salt`` hides the event behind its own commitment. ``reason`` is what staff stated.
    """

    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_events")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    actor_name = models.TextField()
    purpose = models.TextField()
    legal_basis = models.TextField()
    fields = ArrayField(models.TextField())
    case_reference = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    salt = models.BinaryField()
    subj_seq = models.BigIntegerField()
    subj_prev = models.BinaryField()

    class Meta:
        """A person's events are numbered without gaps; that index also lists them, newest first."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["subject", "subj_seq"], name="access_event_chain")]

    def __str__(self) -> str:
        """Say who looked why."""
        return f"{self.actor_name}: {self.purpose}"

    def as_event(self) -> dict[str, str | int | list[str]]:
        """Return what the commitment is over; times are UTC to the microsecond, bytes hexadecimal."""
        return {
            "actor": self.actor_name,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "case": self.case_reference,
            "fields": list(self.fields),
            "legal_basis": self.legal_basis,
            "purpose": self.purpose,
            "reason": self.reason,
            "subj_prev": bytes(self.subj_prev).hex(),
            "subj_seq": self.subj_seq,
            "subject": str(self.subject_id),
        }

    def commitment(self) -> bytes:
        """Return the 32 bytes that stand for this event in the tree."""
        return commitment_of(self.as_event(), bytes(self.salt))


from stadtportal.kernel.trust.models.keeping import (  # noqa: E402 -- they need the manager that is defined above.
    BreachAddressee,
    BreachNotice,
    DataRight,
    ExportJob,
    LegalHold,
    RetentionRun,
)
from stadtportal.kernel.trust.models.sharing import (  # noqa: E402 -- as above.
    Consent,
    ConsentEvent,
    Handover,
    SharingStop,
)
from stadtportal.kernel.trust.models.vault import Fact  # noqa: E402 -- as above.
