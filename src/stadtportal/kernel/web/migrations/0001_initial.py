"""The table of rate limits; not logged, since losing it in a crash only resets the counts."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Create the table."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("hits", models.PositiveIntegerField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="ratewindow",
            index=models.Index(fields=["expires_at"], name="web_ratewindow_expires"),
        ),
        migrations.RunSQL(
            "ALTER TABLE web_ratewindow SET UNLOGGED",
            "ALTER TABLE web_ratewindow SET LOGGED",
        ),
    ]
