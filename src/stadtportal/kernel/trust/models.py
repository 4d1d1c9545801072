"""The access log, and the manager that makes it impossible to forget."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from stadtportal.kernel.trust.rules import Reading, UnaccountedRead

M = TypeVar("M", bound=models.Model)

#: The read that is open in this thread or task, if any.
current_reading: ContextVar[Reading | None] = ContextVar("current_reading", default=None)


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
    """Rows about people. Fetching them needs an open reading, which notes each subject.

    Counting and testing for existence are free: they tell nobody anything about a person they do not already
    single out. ``values()`` is refused, as its rows do not say whose they are.
    """

    subject: str = "person_id"

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # a private method of Django, unknown to its stubs.
        clone.subject = self.subject
        return clone

    def _fetch_all(self) -> None:
        fetched: list[Any] | None = self._result_cache
        if fetched is not None:
            super()._fetch_all()
            return
        reading = self._open_reading()
        super()._fetch_all()
        for row in self._result_cache or []:
            self._note(reading, row)

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """Stream rows; each one is noted as it passes."""
        reading = self._open_reading()
        for row in super().iterator(chunk_size=chunk_size):
            self._note(reading, row)
            yield row

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 -- Django's signature.
        """Count and sum freely; whatever could carry a value of one row away (``Min``, ``ArrayAgg``) is refused."""
        if any(not isinstance(one, _HARMLESS) for one in (*args, *kwargs.values())) and not _by_machinery():
            message = f"aggregates of {self.model.__name__} beyond counts and sums hide whose rows they are"
            raise UnaccountedRead(message)
        return super().aggregate(*args, **kwargs)

    def _open_reading(self) -> Reading:
        return _open_reading(self.model)

    def _note(self, reading: Reading, row: object) -> None:
        if not isinstance(row, models.Model):
            if reading.actor is None:
                return
            message = f"values() of {self.model.__name__} hides whose rows they are; fetch instances"
            raise UnaccountedRead(message)
        subject: UUID | None = getattr(row, self.subject)
        if subject is not None:
            reading.saw(subject)


def _guarded(make: Callable[..., Any], subject: str) -> Callable[..., Any]:
    """Wrap ``Model.from_db``, through which every row of the database becomes an instance."""

    def from_db(cls: type[models.Model], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- Django's signature.
        reading = _open_reading(cls)
        row = make(cls, *args, **kwargs)
        if (whose := getattr(row, subject)) is not None:
            reading.saw(whose)
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
        rows = PersonalQuerySet[M](self.model, using=self._db)
        rows.subject = self.subject
        return rows


class AccessEvent(models.Model):
    """Somebody looked at a person's data: who, what, why, when. Shown to that person at ``/mein/daten/``."""

    subject = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_events")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    actor_name = models.TextField()
    purpose = models.TextField()
    legal_basis = models.TextField()
    fields = ArrayField(models.TextField())
    case_reference = models.TextField(blank=True)

    class Meta:
        """Read by subject, newest first."""

        indexes: ClassVar = [models.Index(fields=["subject", "-at", "-id"], name="access_event_by_subject")]

    def __str__(self) -> str:
        """Say who looked why."""
        return f"{self.actor_name}: {self.purpose}"
