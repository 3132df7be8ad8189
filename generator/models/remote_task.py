"""What was bought from a provider: one row per picture, written before we wait for it."""

from __future__ import annotations

from django.db import models


class RemoteTask(models.Model):
    """Picture `position` (0-based) of a generation, as its provider knows it.

    A worker that finds this row asks for the picture instead of buying it again.
    """

    generation = models.ForeignKey(
        "generator.Generation", on_delete=models.CASCADE, related_name="remote_tasks"
    )
    position = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=40)
    # The provider's id of the purchase, and the picture's number in it. Both this and the
    # link are empty while nothing is bought.
    remote_id = models.CharField(max_length=2000, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    # Where the finished picture lies, once the provider said so.
    link = models.TextField(blank=True)
    # How many purchases of this picture came to nothing.
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["generation", "position"], name="remote_task_once_per_picture"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider}:{self.remote_id}"
