"""A picture somebody sent in to work from: theirs alone, and no picture of the gallery."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """The uploads `user` may look at and work from: their own."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def unused_for(self, age: dt.timedelta) -> Self:
        return self.filter(used_at=None, created_at__lt=timezone.now() - age)

    def use(self, ids: Collection[str]) -> None:
        """Keep these from being cleared away: a generation works from them."""
        self.filter(pk__in=ids).update(used_at=timezone.now())


class Upload(models.Model):
    """Its bytes lie in storage under `file`, a small WebP copy for pages under `thumbnail`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads"
    )
    file = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    thumbnail_size = models.PositiveIntegerField()
    # Of the kept bytes, hex: the same picture sent twice is kept once.
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When a generation began to need it. Null: nobody will miss it.
    used_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["created_at"], condition=Q(used_at=None), name="upload_unused_oldest"
            ),
            models.Index(fields=["file"], name="upload_file"),
            models.Index(fields=["thumbnail"], name="upload_thumbnail"),
        )
        constraints = (
            models.UniqueConstraint(fields=["owner", "sha256"], name="upload_once_per_owner"),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="upload_has_pixels"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def media_type(self) -> str:
        """WebP, or PNG for clients that were promised that."""
        return "image/png" if self.file.endswith(".png") else "image/webp"
