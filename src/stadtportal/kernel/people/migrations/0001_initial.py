"""People and their roles."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Create the two tables."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = [("city", "0001_initial")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-Mail-Adresse")),
                ("given_name", models.CharField(max_length=100, verbose_name="Vorname")),
                ("family_name", models.CharField(max_length=100, verbose_name="Nachname")),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
                ("example", models.BooleanField(default=False, verbose_name="Beispiel")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="angelegt"),
                ),
            ],
            options={
                "verbose_name": "Person",
                "verbose_name_plural": "Personen",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email")),
                            models.Q(("email", ""), _negated=True),
                        ),
                        name="people_person_email_lower",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("provider_staff", "Team eines Anbieters"),
                            ("case_worker", "Sachbearbeitung"),
                            ("operator", "Betrieb des Portals"),
                        ],
                        max_length=20,
                        verbose_name="Rolle",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="angelegt"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="city.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "Rolle",
                "verbose_name_plural": "Rollen",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "role", "organisation"),
                        name="people_staffrole_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["provider_staff", "case_worker", "operator"])),
                        name="people_staffrole_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "provider_staff"), _negated=True),
                            ("organisation__isnull", False),
                            _connector="OR",
                        ),
                        name="people_staffrole_provider_has_organisation",
                    ),
                ],
            },
        ),
    ]
