"""Smaller WebP copies of a picture, for pages."""

from __future__ import annotations

from django.db import models


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
