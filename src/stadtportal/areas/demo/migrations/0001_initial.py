"""Mail that was not sent, runs of example courses, and when data was written."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Create the three tables."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sender", models.TextField()),
                ("recipients", models.TextField()),
                ("subject", models.TextField()),
                ("text", models.TextField()),
                ("source", models.BinaryField()),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="CourseRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="demo_courserun_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seeding",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("checksum", models.CharField(max_length=64)),
                ("seeded_on", models.DateField()),
            ],
        ),
    ]
