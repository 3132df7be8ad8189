"""A picture that is kept. Who may see and change it says `asset_queries`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.base import ModelState
from django.urls import reverse
from django.utils import timezone

from gallery import documents
from gallery.models.asset_queries import AssetQuerySet
from gallery.models.choices import Rating, Visibility
from gallery.models.publication_request import PublicationRequest
from gallery.models.rated import Rated, RatedBy
from gallery.models.tag import Tag
from gallery.models.team_share import TeamShare


def _ranked(column: str, name: str) -> tuple[models.Index, models.Index]:
    """What lists by `column` walk along: somebody's own, and everybody's. Few rows have any."""
    order, some = (f"-{column}", "-created_at", "-id"), Q(deleted_at=None, **{f"{column}__gt": 0})
    return (
        models.Index(fields=["owner", *order], condition=some, name=f"asset_mine_{name}"),
        models.Index(fields=order, condition=some, name=f"asset_all_{name}"),
    )


class Asset(Rated):
    """A kept picture. Its bytes lie in storage under `file`, its recipe also inside the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assets"
    )
    # What made it, opaque to the gallery and unique: "generation:<id>:<position>".
    source = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    tags = models.ManyToManyField(Tag, blank=True, related_name="assets")
    # Denormalised; Like keeps it right in the same transaction.
    like_count = models.PositiveIntegerField(default=0)
    # How much it was liked lately; `gallery.trending` works it out.
    trend = models.PositiveIntegerField(db_default=0, default=0, editable=False)
    # The words it was made from, and everything else that made it.
    prompt = models.TextField(blank=True)
    recipe = models.JSONField(default=dict)
    # What it shares with the variations of the same wish (gallery/stacking.py).
    stack = models.BigIntegerField(null=True, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="remixes")
    # Storage key of the original, its type, pixels, bytes and SHA-256 (hex).
    file = models.CharField(max_length=200)
    media_type = models.CharField(max_length=20, default="image/png")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Average colour, "rrggbb", for the placeholder.
    color = models.CharField(max_length=6, default="808080")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True)

    objects = AssetQuerySet.as_manager()

    # Set by `AssetQuerySet.for_cards` and `.for_viewer`.
    liked: bool
    # Set by `gallery.stacking.count`: how many of its stack a list holds.
    stacked: int = 1
    can_edit: bool
    can_dispose: bool
    parent_seen: bool
    shares: list[TeamShare]
    wishes: list[PublicationRequest]

    class Meta:
        indexes = (
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=Q(deleted_at=None),
                name="asset_mine_newest",
            ),
            models.Index(
                fields=["stack", "-created_at", "-id"],
                condition=Q(deleted_at=None, stack__isnull=False),
                name="asset_stack_newest",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(deleted_at=None, listed=True),
                name="asset_public_newest",
            ),
            # For those who are not shown what is sensitive.
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(deleted_at=None, listed=True, rating=Rating.SAFE),
                name="asset_open_newest",
            ),
            *_ranked("like_count", "likes"),
            *_ranked("trend", "trend"),
            models.Index(
                fields=["owner", "-deleted_at", "-id"],
                condition=Q(deleted_at__isnull=False),
                name="asset_bin_newest",
            ),
            # So that the room somebody uses is summed without reading their rows.
            models.Index(fields=["owner", "size"], name="asset_owner_size"),
            models.Index(
                fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="asset_bin"
            ),
            models.Index(fields=["file"], name="asset_file"),
            # What moderators and classifiers look for among a million.
            models.Index(
                fields=["created_at"],
                condition=Q(deleted_at=None, visibility=Visibility.PUBLIC, rating=Rating.UNRATED),
                name="asset_waiting_oldest",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(deleted_at=None, machine_source=RatedBy.UPGRADE, moderator_rating=""),
                name="asset_unlooked_oldest",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="asset_visibility_known"
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="asset_has_pixels"),
        )

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:  # type: ignore[override]  # stubs are newer
        """As Django's, in a third of its time: a page reads fifty, each of forty columns.

        What Django does beside is to tell whoever listens (`post_init`), and nobody does.
        """
        asset = cls.__new__(cls)
        asset._state = state = ModelState()
        state.adding, state.db = False, db
        vars(asset).update(zip(field_names, values, strict=True))
        return asset

    def __str__(self) -> str:
        # Not the title: the admin and the logs need not know what people ask for.
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("asset", args=[self.pk])

    @property
    def title(self) -> str:
        return self.name or self.prompt[:80] or str(self.pk)

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def gone_at(self) -> dt.datetime | None:
        """When the bin lets go of it; None while it is not in there."""
        return self.deleted_at and self.deleted_at + dt.timedelta(days=settings.BIN_DAYS)

    @transaction.atomic
    def set_tags(self, names: list[str]) -> None:
        """File it under exactly these (lower-case) words."""
        # In one order, or two people who invent the same words lock each other out.
        new = [Tag(name=name) for name in sorted(names)]
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        self.tags.set(Tag.objects.filter(name__in=names))
        documents.rewrite([self.pk])

    def move_to_bin(self) -> bool:
        """Hide it from everyone at once; False when it was there already."""
        return bool(Asset.objects.filter(pk=self.pk).move_to_bin())

    def restore(self) -> bool:
        """Bring it back from the bin as it was; False when it is not there."""
        binned = Asset.objects.filter(pk=self.pk, deleted_at__isnull=False)
        return binned.update(deleted_at=None) == 1
