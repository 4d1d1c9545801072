"""People who do not sign in, and who may act for whom."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What no constraint of one row can say. Whoever writes, by whatever way, meets it: a delegation is for a principal of
# the right sort and held by somebody with an account; one that is passed on lies within the one it is given under,
# which cannot end meanwhile (FOR SHARE) and takes it along when it ends; what both sides agreed to never changes.
GUARD = """
CREATE FUNCTION people_delegation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sort text;
    above people_delegation%ROWTYPE;
BEGIN
    SELECT kind INTO sort FROM people_person WHERE id = NEW.principal_id;
    IF sort IS DISTINCT FROM (CASE NEW.kind WHEN 'adult' THEN 'account' WHEN 'organisation' THEN 'organisation'
                              ELSE 'dependent' END) THEN
        RAISE check_violation USING CONSTRAINT = 'people_delegation_principal_kind',
            MESSAGE = 'people_delegation_principal_kind: this kind of delegation is not for such a principal';
    END IF;
    IF NEW.agent_id IS NOT NULL THEN
        SELECT kind INTO sort FROM people_person WHERE id = NEW.agent_id;
        IF sort IS DISTINCT FROM 'account' THEN
            RAISE check_violation USING CONSTRAINT = 'people_delegation_agent_kind',
                MESSAGE = 'people_delegation_agent_kind: only somebody with an account can act';
        END IF;
    END IF;
    IF NEW.granted_under_id IS NOT NULL AND NEW.ended_at IS NULL THEN
        SELECT * INTO above FROM people_delegation WHERE id = NEW.granted_under_id FOR SHARE;
        IF above.ended_at IS NOT NULL
           OR above.granted_under_id IS NOT NULL
           OR above.principal_accepted_at IS NULL
           OR above.agent_accepted_at IS NULL
           OR above.principal_id <> NEW.principal_id
           OR NEW.expires_at > above.expires_at
           OR (NEW.may_act AND NOT above.may_act)
           OR NOT (cardinality(above.areas) = 0 OR (cardinality(NEW.areas) > 0 AND NEW.areas <@ above.areas)) THEN
            RAISE check_violation USING CONSTRAINT = 'people_delegation_within',
                MESSAGE = 'people_delegation_within: what is passed on must lie within what its giver has';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.principal_id, OLD.kind, OLD.granted_under_id) IS DISTINCT FROM
           (NEW.principal_id, NEW.kind, NEW.granted_under_id) OR
           (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) OR
           (OLD.agent_id IS NOT NULL AND NEW.agent_id IS DISTINCT FROM OLD.agent_id) OR
           (OLD.principal_accepted_at IS NOT NULL AND OLD.agent_accepted_at IS NOT NULL AND
            (OLD.areas, OLD.may_act, OLD.starts_at, OLD.expires_at, OLD.principal_accepted_at, OLD.agent_accepted_at)
            IS DISTINCT FROM
            (NEW.areas, NEW.may_act, NEW.starts_at, NEW.expires_at, NEW.principal_accepted_at, NEW.agent_accepted_at))
        THEN
            RAISE check_violation USING CONSTRAINT = 'people_delegation_settled',
                MESSAGE = 'people_delegation_settled: what was agreed to or has ended does not change';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_delegation_guard BEFORE INSERT OR UPDATE ON people_delegation
    FOR EACH ROW EXECUTE FUNCTION people_delegation_guard();

CREATE FUNCTION people_delegation_end_below() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE people_delegation SET ended_at = NEW.ended_at, ended_how = 'ended', ended_by_id = NEW.ended_by_id
     WHERE granted_under_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER people_delegation_end_below AFTER UPDATE OF ended_at ON people_delegation
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION people_delegation_end_below();
"""
UNGUARD = """
DROP TRIGGER people_delegation_end_below ON people_delegation;
DROP FUNCTION people_delegation_end_below();
DROP TRIGGER people_delegation_guard ON people_delegation;
DROP FUNCTION people_delegation_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_assurance"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_email", models.EmailField(blank=True, max_length=254)),
                ("kind", models.CharField(max_length=12)),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), blank=True, default=list, size=None
                    ),
                ),
                ("may_act", models.BooleanField(default=True)),
                ("starts_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField()),
                ("principal_accepted_at", models.DateTimeField(null=True)),
                ("agent_accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_how", models.CharField(blank=True, max_length=12)),
                ("evidence", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Represented",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="represented",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("birth_date", models.DateField(null=True, verbose_name="Geburtsdatum")),
                ("register_entry", models.TextField(blank=True, verbose_name="Registereintrag oder Aktenzeichen")),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="kind",
            field=models.CharField(default="account", max_length=12, verbose_name="Art"),
        ),
        migrations.AlterField(
            model_name="person",
            name="email",
            field=models.EmailField(max_length=254, null=True, unique=True, verbose_name="E-Mail-Adresse"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email__isnull", False), ("kind", "account")),
                    models.Q(
                        ("email", None), ("kind__in", ["dependent", "organisation"]), ("password__startswith", "!")
                    ),
                    _connector="OR",
                ),
                name="people_person_signs_in_or_not",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="agent",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="granted_under",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="passed_on", to="people.delegation"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="principal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="principal_accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="represented",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(
                condition=models.Q(("agent", None), ("ended_at", None)),
                fields=["invited_email"],
                name="people_delegation_invited",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal", models.F("agent")), _negated=True),
                name="people_delegation_not_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["adult", "child", "care", "organisation"]),
                    ("ended_how__in", ["", "declined", "withdrawn", "refused", "ended", "expired", "revoked"]),
                ),
                name="people_delegation_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("expires_at"))), name="people_delegation_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("agent", None), ("invited_email", ""), _connector="XOR"),
                name="people_delegation_agent_or_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("agent_accepted_at", None), ("agent__isnull", False), _connector="OR"),
                name="people_delegation_accepted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_how", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_how", ""), _negated=True)),
                    _connector="OR",
                ),
                name="people_delegation_end_is_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("granted_under", None), ("kind", "organisation"), _connector="OR"),
                name="people_delegation_passed_on_by_organisations",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("principal", "agent"), name="people_delegation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agent", None), ("ended_at", None)),
                fields=("principal", "invited_email"),
                name="people_delegation_invited_once",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
