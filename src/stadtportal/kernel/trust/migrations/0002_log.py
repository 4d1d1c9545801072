"""The access log becomes checkable: chains, leaves, tiles, checkpoints. Older events are chained in their order."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stadtportal.kernel.trust.engine.commitment import commitment_of, new_salt


def chain(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give events of an older portal their place behind one another; they get their leaves like new ones."""
    event_model, head_model, waiting_model = (
        apps.get_model("trust", name) for name in ("AccessEvent", "SubjectHead", "Unsequenced")
    )
    heads = {}
    for event in event_model.objects.order_by("id").iterator():
        seq, commitment = heads.get(event.subject_id, (0, b""))
        event.salt, event.subj_seq, event.subj_prev = new_salt(), seq + 1, commitment
        event.save(update_fields=["salt", "subj_seq", "subj_prev"])
        said = {
            "actor": event.actor_name,
            "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "case": event.case_reference,
            "fields": list(event.fields),
            "legal_basis": event.legal_basis,
            "purpose": event.purpose,
            "reason": "",
            "subj_prev": commitment.hex(),
            "subj_seq": seq + 1,
            "subject": str(event.subject_id),
        }
        made = commitment_of(said, event.salt)
        heads[event.subject_id] = (seq + 1, made)
        waiting_model.objects.create(event_id=event.pk, commitment=made)
    head_model.objects.bulk_create(
        head_model(subject_id=subject, seq=seq, commitment=commitment) for subject, (seq, commitment) in heads.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
                ("key", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("commitment", models.BinaryField()),
                ("event_id", models.BigIntegerField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "number"), name="trust_tile_once")],
            },
        ),
        migrations.CreateModel(
            name="Unsequenced",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("commitment", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SubjectHead",
            fields=[
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("commitment", models.BinaryField(default=bytes)),
            ],
        ),
        migrations.AddField("accessevent", "reason", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("accessevent", "salt", models.BinaryField(null=True)),
        migrations.AddField("accessevent", "subj_seq", models.BigIntegerField(null=True)),
        migrations.AddField("accessevent", "subj_prev", models.BinaryField(null=True)),
        migrations.RunPython(chain, migrations.RunPython.noop),
        # What the update above left to be checked is checked now: afterwards the table's shape may change.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("accessevent", "salt", models.BinaryField()),
        migrations.AlterField("accessevent", "subj_seq", models.BigIntegerField()),
        migrations.AlterField("accessevent", "subj_prev", models.BinaryField()),
        migrations.RemoveIndex(model_name="accessevent", name="access_event_by_subject"),
        migrations.AddConstraint(
            model_name="accessevent",
            constraint=models.UniqueConstraint(fields=("subject", "subj_seq"), name="access_event_chain"),
        ),
    ]
