"""Packages meet at ``api.py``: it names what it offers, and hands out nothing that is still tied to the database."""

import dataclasses
import importlib
import inspect
import re
from types import ModuleType

import pytest
from django.apps import apps

from tests.architecture.sources import packages

DOORS = [
    f"stadtportal.{package.parent.name}.{package.name}.api"
    for package in packages()
    if (package / "api.py").exists() or (package / "api").is_dir()
]
#: What grows while somebody holds it, and is handed out for just that.
GROWING = {"ImportReport", "Report", "Tally", "Reading"}
TIED = {"QuerySet", "PersonalQuerySet", "Manager", "Model", "RawQuerySet"}


def offered(door: ModuleType) -> list[tuple[str, object]]:
    return [(name, getattr(door, name)) for name in door.__all__]


def tied_words(annotation: object) -> set[str]:
    """Return the models and querysets that a type names, written as text or not."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("stadtportal.")}
    return set(re.findall(r"\w+", text)) & (TIED | models)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_names_what_it_offers(name: str) -> None:
    door = importlib.import_module(name)
    assert len(door.__all__) == len(set(door.__all__))
    assert [one for one in door.__all__ if not hasattr(door, one) or one.startswith("_")] == []


@pytest.mark.parametrize("name", DOORS)
def test_a_door_hands_out_neither_rows_nor_querysets(name: str) -> None:
    tied = {
        one: words
        for one, thing in offered(importlib.import_module(name))
        if inspect.isfunction(thing) and (words := tied_words(inspect.signature(thing).return_annotation))
    }
    assert tied == {}


@pytest.mark.parametrize("name", DOORS)
def test_the_dataclasses_of_a_door_are_frozen_and_hold_no_rows(name: str) -> None:
    for one, thing in offered(importlib.import_module(name)):
        if isinstance(thing, type) and dataclasses.is_dataclass(thing):
            assert vars(thing)["__dataclass_params__"].frozen is (one not in GROWING), one
            assert {field.name for field in dataclasses.fields(thing) if tied_words(field.type)} == set(), one
