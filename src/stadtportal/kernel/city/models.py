"""What the portal knows about the city. Nothing here speaks about a person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

#: A point is complete (both numbers or none) and on earth. A check lets through what is neither true nor false, so
#: that both numbers are there must be asked for in so many words.
POINT_ON_EARTH = Q(lat__isnull=True, lon__isnull=True) | Q(
    lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)
)


class Origin(models.TextChoices):
    """Who wrote a row, and so who may change or remove it."""

    PACK = "pack", "Stadtpaket"
    IMPORT = "import", "Import"
    AREA = "area", "Bereich"


class Source(models.Model):
    """Where facts come from, with licence and the attribution it asks for; ``as_of`` where the source names a day."""

    key = models.SlugField(max_length=60, primary_key=True)
    title = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    licence = models.CharField(max_length=120, blank=True)
    licence_url = models.URLField(max_length=300, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.title


class District(models.Model):
    """One Stadtbezirk. ``outline`` is a GeoJSON geometry (Polygon or MultiPolygon, longitude first)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    sort_name = models.CharField(max_length=100)
    number = models.PositiveSmallIntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    inner = models.BooleanField(default=False)
    outline = models.JSONField(default=dict)
    neighbours = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=POINT_ON_EARTH, name="district_point_on_earth"),
        ]

    def __str__(self) -> str:
        return self.name


class Quarter(models.Model):
    """One Stadtteil: a name people use for a part of a district."""

    name = models.CharField(max_length=100)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="quarters")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("district", "name", name="quarter_named_once"),
            models.CheckConstraint(condition=POINT_ON_EARTH, name="quarter_point_on_earth"),
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """One Postleitzahl with its middle; its district is the one that holds the middle."""

    code = models.CharField(max_length=5, primary_key=True)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="postcodes", null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=POINT_ON_EARTH, name="postcode_point_on_earth"),
        ]

    def __str__(self) -> str:
        return self.code


class Category(models.Model):
    """A sort of place, as people call it. ``osm`` holds selectors such as ``amenity=pharmacy`` or ``shop=*``."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=100)
    plural = models.CharField(max_length=100)
    sort_name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")
    words = models.TextField(blank=True)
    schema_org = models.CharField(max_length=60, default="Place")
    icon = models.CharField(max_length=60, blank=True)
    osm = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.title


class Organisation(models.Model):
    """Who runs things: a gym, a club, a practice, an office. ``example`` marks invented ones."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=255)
    sort_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)
    website = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    example = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.AREA)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="organisation_source_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("sort_name"), F("id"), condition=Q(removed_at=None), name="organisation_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Somewhere you can go. A point without address and an address without point are both fine.

    ``opening_hours`` is OSM syntax; ``hours_parsable`` is false when nobody can read it, and then the text is kept.
    ``source_id`` is the id in the source, such as ``node/123`` for OpenStreetMap. ``label`` marks data that is not
    of this city ("Aachen: Beispieldaten").
    """

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=255)
    sort_name = models.CharField(max_length=255)
    category = models.ForeignKey(Category, on_delete=models.SET_NULL, null=True, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, related_name="places")
    district = models.ForeignKey(District, on_delete=models.SET_NULL, null=True, related_name="places")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    street = models.CharField(max_length=255, blank=True)
    house_number = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city_name = models.CharField(max_length=120, blank=True)
    opening_hours = models.TextField(blank=True)
    hours_parsable = models.BooleanField(default=True)
    hours_note = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    website = models.CharField(max_length=300, blank=True)
    wheelchair = models.CharField(max_length=20, blank=True)
    tags = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=120, blank=True)
    example = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.AREA)
    changed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="place_has_name"),
            models.CheckConstraint(condition=POINT_ON_EARTH, name="place_point_on_earth"),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source_id=""), name="place_source_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("lat"), F("lon"), condition=Q(removed_at=None), name="place_by_point"),
            # What imports must leave alone; few rows, asked for with every batch.
            models.Index(fields=["source_id"], condition=~Q(origin="import"), name="place_not_imported"),
            models.Index(F("sort_name"), F("id"), condition=Q(removed_at=None), name="place_by_name"),
            models.Index(
                F("category"),
                F("sort_name"),
                F("id"),
                condition=Q(removed_at=None),
                name="place_by_category",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Street(models.Model):
    """One street of an extract. ``lines`` holds polylines ``[[[lon, lat], ...], ...]``; the box frames them all."""

    name = models.CharField(max_length=255)
    sort_name = models.CharField(max_length=255)
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, blank=True)
    lines = models.JSONField(default=list)
    lat = models.FloatField()
    lon = models.FloatField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    city_name = models.CharField(max_length=120, blank=True)
    district = models.ForeignKey(District, on_delete=models.SET_NULL, null=True, related_name="streets")

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_id"], name="street_source_once"),
            models.CheckConstraint(condition=POINT_ON_EARTH, name="street_point_on_earth"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["south", "north", "west", "east"], name="street_by_box"),
        ]

    def __str__(self) -> str:
        return self.name


class MapLayer(models.Model):
    """A finished GeoJSON document for the map, served as it is; ``etag`` is the hash of its text."""

    key = models.SlugField(max_length=40, primary_key=True)
    document = models.TextField()
    etag = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["key"]

    def __str__(self) -> str:
        return self.key
