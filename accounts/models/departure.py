"""What people may ask about their data: a copy of all of it, and that it be erased."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

#: How long a finished copy can be fetched.
KEPT_FOR = timedelta(days=7)
#: A worker that is silent for so long is taken to be dead, and another one begins anew.
PATIENCE = timedelta(minutes=2)
TRIES = 3


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def unfinished(self) -> Self:
        return self.filter(ready_at=None, failed_at=None)

    def waiting(self) -> Self:
        """Those that nobody works on, by the database's clock."""
        free = Q(held_until=None) | Q(held_until__lt=Now())
        return self.unfinished().filter(free)

    def past(self) -> Self:
        """Those that nobody can fetch any more."""
        now = timezone.now()
        return self.filter(Q(expires_at__lt=now) | Q(failed_at__lt=now - KEPT_FOR))


class DataExport(models.Model):
    """A copy of what somebody has here, as one zip. Made by a worker, deleted after a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Storage key of the zip, named before its first byte is written; each try has its own.
    file = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ready_at=None, failed_at=None),
                name="data_export_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"data of user {self.user_id}"

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched now."""
        return self.expires_at is not None and self.expires_at > timezone.now()

    def claim(self, file: str) -> bool:
        """Begin to write it to `file`; False when somebody else does."""
        mine = DataExport.objects.waiting().filter(pk=self.pk, file=self.file)
        held = mine.update(file=file, tries=F("tries") + 1, held_until=Now() + PATIENCE)
        self.file = file if held else self.file
        return held == 1

    def hold(self) -> bool:
        """Say that we still write; False when it is not ours to write any more."""
        return self._held().update(held_until=Now() + PATIENCE) == 1

    def finish(self, size: int) -> bool:
        """Offer the zip of `size` bytes to its owner; False when it is not wanted any more."""
        now = timezone.now()
        return self._held().update(ready_at=now, expires_at=now + KEPT_FOR, size=size) == 1

    def give_up(self) -> None:
        """Leave it to another try, or let it fail after the last one."""
        self._held().filter(tries__gte=TRIES).update(failed_at=timezone.now())
        self._held().update(held_until=None)

    def _held(self) -> DataExportQuerySet:
        return DataExport.objects.unfinished().filter(pk=self.pk, file=self.file)


class Erasure(models.Model):
    """Somebody's data is being erased, or was. The row of the person stays, as a pseudonym."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure"
    )
    # The person, or the member of staff whom they asked.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Null while a worker has something left to erase.
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"erasure of user {self.user_id}"
