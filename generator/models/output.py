"""The pictures a generation delivered."""

from __future__ import annotations

from django.db import models


class Output(models.Model):
    """Picture `position` (0-based) of a generation; delivered once, whoever tries."""

    generation = models.ForeignKey(
        "generator.Generation", on_delete=models.CASCADE, related_name="outputs"
    )
    position = models.PositiveSmallIntegerField()
    # Null once the picture was deleted for good.
    asset = models.ForeignKey(
        "gallery.Asset", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=["generation", "position"], name="output_once_per_position"
            ),
        )

    def __str__(self) -> str:
        return f"{self.generation_id}:{self.position}"
