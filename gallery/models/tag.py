"""Words people file pictures under."""

from __future__ import annotations

from django.db import models


class Tag(models.Model):
    """A lower-case word, shared by everybody."""

    name = models.CharField(max_length=50, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
