"""What can be found. Nothing here speaks about a person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from pgvector.django import HalfVectorField, HnswIndex

from stadtportal.kernel.search.rules.meaning import SIZE


class Entry(models.Model):
    """One findable thing, as an area handed it over (:class:`stadtportal.kernel.contracts.EntryDraft`).

    ``vector`` holds every lexeme once with its best weight (``engine/terms.py``), ``names`` those that say what the
    thing is. ``title_key`` is the title for comparing and sorting, ``meaning_key`` tells whether its meaning must be
    encoded anew, ``uses`` how often its page was opened of late. ``generation`` is the rebuild that last confirmed it.
    """

    area = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    title = models.TextField()
    title_key = models.TextField()
    url = models.TextField()
    summary = models.TextField(blank=True)
    words = models.TextField(blank=True)
    body = models.TextField(blank=True)
    category = models.TextField(blank=True)
    category_title = models.TextField(blank=True)
    district = models.TextField(blank=True)
    address = models.TextField(blank=True)
    organisation = models.TextField(blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    opening_hours = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True)
    price_cents = models.IntegerField(null=True)
    audience = ArrayField(models.TextField(), default=list)
    accessible = models.BooleanField(null=True)
    source_id = models.TextField(blank=True)
    label = models.TextField(blank=True)
    weight = models.IntegerField(default=0)
    languages = ArrayField(models.TextField(), default=list)
    days = ArrayField(models.DateField(), default=list)
    uses = models.IntegerField(default=0)
    meaning_key = models.TextField(default="")
    generation = models.BigIntegerField()
    names = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "kind", "key"], name="search_entry_once"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="search_entry_point_on_earth",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # One index for text and facets: PostgreSQL intersects the lists of words and values inside it.
            GinIndex(fields=["names", "vector", "kind", "category", "district"], name="search_entry_words"),
            # Few entries carry a weight, so they are found first without reading all the others.
            GinIndex(fields=["vector"], condition=Q(weight__gt=0), name="search_entry_weighty"),
            GinIndex(fields=["title_key"], opclasses=["gin_trgm_ops"], name="search_entry_title_like"),
            GistIndex(Func(F("lon"), F("lat"), function="point"), name="search_entry_point"),
            models.Index(fields=["title_key", "id"], name="search_entry_title"),
            models.Index(fields=["title_key"], opclasses=["text_pattern_ops"], name="search_entry_title_begins"),
            models.Index(F("weight").desc(), F("title_key"), F("id"), name="search_entry_browse"),
            models.Index(F("category"), F("weight").desc(), F("title_key"), F("id"), name="search_entry_category"),
            models.Index(F("district"), F("weight").desc(), F("title_key"), F("id"), name="search_entry_district"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="search_entry_next"),
            GinIndex(fields=["days"], condition=~Q(days=[]), name="search_entry_days"),
            # Few entries belong to an organisation, so what one offers is found at once.
            models.Index(fields=["organisation"], condition=~Q(organisation=""), name="search_entry_organisation"),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """One word of the vocabulary that spelling is corrected against.

    ``key`` is the word without accents; ``foreign`` words are those that only questions in other languages have. A
    word written by two transactions at once may stand here twice until the next refresh: without a unique index nobody
    who books a course ever waits for an import.
    """

    word = models.TextField()
    key = models.TextField()
    entries = models.IntegerField(default=1)
    foreign = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["key"], opclasses=["gin_trgm_ops"], name="search_word_like"),
            GinIndex(Func(F("key"), function="search_deletions"), name="search_word_deletions"),
            models.Index(fields=["word"], name="search_word_word"),
        ]

    def __str__(self) -> str:
        return self.word


class Lexeme(models.Model):
    """How many entries hold a lexeme: rare ones say more about what is wanted. Counted by night and after a rebuild."""

    lexeme = models.TextField(primary_key=True)
    entries = models.IntegerField()

    def __str__(self) -> str:
        return self.lexeme


class Meaning(models.Model):
    """The meaning of one entry, for nearness across words and languages; ``key`` is that of its text."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key = models.TextField()
    vector = HalfVectorField(dimensions=SIZE)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            HnswIndex(
                name="search_meaning_near", fields=["vector"], opclasses=["halfvec_ip_ops"], m=16, ef_construction=64
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Unencoded(models.Model):
    """An entry whose meaning a job still has to encode."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.pk}"


class Expression(models.Model):
    """The meaning of one expression of the glossary, of the glossary's ``version``; whether it is ``german``."""

    concept = models.TextField()
    text = models.TextField()
    german = models.BooleanField()
    version = models.TextField()
    vector = HalfVectorField(dimensions=SIZE)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # German questions are compared with German expressions alone: two indexes, as one knows no filters.
            *(
                HnswIndex(
                    name=f"search_expression_{name}",
                    fields=["vector"],
                    opclasses=["halfvec_ip_ops"],
                    condition=Q(german=name == "german"),
                    m=16,
                    ef_construction=64,
                )
                for name in ("german", "foreign")
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Use(models.Model):
    """How often the page of an entry was opened on one day. Nothing here tells by whom."""

    area = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    day = models.DateField()
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "kind", "key", "day"], name="search_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area}:{self.kind}:{self.key} {self.day}: {self.count}"


class Rebuild(models.Model):
    """One pass over every area's entries. The number of the newest is the current generation."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"


class Removal(models.Model):
    """An entry taken out while a rebuild runs, so that the rebuild does not bring it back."""

    area = models.TextField()
    kind = models.TextField()
    key = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind", "key"], name="search_removal_key"),
        ]

    def __str__(self) -> str:
        return f"{self.area}:{self.kind}:{self.key}"


class LearntConcepts(models.Model):
    """The classifier that was learnt from the glossary of that ``version``; one row at most."""

    version = models.TextField()
    body = models.BinaryField()

    def __str__(self) -> str:
        """Name the version."""
        return self.version
