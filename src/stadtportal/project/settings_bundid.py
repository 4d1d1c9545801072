"""The connection to BundID, read from the environment. Every variable is listed in ``docs/operating.md``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stadtportal.project.runtime.key_pairs import kept_pair

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWER_PATH: Final = "/konto/bundid/antwort/"
METADATA_PATH: Final = "/konto/bundid/metadata.xml"
SIMULATOR_PATH: Final = "/demo/bundid/"


def bundid(env: Mapping[str, str], *, public_url: str) -> dict[str, Any] | None:
    """Return the connection, or ``None`` where nothing of it is set. Raises ``SystemExit`` where a part is missing.

    ``key``, ``certificate`` and ``their_certificates`` are PEM; the last may hold several, old and new.
    """
    words = {
        "BUNDID_IDP_ENTITY_ID": env.get("BUNDID_IDP_ENTITY_ID") or "",
        "BUNDID_IDP_URL": env.get("BUNDID_IDP_URL") or "",
        "BUNDID_SERVICE_ID": env.get("BUNDID_SERVICE_ID") or "",
    }
    files = {
        "BUNDID_KEY": env.get("BUNDID_KEY") or "",
        "BUNDID_CERTIFICATE": env.get("BUNDID_CERTIFICATE") or "",
        "BUNDID_IDP_CERTIFICATE": env.get("BUNDID_IDP_CERTIFICATE") or "",
    }
    missing = [variable for variable, value in {**words, **files}.items() if not value]
    if len(missing) == len(words) + len(files):
        return None
    if missing:
        message = f"Für BundID fehlen: {', '.join(missing)}"
        raise SystemExit(message)
    return {
        **_ours(public_url),
        "entity_id": env.get("BUNDID_ENTITY_ID") or public_url + METADATA_PATH,
        "organisation": env.get("BUNDID_ORGANISATION") or "Stadt Stuttgart",
        "service_id": words["BUNDID_SERVICE_ID"],
        "issuer": words["BUNDID_IDP_ENTITY_ID"],
        "destination": words["BUNDID_IDP_URL"],
        "key": _read("BUNDID_KEY", files),
        "certificate": _read("BUNDID_CERTIFICATE", files),
        "their_certificates": _read("BUNDID_IDP_CERTIFICATE", files),
    }


def _read(variable: str, files: Mapping[str, str]) -> bytes:
    try:
        return Path(files[variable]).read_bytes()
    except OSError as error:
        message = f"{variable} nennt eine Datei, die sich nicht lesen lässt: {files[variable]}"
        raise SystemExit(message) from error


def demo_bundid(data: Path, public_url: str) -> dict[str, Any]:
    """Return the connection to the simulator of the demo, with key pairs of its own.

    ``simulator_key`` is what the simulator signs with; only the demo has it.
    """
    key, certificate = kept_pair(data / "demo-bundid" / "portal", name="Stadtportal (Demo)")
    their_key, their_certificate = kept_pair(data / "demo-bundid" / "simulator", name="BundID-Simulator (Demo)")
    return {
        **_ours(public_url),
        "entity_id": public_url + METADATA_PATH,
        "organisation": "Stadt Stuttgart (Demo)",
        "service_id": "DEMO",
        "key": key,
        "certificate": certificate,
        "issuer": public_url + SIMULATOR_PATH,
        "destination": public_url + SIMULATOR_PATH,
        "their_certificates": their_certificate,
        "simulator_key": their_key,
    }


def _ours(public_url: str) -> dict[str, Any]:
    return {"answer_url": public_url + ANSWER_PATH}
