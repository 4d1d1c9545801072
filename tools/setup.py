"""Set up what the portal needs, step by step, on a machine that has nothing but Python; skip what is done.

    python3 tools/setup.py run        environment, packages, styles and scripts
    python3 tools/setup.py dev        the same, with the packages and the browser for tests

Uses the standard library only. A step is done again when the hash over its inputs has changed; the hashes are kept in
``build/stamps``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("PORTAL_BUILD") or ROOT / "build")
STAMPS = BUILD / "stamps"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = BUILD / "setup.log"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAST_LINES = 15


def main() -> None:
    """Run the steps of the chosen kind."""
    kind = sys.argv[1] if sys.argv[1:] in (["run"], ["dev"]) else ""
    if not kind:
        fail("Aufruf: python3 tools/setup.py run|dev")
    if sys.version_info[:2] < OLDEST:
        fail(f"Nötig ist Python 3.11 oder neuer, dies ist {sys.version.split()[0]}. Setzen Sie: make PYTHON=python3.11")
    STAMPS.mkdir(parents=True, exist_ok=True)
    make_environment()
    install(kind)
    build_assets()
    if kind == "dev":
        find_browser()


def make_environment() -> None:
    """Make ``.venv``, again if the checkout was moved or its Python is gone."""
    stamp = digest([], str(VENV))
    if is_done("environment", stamp) and PYTHON.exists():
        return
    if not (PYTHON.exists() and works([PYTHON, "-c", f"import sys; sys.exit(sys.prefix != {str(VENV)!r})"])):
        say("Python-Umgebung wird angelegt")
        if not works([sys.executable, "-m", "venv", "--clear", VENV]):
            fail(f"„{sys.executable} -m venv“ scheitert. Unter Debian hilft: apt install python3-venv", LOG)
    for leftover in STAMPS.iterdir():
        leftover.unlink()
    done("environment", stamp)


def install(kind: str) -> None:
    """Install the locked packages, checked by hash, then the portal itself."""
    requirements = ROOT / "requirements"
    stamps = {name: digest([requirements / f"{name}.lock"]) for name in ("run", "dev")}
    # The packages for tests contain those to run, so an environment for tests serves both.
    if not is_done(kind, stamps[kind]) and not (kind == "run" and is_done("dev", stamps["dev"])):
        lock = requirements / f"{kind}.lock"
        pip_install(f"Pakete ({kind})", ["--require-hashes", "--no-deps", "-r", lock], lock.read_text().count("=="))
        done(kind, stamps[kind])
    own = digest([ROOT / "pyproject.toml", requirements / "build.lock"])
    if not is_done("portal", own):
        pip_install("Bauwerkzeug", ["--require-hashes", "-r", requirements / "build.lock"], 1)
        pip_install("Portal", ["--no-deps", "--no-build-isolation", "-e", ROOT], 1)
        done("portal", own)


def build_assets() -> None:
    """Build styles, scripts and catalogues when one of their sources was touched."""
    source = ROOT / "src" / "stadtportal"
    scripts = [ROOT / "tools" / name for name in ("compile_catalogues.py", "build_assets.py")]
    inputs = [*scripts, ROOT / "package-lock.json", *source.rglob("static/**/*"), *source.rglob("*.po")]
    seen = sorted(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in inputs if path.is_file())
    stamp = digest([], *seen)
    if is_done("assets", stamp) and (BUILD / "static" / "staticfiles.json").exists():
        return
    # The demo brings files of its own; collecting them harms nobody who runs without it.
    env = {**os.environ, "ENABLED_AREAS": ",".join(area_names())}
    # npm keeps its cache here, because an account need not have a home it can write to.
    env |= {"npm_config_cache": str(BUILD / "npm-cache"), "npm_config_update_notifier": "false"}
    for script in scripts:
        if script.exists() and subprocess.run([PYTHON, script], cwd=ROOT, env=env, check=False).returncode != 0:
            fail(f"{script.name} ist gescheitert. Der Grund steht darüber.")
    done("assets", stamp)


def area_names() -> list[str]:
    """All installed areas."""
    code = "from importlib.metadata import entry_points as e; print(*(p.name for p in e(group='stadtportal.areas')))"
    return subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def find_browser() -> None:
    """Have a Chromium for the journeys: the system's, Playwright's, or one installed now."""
    if any(shutil.which(name) for name in BROWSERS) or has_playwright_browser():
        return
    say("Ein Browser für die Tests wird geladen")
    if works([PYTHON, "-m", "playwright", "install", "--with-deps", "chromium"], seconds=600):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        works(["apt-get", "update"], env=env, seconds=300)
        if works(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], env=env, seconds=900):
            return
    fail("Für die Tests fehlt ein Browser. Installieren Sie Chromium, etwa mit: apt install chromium", LOG)


def has_playwright_browser() -> bool:
    """Whether Playwright has a Chromium of its own."""
    code = (
        "from pathlib import Path; from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: raise SystemExit(not Path(p.chromium.executable_path).exists())"
    )
    return works([PYTHON, "-c", code])


def pip_install(title: str, arguments: Sequence[str | Path], total: int) -> None:
    """Install with pip and show how many packages have been taken up."""
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    began, taken = time.monotonic(), 0
    with LOG.open("w") as log:
        pip = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        )
        for line in pip.stdout or ():
            log.write(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                taken += 1
                show(f"  {title}: {min(taken, total)} von {total}")
            elif line.startswith("Installing collected"):
                show(f"  {title}: wird eingerichtet")
    if pip.wait() != 0:
        fail(f"{title}: pip ist gescheitert.", LOG)
    show(f"  {title}: fertig nach {time.monotonic() - began:.0f} s\n")


def works(command: Sequence[str | Path], *, env: dict[str, str] | None = None, seconds: float = 120) -> bool:
    """Run a command with its words going to the log; False when it fails or takes too long."""
    with LOG.open("w") as log:
        try:
            return (
                subprocess.run(
                    [str(part) for part in command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=env,
                    check=False,
                    timeout=seconds,
                ).returncode
                == 0
            )
        except (OSError, subprocess.TimeoutExpired):
            return False


def digest(paths: Iterable[Path], *words: str) -> str:
    """A hash over the content of files and some words."""
    made = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        made.update(path.read_bytes())
    return made.hexdigest()


def is_done(step: str, stamp: str) -> bool:
    """Whether a step was done with these inputs."""
    kept = STAMPS / step
    return kept.exists() and kept.read_text() == stamp


def done(step: str, stamp: str) -> None:
    """Note that a step is done."""
    (STAMPS / step).write_text(stamp)


def show(line: str) -> None:
    """Show a line that the next one replaces; off a terminal only those that end with a line break."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K{line}")
    elif line.endswith("\n"):
        sys.stdout.write(line)
    sys.stdout.flush()


def say(line: str) -> None:
    """Announce a step."""
    print(f"  {line} …", flush=True)


def fail(reason: str, log: Path | None = None) -> None:
    """Say why it does not go on, with the end of a log, and end."""
    lines = log.read_text(errors="replace").splitlines()[-LAST_LINES:] if log and log.exists() else []
    raise SystemExit("\n".join([*lines, f"\n{reason}"]))


if __name__ == "__main__":
    main()
