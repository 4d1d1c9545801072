"""What an assertion states about a person, each with its own level."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stadtportal.kernel.contracts import AssuranceLevel
from stadtportal.kernel.people.engine.saml import names
from stadtportal.kernel.people.engine.saml.reading import check_children, only_child, text_of
from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH: Final = 500
_TRUST_LEVEL: Final = f"{{{names.AKDB}}}TrustLevel"


@dataclass(frozen=True, slots=True)
class Stated:
    """One attribute by the portal's name for it, and how sure it is."""

    name: str
    value: str
    level: AssuranceLevel


@dataclass(frozen=True, slots=True)
class Read:
    """All that is read of a statement: the level that is left, the pairwise identifier, and the attributes."""

    level: AssuranceLevel
    identifier: str
    stated: tuple[Stated, ...]


def read_attributes(statement: Any, *, level: AssuranceLevel) -> Read:  # noqa: ANN401 -- an lxml element.
    """Read the attributes the portal asked for and leave all others.

    Where class of authentication and level attribute differ, the lower one counts. No attribute is surer than the
    sign-in: who signs in weakly may not be the one whom the attribute is about. Raises ``SamlRefused``.
    """
    check_children(statement, frozenset({names.saml("Attribute")}))
    found: dict[str, tuple[str, AssuranceLevel]] = {}
    for attribute in statement:
        oid = str(attribute.get("Name") or "").strip()
        if oid not in names.REQUESTED:
            continue
        if oid in found:
            raise SamlRefused(Reason.WRAPPED, "an attribute stands twice")
        if not len(attribute):
            continue
        value = text_of(only_child(attribute, names.saml("AttributeValue")))
        if len(value) > MAX_LENGTH:
            raise SamlRefused(Reason.TOO_LARGE, "attribute value")
        stated = names.TRUST_LEVELS.get(str(attribute.get(_TRUST_LEVEL) or ""), AssuranceLevel.BASIC)
        if value:
            found[oid] = ("".join(sign for sign in value if unicodedata.category(sign) != "Cc"), stated)
    return _sorted_out(found, level)


def _sorted_out(found: Mapping[str, tuple[str, AssuranceLevel]], level: AssuranceLevel) -> Read:
    if missing := [oid for oid, required in names.REQUESTED.items() if required and oid not in found]:
        raise SamlRefused(Reason.INCOMPLETE, ", ".join(missing))
    by_attribute = names.LEVELS.get(found[names.QAA_LEVEL][0])
    if by_attribute is None:
        raise SamlRefused(Reason.LEVEL, "unknown level attribute")
    level = min(level, by_attribute)
    return Read(
        level=level,
        identifier=found[names.BPK2][0],
        stated=tuple(
            Stated(name, found[oid][0], min(found[oid][1], level))
            for oid, name in names.ATTRIBUTES.items()
            if oid in found
        ),
    )
