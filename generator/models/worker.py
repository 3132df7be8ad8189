"""Workers that were seen, so that readiness can be told."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models.functions import Now


class WorkerQuerySet(models.QuerySet["Worker"]):
    def seen(self, name: str) -> None:
        """Note that the worker called `name` is alive now."""
        if not self.filter(name=name).update(seen_at=Now()):
            self.get_or_create(name=name, defaults={"seen_at": Now()})

    def alive(self, within: dt.timedelta) -> Self:
        return self.filter(seen_at__gt=Now() - within)


class Worker(models.Model):
    """A machine that took work from the broker, and when it last did."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
