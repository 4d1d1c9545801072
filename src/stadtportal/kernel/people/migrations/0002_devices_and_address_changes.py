"""Known devices, changes of addresses that can be undone, and sealed secrets of second steps."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stadtportal.kernel.people.rules import SECOND_STEP, sealed_names
from stadtportal.kernel.trust.api import seal


def seal_second_steps(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Seal the secrets that were stored in clear text until now."""

    def sealed(text: str) -> str:
        return text if text.startswith("s1.") else seal(text, purpose=SECOND_STEP)

    for kept in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn").iterator():
        data: dict[str, Any] = kept.data
        for name in sealed_names(data):
            held = data[name]
            data[name] = sealed(held) if isinstance(held, str) else [sealed(text) for text in held]
        kept.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Create two tables, seal one column."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("people", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="KnownDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64)),
                ("browser", models.TextField()),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Bekanntes Gerät",
                "verbose_name_plural": "Bekannte Geräte",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "mark"), name="people_knowndevice_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_email", models.EmailField(max_length=254)),
                ("new_email", models.EmailField(max_length=254)),
                ("changed_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "Adresswechsel", "verbose_name_plural": "Adresswechsel"},
        ),
        migrations.RunPython(seal_second_steps, migrations.RunPython.noop),
    ]
