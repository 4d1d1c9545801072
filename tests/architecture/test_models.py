"""What import-linter cannot see: foreign keys named by string."""

from django.apps import apps

from stadtportal.kernel.contracts import registry

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
