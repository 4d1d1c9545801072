"""The source files as these tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "stadtportal"
CODE = ("src", "tests", "bench", "tools")


def packages() -> list[Path]:
    """Return the folder of every kernel package and every area; ``contracts`` is plain words that all of them share."""
    return sorted(
        folder
        for layer in ("kernel", "areas")
        for folder in (SOURCE / layer).iterdir()
        if folder.is_dir() and (folder / "__init__.py").exists() and folder.name != "contracts"
    )


def layer_files(package: Path, layer: str) -> list[Path]:
    """Return the files of one layer of a package, be it a module or a package of the same name."""
    module = package / f"{layer}.py"
    return [module] if module.exists() else sorted((package / layer).rglob("*.py"))


def python_files(*folders: str) -> Iterator[Path]:
    """Yield all Python files but those that Django writes."""
    for folder in folders or CODE:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """Return a file as syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path, line: int = 0) -> str:
    """Return a place in the sources as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
