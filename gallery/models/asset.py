"""A picture, and the one place where it says who may see and change it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self, TypeAlias

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamRight, User
from gallery.models.like import Like
from gallery.models.tag import Tag
from gallery.models.team_share import TeamShare

#: Whoever looks, signed in or not.
Viewer: TypeAlias = User | AnonymousUser


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    PUBLIC = "public", _("Everyone")


class Scope(models.TextChoices):
    """Which pictures a list is about."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    PUBLIC = "public", _("Public")


class Rating(models.TextChoices):
    UNRATED = "unrated", _("Not rated")
    SAFE = "safe", _("Safe")
    SENSITIVE = "sensitive", _("Sensitive")


def _in_a_team_of(user: User, right: TeamRight, team: Team | None = None) -> Exists:
    """Whether it hangs in a team (or in this one) where `user` holds `right`."""
    teams = Team.objects.of(user, right)
    if team:
        teams = teams.filter(pk=team.pk)
    return Exists(TeamShare.objects.filter(asset=OuterRef("pk"), team__in=teams))


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: Viewer) -> Self:
        """The pictures `user` may look at. Binned ones are nobody's but their owner's bin."""
        rows = self.filter(deleted_at=None)
        if not user.is_authenticated:
            return rows.filter(visibility=Visibility.PUBLIC)
        shared = _in_a_team_of(user, TeamRight.SEE)
        return rows.filter(Q(owner=user) | Q(visibility=Visibility.PUBLIC) | shared)

    def editable_by(self, user: Viewer) -> Self:
        """The pictures whose name, description and tags `user` may change."""
        if not user.is_authenticated:
            return self.none()
        shared = _in_a_team_of(user, TeamRight.EDIT_PICTURES)
        return self.filter(Q(owner=user) | shared, deleted_at=None)

    def disposable_by(self, user: Viewer) -> Self:
        """The pictures that `user` may publish, share and delete: their own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(deleted_at=None, owner=user)

    def in_bin_of(self, user: Viewer) -> Self:
        """What `user` deleted and can still bring back."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner=user, deleted_at__isnull=False)

    def shown_to(self, user: Viewer, scope: str, team: Team | None = None) -> Self:
        """What `user` finds under `scope`: "mine", "public", or "team" (all of theirs, or one)."""
        rows = self.filter(deleted_at=None)
        if scope == Scope.PUBLIC:
            return rows.filter(visibility=Visibility.PUBLIC)
        if not user.is_authenticated:
            return self.none()
        if scope == Scope.TEAM:
            return rows.filter(_in_a_team_of(user, TeamRight.SEE, team))
        return rows.filter(owner=user) if scope == Scope.MINE else self.none()

    def hung_in(self, team: Team) -> Self:
        """The gallery of a team, whoever asks; adds `moment` and `place`, its order's columns.

        They are columns of the share, whose index has them in this order.
        """
        hung = self.filter(deleted_at=None, team_shares__team=team)
        return hung.annotate(moment=F("team_shares__made_at"), place=F("team_shares__asset"))

    def for_cards(self, user: Viewer) -> Self:
        """What a card shows of each picture; adds `liked`: does `user` like it."""
        mine = Like.objects.filter(asset=OuterRef("pk"), user=user.pk)
        return self.prefetch_related("variants").annotate(liked=Exists(mine))

    def for_viewer(self, user: Viewer) -> Self:
        """Everything a page or an answer shows of each picture, in a constant number of queries.

        Adds `liked`, `can_edit` and `can_dispose`, which say what `user` may do with it, and
        `shares`: those with teams that `user` is in.
        """
        mine = Asset.objects.filter(pk=OuterRef("pk"))
        shares = TeamShare.objects.filter(team__in=Team.objects.of(user)).select_related("team")
        seen = Prefetch("team_shares", shares.order_by("team__name", "team"), to_attr="shares")
        return (
            self.for_cards(user)
            .select_related("owner")
            .prefetch_related("tags", seen)
            .annotate(
                can_edit=Exists(mine.editable_by(user)),
                can_dispose=Exists(mine.disposable_by(user)),
            )
        )

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Asset(models.Model):
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
    rating = models.CharField(max_length=10, choices=Rating, default=Rating.UNRATED)
    tags = models.ManyToManyField(Tag, blank=True, related_name="assets")
    # Denormalised; Like keeps it right in the same transaction.
    like_count = models.PositiveIntegerField(default=0)
    # The words it was made from, and everything else that made it.
    prompt = models.TextField(blank=True)
    recipe = models.JSONField(default=dict)
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
    can_edit: bool
    can_dispose: bool
    shares: list[TeamShare]

    class Meta:
        indexes = (
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=Q(deleted_at=None),
                name="asset_mine_newest",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(deleted_at=None, visibility=Visibility.PUBLIC),
                name="asset_public_newest",
            ),
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
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="asset_visibility_known"
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="asset_has_pixels"),
        )

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

    def set_visibility(self, visibility: Visibility) -> None:
        """Say who can see it, from the next request on."""
        Asset.objects.filter(pk=self.pk).update(visibility=visibility)
        self.visibility = visibility

    def move_to_bin(self) -> bool:
        """Hide it from everyone at once; False when it was there already."""
        kept = Asset.objects.filter(pk=self.pk, deleted_at=None)
        return kept.update(deleted_at=timezone.now()) == 1

    def restore(self) -> bool:
        """Bring it back from the bin as it was; False when it is not there."""
        binned = Asset.objects.filter(pk=self.pk, deleted_at__isnull=False)
        return binned.update(deleted_at=None) == 1
