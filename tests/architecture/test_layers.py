"""What the layers promise beyond the direction of imports: one action per view, no clock below the views."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import SOURCE, layer_files, named, packages, tree

#: Who asks the clock although it stands below the views, and why.
CLOCKS = {
    "areas/portal/queries/front.py": "a district's page is kept for a minute, so it is made without anybody's request",
    "kernel/search/actions/rebuilding.py": "a rebuild notes when it began and ended, for nobody's decision",
    "kernel/trust/actions/__init__.py": "the log says when a look truly happened; a caller must not choose that",
    "kernel/trust/engine/sealing.py": "a key ring notes when it was made, at whatever first use that is",
}
#: Two numbers that are one thing, in the order everybody writes them.
POINT = ["lat", "lon"]
CLOCK = {("timezone", "now"), ("timezone", "localtime"), ("timezone", "localdate"), ("datetime", "now"),
         ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}  # fmt: skip


def names_of_actions(module: ast.Module) -> tuple[set[str], set[str]]:
    """Return what a module calls actions by: names of modules, and names of functions."""
    modules, functions = set(), set()
    for node in ast.walk(module):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for alias in node.names:
            bound = alias.asname or alias.name
            if "actions" in node.module.split("."):
                functions.add(bound)
                modules.add(bound)
            elif alias.name == "actions":
                modules.add(bound)
    return modules, functions


def calls_of_actions(body: ast.AST, modules: set[str], functions: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(body):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in functions and name[:1].islower():
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in modules:
                yield node


def own_functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}


def reached(function: ast.FunctionDef, others: dict[str, ast.FunctionDef], seen: set[str]) -> Iterator[ast.FunctionDef]:
    """Yield a function and those of the same module that it calls, each once."""
    if function.name in seen:
        return
    seen.add(function.name)
    yield function
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in others:
            yield from reached(others[node.func.id], others, seen)


def calls_by_view(path: Path) -> dict[str, int]:
    """Return how many calls of actions stand in each function of a file of views, those it hands on to included."""
    modules, functions = names_of_actions(tree(path))
    others = own_functions(tree(path))
    return {
        name: sum(
            1 for part in reached(function, others, set()) for _call in calls_of_actions(part, modules, functions)
        )
        for name, function in others.items()
    }


def test_a_view_makes_at_most_one_action_call() -> None:
    made = {path: calls_by_view(path) for package in packages() for path in layer_files(package, "views")}
    busy = {
        f"{named(path)} {view}": count for path, views in made.items() for view, count in views.items() if count > 1
    }
    assert busy == {}
    # What calls none would pass as well: these four call exactly one.
    courses = SOURCE / "areas" / "courses" / "views"
    assert [made[courses / "desk.py"][view] for view in ("call_off", "capacity")] == [1, 1]
    assert [made[courses / "booking.py"]["cancel"], made[courses / "ordering.py"]["book"]] == [1, 1]


def asks_the_clock(path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCK
    ]


def test_rules_actions_and_queries_are_told_the_time() -> None:
    asking = {
        path.as_posix().partition("/stadtportal/")[2]
        for package in packages()
        for layer in ("rules", "actions", "queries", "models", "engine", "forms")
        for path in layer_files(package, layer)
        if asks_the_clock(path)
    }
    assert asking == set(CLOCKS)


def offered(package: Path, layer: str) -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Yield the functions a layer offers: of a package those that its ``__init__`` names, if it names any."""
    files = layer_files(package, layer)
    door = [path for path in files if path.name == "__init__.py"]
    named_there = {
        element.value
        for path in door
        for node in tree(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
        for element in node.value.elts
        if isinstance(element, ast.Constant)
    }
    for path in files:
        for node in tree(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and (not named_there or node.name in named_there)
            ):
                yield path, node


def test_all_but_the_thing_itself_is_passed_by_name() -> None:
    by_place = [
        f"{named(path, function.lineno)} {function.name}"
        for package in packages()
        for layer in ("actions", "queries")
        for path, function in offered(package, layer)
        if len(passed := [one.arg for one in function.args.posonlyargs + function.args.args]) > 1 and passed != POINT
    ]
    assert by_place == []
