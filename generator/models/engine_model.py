"""Which engine serves which model, and what it costs: data, edited in the admin."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from generator import availability


class EngineModelQuerySet(models.QuerySet["EngineModel"]):
    def offered(self) -> Self:
        """The models people may choose because they work now, the default first."""
        enabled = self.filter(enabled=True)
        broken = [row.pk for row in enabled.only("engine", "options") if row.why_not]
        return enabled.exclude(pk__in=broken).order_by("-is_default", "name")


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

    @property
    def why_not(self) -> str:
        """One line about what must be set before this works here, "" if nothing."""
        return availability.why_not(self.engine, self.options)

    def clean(self) -> None:
        """What does not work yet can be saved only while it is switched off."""
        if self.enabled and self.why_not:
            raise ValidationError(self.why_not)
