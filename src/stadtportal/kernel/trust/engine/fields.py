"""Model fields for sealed text: ciphertext in the database, text in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from stadtportal.kernel.trust.engine.keyring import SealingError
from stadtportal.kernel.trust.engine.places import SealedColumn
from stadtportal.kernel.trust.engine.sealing import fingerprint, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

    _Field = models.Field[Any, Any]
    _TextField = models.TextField[Any, Any]
    _CharField = models.CharField[Any, Any]
else:
    _TextField, _CharField = models.TextField, models.CharField

_ANSWERED: Final = frozenset({"isnull"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text as the database holds it, not opened yet. ``values()`` gives these, never the text."""

    ciphertext: str


class _Opening(DeferredAttribute):
    """Opens the text when it is read for the first time: whoever loads a row for other fields decrypts nothing."""

    field: SealedTextField

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:  # noqa: ANN401 -- Django's signature.
        if instance is None:
            return self
        held = super().__get__(instance, cls)
        if isinstance(held, Sealed):
            held = self.field.unseal_for(instance, held)
            instance.__dict__[self.field.attname] = held
        return held

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(SealedColumn, _TextField):
    """Text that only the portal with its key ring can read; a dump of the table shows ciphertext.

    ``purpose``, model, field and row are bound into it: a ciphertext copied into another row, column or table does not
    open. ``row`` names the attribute that tells rows apart and is known before the row is stored: a primary key that is
    a UUID, or a foreign key such as ``person_id`` where each person has one row. Searching needs a
    :class:`FingerprintField` beside it; comparing, sorting in SQL and ``update(field="text")`` are refused.
    """

    descriptor_class = _Opening

    def __init__(self, *args: Any, purpose: str, row: str = "pk", **kwargs: Any) -> None:  # noqa: ANN401 -- Django's.
        super().__init__(*args, **kwargs)
        self.purpose = purpose
        self.row = row

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Say for migrations how this field is made."""
        name, _path, arguments, named = super().deconstruct()
        named |= {"purpose": self.purpose, "row": self.row}
        return name, "stadtportal.kernel.trust.api.SealedTextField", arguments, named

    def check(self, **kwargs: Any) -> list[CheckMessage]:  # noqa: ANN401 -- Django's signature.
        """Refuse a row that has no number yet when it is stored, and indexes that cannot find anything."""
        found = super().check(**kwargs)
        if isinstance(self._row_field(), models.AutoField):
            found.append(
                Error(
                    f"{self} is bound to {self.row!r}, which the database gives only after the text is sealed.",
                    hint='Use a UUID as primary key, or row="person_id" where each person has one row.',
                    obj=self,
                    id="trust.E001",
                )
            )
        if self.unique or getattr(self, "db_index", False):
            found.append(Error(f"An index on {self} compares ciphertexts.", obj=self, id="trust.E002"))
        return found

    def _row_field(self) -> _Field:
        meta = self.model._meta  # noqa: SLF001 -- Django documents _meta.
        if self.row == "pk":
            return meta.pk
        return next(field for field in meta.concrete_fields if self.row in {field.name, field.attname})

    @property
    def row_column(self) -> str:
        """The column whose value is bound."""
        return self._row_field().column or ""

    def context(self, row: object) -> tuple[str, ...]:
        """Return what is bound beside the purpose: model, field, row."""
        return (self.model._meta.label_lower, self.name, str(row))  # noqa: SLF001 -- as above.

    def _context_of(self, instance: models.Model) -> tuple[str, ...]:
        row = getattr(instance, self._row_field().attname)
        if row is None:
            raise SealingError(f"{self} cannot be sealed while {self.row!r} is unknown")
        return self.context(row)

    def unseal_for(self, instance: models.Model, held: Sealed) -> str:
        """Return the text of that row. Raises ``SealingError``."""
        return unseal(held.ciphertext, purpose=self.purpose, context=self._context_of(instance))

    def from_db_value(
        self,
        value: str | None,
        expression: object,  # noqa: ARG002 -- Django's signature.
        connection: BaseDatabaseWrapper,  # noqa: ARG002 -- as above.
    ) -> Sealed | None:
        """Leave what comes from the database closed."""
        return None if value is None else Sealed(value)

    def to_python(self, value: object) -> Any:  # noqa: ANN401 -- Django's signature.
        """Leave a closed text closed."""
        return value if isinstance(value, Sealed) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: FBT001 -- Django's signature.
        """Seal for this row; a text nobody opened stays as it is, unless it moves into a new row."""
        held = model_instance.__dict__.get(self.attname)
        if add or not isinstance(held, Sealed):
            held = getattr(model_instance, self.attname)
        if held is None or isinstance(held, Sealed):
            return held
        return Sealed(seal(str(held), purpose=self.purpose, context=self._context_of(model_instance)))

    def get_prep_value(self, value: object) -> str | None:
        """Return the ciphertext. Clear text never reaches a statement. Raises ``SealingError``."""
        if value is None:
            return None
        if isinstance(value, Sealed):
            return value.ciphertext
        raise SealingError(f"{self} holds sealed text: change it through save(), search it by its fingerprint")

    def get_lookup(self, lookup_name: str) -> Any:  # noqa: ANN401 -- Django's signature.
        """Answer whether there is a text; everything else would compare ciphertexts."""
        if lookup_name not in _ANSWERED:
            raise FieldError(f"{self} holds sealed text: {lookup_name!r} cannot be answered; use its fingerprint")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:  # noqa: ANN401 -- Django's signature.
        """Refuse transforms as :meth:`get_lookup` does."""
        raise FieldError(f"{self} holds sealed text: {lookup_name!r} cannot be answered; use its fingerprint")


class FingerprintField(_CharField):
    """The fingerprint of a sealed field beside it, kept up to date by itself; ``NULL`` where that is.

    Search with ``filter(iban_print=trust.fingerprint(iban, purpose=PURPOSE))``.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature.
        kwargs |= {"max_length": 64, "null": True, "editable": False}
        super().__init__(*args, **kwargs)
        self.of = of

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Say for migrations how this field is made."""
        name, _path, arguments, named = super().deconstruct()
        named["of"] = self.of
        return name, "stadtportal.kernel.trust.api.FingerprintField", arguments, named

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:  # noqa: ARG002, FBT001 -- Django's.
        """Take the fingerprint of the text."""
        sealed = model_instance._meta.get_field(self.of)  # noqa: SLF001 -- Django documents _meta.
        if not isinstance(sealed, SealedTextField):
            raise SealingError(f"{self} looks at {self.of!r}, which is not sealed")
        held = model_instance.__dict__.get(sealed.attname)
        if isinstance(held, Sealed):
            return model_instance.__dict__.get(self.attname)
        text = getattr(model_instance, sealed.attname)
        made = None if text is None else fingerprint(str(text), purpose=sealed.purpose)
        setattr(model_instance, self.attname, made)
        return made
