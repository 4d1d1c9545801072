"""People who hold an account, and the roles of those who work here."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stadtportal.kernel.contracts import Role


class Person(AbstractBaseUser):
    """Somebody with an account. The address is kept in lower case; the database refuses anything else.

    ``example`` marks people invented for demonstration; nobody else can be signed in by one click.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-Mail-Adresse"), max_length=254, unique=True)
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
        ]

    def __str__(self) -> str:
        """Return the full name."""
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return given and family name, or the address while there is no name."""
        return f"{self.given_name} {self.family_name}".strip() or self.email


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
