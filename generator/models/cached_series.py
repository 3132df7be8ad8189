"""Which pictures may be given again to whoever asks for the same once more."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CachedSeries(models.Model):
    """The pictures of a generation, as what `generator.result_cache` finds them by.

    `key` is a hash of prompt and settings. The series that its client asked for begins with
    `seed`; the generation's first picture is number `start` (0-based) of it.
    """

    generation = models.OneToOneField(
        "generator.Generation", on_delete=models.CASCADE, primary_key=True, related_name="cached"
    )
    # The generation's, beside the key for the index.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    # In digits: seeds are wider than a database's integers.
    seed = models.CharField(max_length=20)
    start = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["owner", "key", "seed"], name="cached_series_by_key"),)

    def __str__(self) -> str:
        return str(self.generation_id)
