"""What import-linter cannot see: foreign keys named by string."""

import inspect

from django.apps import apps
from django.utils.module_loading import import_string

from stadtportal.kernel.contracts import PersonalData, registry

KERNEL_ORDER = ("web", "documents", "trust", "search", "city", "inbox", "people", "cases", "payments", "partners")


def owner(module: str) -> str:
    parts = module.split(".")
    return f"{parts[1]}.{parts[2]}" if parts[0] == "stadtportal" else "elsewhere"


def test_no_foreign_key_leads_from_one_area_into_another_or_from_the_kernel_into_an_area() -> None:
    crossings = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and owner(field.related_model.__module__).startswith("areas.")
        and owner(field.related_model.__module__) != owner(model.__module__)
    ]
    assert crossings == []


def test_kernel_foreign_keys_lead_downwards_except_to_the_person() -> None:
    crossings = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if owner(model.__module__).startswith("kernel.")
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and owner(field.related_model.__module__).startswith("kernel.")
        and field.related_model._meta.label != "people.Person"
        and KERNEL_ORDER.index(owner(field.related_model.__module__)[7:])
        > KERNEL_ORDER.index(owner(model.__module__)[7:])
    ]
    assert crossings == []


def test_every_field_of_a_model_about_a_person_is_declared() -> None:
    declared: dict[str, set[str]] = {}
    for kinds in registry.personal_data().values():
        for kind in kinds:
            for model, fields in kind.models.items():
                declared.setdefault(model, set()).update(fields)
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("stadtportal.")
        and any(
            field.is_relation
            and not field.auto_created
            and field.related_model
            and field.related_model._meta.label == "people.Person"
            for field in model._meta.get_fields()
        )
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in declared.get(model._meta.label, set())
    ]
    assert missing == []


def declared_kinds() -> list[tuple[str, PersonalData]]:
    return [(owner, kind) for owner, kinds in registry.personal_data().items() for kind in kinds]


def takes(path: str) -> tuple[list[str], list[str]]:
    """Return the positional and the keyword-only parameters of a function named by its dotted path."""
    parameters = inspect.signature(import_string(path)).parameters.values()
    return (
        [one.name.lstrip("_") for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD],
        [one.name for one in parameters if one.kind is one.KEYWORD_ONLY],
    )


def test_every_declared_kind_can_be_exported_and_erased() -> None:
    wrong = {
        f"{owner}: {kind.title}": (kind.export, kind.erase)
        for owner, kind in declared_kinds()
        if not kind.export
        or not kind.erase
        or takes(kind.export) != (["person_id"], [])
        or takes(kind.erase) != (["person_id"], ["now"])
    }
    assert wrong == {}


def test_every_kind_that_goes_by_the_clock_says_when_and_can_be_erased_by_it() -> None:
    wrong = {
        f"{owner}: {kind.title}"
        for owner, kind in declared_kinds()
        if kind.retention is not None
        and (
            not kind.expire
            or not kind.oldest
            or takes(kind.expire) != (["before"], ["now"])
            or takes(kind.oldest) != (["person_id"], [])
        )
    }
    assert wrong == set()


def test_declarations_name_models_and_fields_that_exist() -> None:
    wrong = [
        f"{label}.{name}"
        for _owner, kind in declared_kinds()
        for label, names in kind.models.items()
        for name in names
        if name not in {field.name for field in apps.get_model(label)._meta.get_fields()}
    ]
    assert wrong == []
