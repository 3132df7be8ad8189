"""Which engine serves which model, and what it costs: data, edited in the admin."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q


class EngineModelQuerySet(models.QuerySet["EngineModel"]):
    def offered(self) -> Self:
        """The models people may choose, the default first."""
        return self.filter(enabled=True).order_by("-is_default", "name")


class EngineModel(models.Model):
    """A model people can choose. `slug` is what `ImageRequest.model` says."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    # A key of settings.ENGINES; also the name of the Celery queue.
    engine = models.CharField(max_length=40)
    # Credits for one 1024x1024 picture of 20 steps; 0 is free.
    price = models.PositiveIntegerField(default=1)
    # What the engine must know to load it: folder, hub id, provider.
    options = models.JSONField(default=dict, blank=True)
    enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    objects = EngineModelQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="engine_model_one_default",
            ),
        )

    def __str__(self) -> str:
        return self.name
