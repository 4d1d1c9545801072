"""Two imports at once, as two processes of two operators would run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from stadtportal.kernel.city.models import Place
from stadtportal.kernel.search import api as search
from tests.city.conftest import PACK, node

RUN = """
import sys
import django
django.setup()
from pathlib import Path
from stadtportal.kernel.city import api
from stadtportal.kernel.city.actions import importing
importing.BATCH = 50
print("bereit", flush=True)
sys.stdin.readline()
report = api.import_osm(Path(sys.argv[1]))
print(report.created, report.updated, report.unchanged, flush=True)
"""


def database_url() -> str:
    """Return the address of the test database for another process."""
    given = connection.settings_dict
    return f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_place_once(tmp_path: Path) -> None:
    from stadtportal.kernel.city import api

    api.load_city(folder=PACK)
    before = search.count_entries()
    lines = [json.dumps(node(number, name=f"Café {number}", amenity="cafe")) for number in range(1000, 1600)]
    one, other = tmp_path / "eins.ndjson", tmp_path / "zwei.ndjson"
    one.write_text("\n".join(lines))
    other.write_text("\n".join(reversed(lines)))
    env = os.environ | {"DATABASE_URL": database_url()}
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, str(file)], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for file in (one, other)
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "bereit\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("los\n")
        run.stdin.flush()
    counts = [[int(number) for number in run.communicate(timeout=120)[0].split()] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(created for created, _, _ in counts) == 600
    assert [sum(three) for three in counts] == [600, 600]
    assert Place.objects.filter(origin="import").count() == 600
    assert search.count_entries() - before == 600
