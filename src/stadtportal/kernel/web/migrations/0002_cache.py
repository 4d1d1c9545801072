"""The table of the shared cache, which counts attempts to sign in. Unlogged: after a crash counting starts anew."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Create what ``createcachetable`` would, so that ``migrate`` is enough."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("web", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.RunSQL(
            sql=[
                """
                CREATE UNLOGGED TABLE IF NOT EXISTS web_cache (
                    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
                )
                """,
                "CREATE INDEX IF NOT EXISTS web_cache_expires ON web_cache (expires)",
            ],
            reverse_sql="DROP TABLE web_cache",
        ),
    ]
