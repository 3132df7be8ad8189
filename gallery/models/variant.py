"""Smaller WebP copies of a picture, for pages."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.db.models import OuterRef, Subquery


class Variant(models.Model):
    """A copy of `asset` that is `width` pixels wide; one per width."""

    asset = models.ForeignKey("gallery.Asset", on_delete=models.CASCADE, related_name="variants")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ("width",)
        indexes = (models.Index(fields=["file"], name="variant_file"),)
        constraints = (
            models.UniqueConstraint(fields=["asset", "width"], name="variant_once_per_width"),
        )

    def __str__(self) -> str:
        return f"{self.asset_id} at {self.width}"


class Copy(NamedTuple):
    """What a page must know of a variant: its pixels across, and its storage key."""

    width: int
    file: str


class CopiesOfEach(Subquery):
    """The copies of each picture of a list in one column, for `Copy.read`.

    A list of pictures asks for nothing else of them, and a second query with three rows for each
    picture would cost more than the first.
    """

    template = "(SELECT GROUP_CONCAT(u.width || ' ' || u.file) FROM (%(subquery)s) u)"
    on_postgresql = "(SELECT STRING_AGG(u.width || ' ' || u.file, ',') FROM (%(subquery)s) u)"

    def __init__(self) -> None:
        rows = Variant.objects.filter(asset=OuterRef("pk")).order_by().values("width", "file")
        super().__init__(rows, output_field=models.TextField())

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return super().as_sql(compiler, connection, template=self.on_postgresql)


def read_copies(told: str | None) -> list[Copy]:
    """What `CopiesOfEach` says, the narrowest first. Keys have neither commas nor blanks."""
    pairs = (each.split(" ") for each in told.split(",")) if told else ()
    return sorted(Copy(int(width), file) for width, file in pairs)
