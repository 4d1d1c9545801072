"""What makes the access log checkable: the head of each person's chain, the leaves, tiles and checkpoints of the tree.

No row here says anything about a person to who does not hold the event and its salt.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SubjectHead(models.Model):
    """The newest event of one person: its number and commitment. Locked while the next one is written."""

    subject = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    seq = models.BigIntegerField(default=0)
    commitment = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        """Name whose it is."""
        return str(self.subject_id)


class Unsequenced(models.Model):
    """An event that waits for its leaf, with its commitment: whoever makes leaves reads no events."""

    event_id = models.BigIntegerField(primary_key=True)
    commitment = models.BinaryField()

    def __str__(self) -> str:
        """Name the event."""
        return str(self.event_id)


class Leaf(models.Model):
    """One leaf of the tree, numbered from 0. ``event_id`` is empty once its event was lawfully erased."""

    number = models.BigIntegerField(primary_key=True)
    commitment = models.BinaryField()
    event_id = models.BigIntegerField(null=True, unique=True)

    def __str__(self) -> str:
        """Name the number."""
        return str(self.number)


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, in their order."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """One row for each tile."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "number"], name="trust_tile_once")]

    def __str__(self) -> str:
        """Name level and number."""
        return f"{self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root; ``key`` is the public key that opens it."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    key = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Name the size."""
        return str(self.size)
