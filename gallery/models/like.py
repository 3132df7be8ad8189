"""Who likes what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from gallery import documents

if TYPE_CHECKING:
    from accounts.models import User
    from gallery.models.asset import Asset


class LikeQuerySet(models.QuerySet["Like"]):
    @transaction.atomic
    def add(self, asset: Asset, user: User) -> bool:
        """Like it; False when `user` did before. Keeps `asset.like_count` in step."""
        _like, created = self.get_or_create(asset=asset, user=user)
        if created:
            type(asset).objects.filter(pk=asset.pk).update(like_count=F("like_count") + 1)
            documents.rewrite([asset.pk])
        return created

    @transaction.atomic
    def take_back(self, asset: Asset, user: User) -> bool:
        """Like it no longer; False when `user` did not."""
        gone, _rows = self.filter(asset=asset, user=user).delete()
        if gone:
            type(asset).objects.filter(pk=asset.pk).update(like_count=F("like_count") - 1)
            documents.rewrite([asset.pk])
        return bool(gone)


class Like(models.Model):
    asset = models.ForeignKey("gallery.Asset", on_delete=models.CASCADE, related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LikeQuerySet.as_manager()

    class Meta:
        # For what was liked lately.
        indexes = (models.Index(fields=["created_at"], name="like_newest"),)
        constraints = (
            models.UniqueConstraint(fields=["asset", "user"], name="like_once_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.asset_id}"
