"""Delete all data of the portal in this folder, after asking; ``YES=1`` answers the question."""

from __future__ import annotations

import os
import shutil

from stadtportal.project.runtime.database import EmbeddedDatabase, data_folder


def main() -> None:
    """Ask, stop the database, delete the data folder."""
    data = data_folder(os.environ)
    if not data.exists():
        print("Es gibt keine Daten.")
        return
    question = f"Alle Daten in {data} werden gelöscht. Wirklich? [ja/nein] "
    if os.environ.get("YES") != "1" and input(question).strip().lower() != "ja":
        raise SystemExit("Nichts gelöscht.")
    EmbeddedDatabase(data).remove()
    shutil.rmtree(data)
    print("Gelöscht. „make run“ richtet das Portal neu ein.")


if __name__ == "__main__":
    main()
