"""People who hold an account, and the roles of those who work here."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stadtportal.kernel.contracts import Role
from stadtportal.kernel.people.models.assurance import (
    BundIdLink,
    BundIdRequest,
    ConfirmedAttribute,
    CounterCheck,
    UsedAssertion,
)
from stadtportal.kernel.people.rules.delegation import Ending, Kind, PersonKind

__all__ = [
    "AddressChange",
    "BundIdLink",
    "BundIdRequest",
    "ConfirmedAttribute",
    "CounterCheck",
    "Delegation",
    "KnownDevice",
    "Person",
    "Represented",
    "StaffRole",
    "UsedAssertion",
]


class Person(AbstractBaseUser):
    """Somebody with an account, or a person or body that does not sign in and is acted for (``kind``).

    The address is kept in lower case; the database refuses anything else. Who does not sign in has no address and no
    password; the database refuses both. ``example`` marks people invented for demonstration; nobody else can be signed
    in by one click.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Typed as text: whoever signs in has one, and code that meets others asks for ``kind`` first.
    email: models.EmailField[str | None, str] = models.EmailField(  # type: ignore[misc]  # noqa: DJ001 -- several have no address, and "" could stand only once.
        _("E-Mail-Adresse"),
        max_length=254,
        unique=True,
        null=True,
    )
    kind = models.CharField(_("Art"), max_length=12, default=PersonKind.ACCOUNT.value)
    given_name = models.CharField(_("Vorname"), max_length=100)
    family_name = models.CharField(_("Nachname"), max_length=100)
    is_active = models.BooleanField(_("aktiv"), default=True)
    example = models.BooleanField(_("Beispiel"), default=False)
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now, editable=False)

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name", "family_name"]

    class Meta:
        """How people are kept."""

        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="people_person_email_lower",
                condition=models.Q(email=Lower("email")) & ~models.Q(email=""),
            ),
            models.CheckConstraint(
                name="people_person_signs_in_or_not",
                condition=Q(kind=PersonKind.ACCOUNT.value, email__isnull=False)
                | Q(
                    kind__in=[PersonKind.DEPENDENT.value, PersonKind.ORGANISATION.value],
                    email=None,
                    password__startswith="!",  # noqa: S106 -- how Django marks a password that never matches.
                ),
            ),
        ]

    def __str__(self) -> str:
        """Return the full name."""
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return given and family name, or the address while there is no name."""
        return f"{self.given_name} {self.family_name}".strip() or self.email or ""


class KnownDevice(models.Model):
    """A browser in which somebody has signed in before, so that signing in anywhere else is noticed.

    ``mark`` is a keyed hash of the person and a random cookie. The same browser has another mark for another person, so
    that the table does not tell who shares one.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices")
    mark = models.CharField(max_length=64)
    browser = models.TextField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        """How they are kept."""

        verbose_name = _("Bekanntes Gerät")
        verbose_name_plural = _("Bekannte Geräte")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="people_knowndevice_once", fields=["person", "mark"]),
        ]

    def __str__(self) -> str:
        """Return the browser in words."""
        return self.browser


class AddressChange(models.Model):
    """A change of the sign-in address that its old address may undo for a while."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    changed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        """How they are kept."""

        verbose_name = _("Adresswechsel")
        verbose_name_plural = _("Adresswechsel")

    def __str__(self) -> str:
        """Return both addresses."""
        return f"{self.old_email} → {self.new_email}"


class StaffRole(models.Model):
    """One role one person holds, for one organisation or, without one, for the whole portal."""

    class Kind(models.TextChoices):
        """The roles that can be given; everybody signed in is a resident anyway."""

        PROVIDER_STAFF = Role.PROVIDER_STAFF.value, _("Team eines Anbieters")
        CASE_WORKER = Role.CASE_WORKER.value, _("Sachbearbeitung")
        OPERATOR = Role.OPERATOR.value, _("Betrieb des Portals")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(_("Rolle"), max_length=20, choices=Kind)
    organisation = models.ForeignKey(
        "city.Organisation", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now, editable=False)

    class Meta:
        """How roles are kept."""

        verbose_name = _("Rolle")
        verbose_name_plural = _("Rollen")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="people_staffrole_once",
                fields=["person", "role", "organisation"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="people_staffrole_known",
                condition=models.Q(role__in=["provider_staff", "case_worker", "operator"]),
            ),
            models.CheckConstraint(
                name="people_staffrole_provider_has_organisation",
                condition=~models.Q(role="provider_staff") | models.Q(organisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Return the role in words."""
        return self.get_role_display()


class Represented(models.Model):
    """What is known of a person or body that does not sign in, as those who act for it stated it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="represented"
    )
    birth_date = models.DateField(_("Geburtsdatum"), null=True)
    register_entry = models.TextField(_("Registereintrag oder Aktenzeichen"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        """Return whose facts these are."""
        return str(self.person_id)


class Delegation(models.Model):
    """One person, the agent, may act for another, the principal, once both sides have agreed, until it ends.

    Who agrees for the principal is ``principal_accepted_by``: an adult themselves, a parent for a child, the clerk who
    saw the certificate, or the representative under whose own delegation this one is given (``granted_under``). Until
    somebody accepts it, an invitation knows an address only. What a trigger of the database guards besides the
    constraints here stands in migration ``0004_delegation``.
    """

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    invited_email = models.EmailField(max_length=254, blank=True)
    kind = models.CharField(max_length=12)
    areas = ArrayField(models.TextField(), default=list, blank=True)
    may_act = models.BooleanField(default=True)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    granted_under = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="passed_on")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    principal_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    principal_accepted_at = models.DateTimeField(null=True)
    agent_accepted_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        """How delegations are kept."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="people_delegation_not_oneself", condition=~Q(principal=F("agent"))),
            models.CheckConstraint(
                name="people_delegation_known",
                condition=Q(kind__in=[kind.value for kind in Kind])
                & Q(ended_how__in=["", *(ending.value for ending in Ending)]),
            ),
            models.CheckConstraint(name="people_delegation_lasts", condition=Q(starts_at__lt=F("expires_at"))),
            models.CheckConstraint(
                name="people_delegation_agent_or_address",
                condition=Q(agent=None) ^ Q(invited_email=""),
            ),
            models.CheckConstraint(
                name="people_delegation_accepted_by_somebody",
                condition=Q(agent_accepted_at=None) | Q(agent__isnull=False),
            ),
            models.CheckConstraint(
                name="people_delegation_end_is_told",
                condition=Q(ended_at=None, ended_how="") | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
            ),
            models.CheckConstraint(
                name="people_delegation_passed_on_by_organisations",
                condition=Q(granted_under=None) | Q(kind=Kind.ORGANISATION.value),
            ),
            models.UniqueConstraint(
                name="people_delegation_once", fields=["principal", "agent"], condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(
                name="people_delegation_invited_once",
                fields=["principal", "invited_email"],
                condition=Q(ended_at=None, agent=None),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="people_delegation_invited", fields=["invited_email"], condition=Q(agent=None, ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        """Return its number."""
        return f"Nr. {self.pk}"
