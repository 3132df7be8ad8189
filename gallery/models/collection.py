"""Collections: pictures that somebody put together in an order, and who may open them."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamRight, User
from gallery.models.asset import Asset
from gallery.models.asset_queries import Viewer
from gallery.models.choices import Visibility

#: How many pictures one holds at most, and how many of them somebody may have.
MAX_ITEMS = 10_000
MAX_COLLECTIONS = 1_000


class CollectionRole(models.TextChoices):
    """What somebody may do with a collection that was shared with them."""

    VIEWER = "viewer", _("May look at it")
    EDITOR = "editor", _("May add, remove and arrange pictures")


def _shared_with(user: User, right: TeamRight, *roles: CollectionRole) -> Exists:
    """Whether it was shared, as one of `roles`, with `user` or a team where they hold `right`."""
    to_them = Q(person=user) | Q(team__in=Team.objects.of(user, right))
    shares = CollectionShare.objects.filter(to_them, collection=OuterRef("pk"), role__in=roles)
    return Exists(shares)


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Who may open a collection. What they see in it is `Asset.objects.visible_to`'s to say."""

    def kept_for(self, user: Viewer) -> Self:
        """Those of `user`, and those that were shared with them."""
        if not user.is_authenticated:
            return self.none()
        shared = _shared_with(user, TeamRight.SEE, *CollectionRole)
        return self.filter(Q(owner=user) | shared)

    def visible_to(self, user: Viewer) -> Self:
        """Those that `user` may open."""
        public = Q(visibility=Visibility.PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        shared = _shared_with(user, TeamRight.SEE, *CollectionRole)
        return self.filter(public | Q(owner=user) | shared)

    def editable_by(self, user: Viewer) -> Self:
        """Those whose pictures and words `user` may change. In a team its makers do."""
        if not user.is_authenticated:
            return self.none()
        shared = _shared_with(user, TeamRight.SHARE, CollectionRole.EDITOR)
        return self.filter(Q(owner=user) | shared)

    def of(self, user: Viewer) -> Self:
        """Those that `user` may share, publish and delete: their own."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def for_viewer(self, user: Viewer) -> Self:
        """Adds `can_edit` and `can_share`, which say what `user` may do with each."""
        same = Collection.objects.filter(pk=OuterRef("pk"))
        return self.select_related("owner").annotate(
            can_edit=Exists(same.editable_by(user)), can_share=Exists(same.of(user))
        )

    def for_cards(self, user: Viewer) -> Self:
        """What a list shows of each; adds `shown`, how many of its pictures `user` may see, and
        `front_id`, which of those stands for it: its cover, or else the first.
        """
        seen = Asset.objects.visible_to(user)
        inside = seen.filter(collection_items__collection=OuterRef("pk")).order_by()
        counted = inside.values("collection_items__collection").annotate(n=Count("pk"))
        first = inside.order_by("collection_items__position", "collection_items__id")
        chosen = seen.filter(pk=OuterRef("cover"))
        return self.for_viewer(user).annotate(
            shown=Coalesce(Subquery(counted.values("n")), 0),
            front_id=Coalesce(Subquery(chosen.values("pk")), Subquery(first.values("pk")[:1])),
        )


class Collection(models.Model):
    """Pictures in an order of somebody's own. Being in it shows a picture to nobody new."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="collections",
        db_index=False,
    )
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    # Null: the first picture in it that the viewer may see.
    cover = models.ForeignKey(
        "gallery.Asset", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollectionQuerySet.as_manager()

    # Set by `CollectionQuerySet.for_viewer` and `.for_cards`.
    can_edit: bool
    can_share: bool
    shown: int
    front_id: uuid.UUID | None

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-created_at", "-id"], name="collection_owner_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="collection_visibility_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="collection_has_a_name"),
        )

    def __str__(self) -> str:
        # Not the name: logs need not know what people call things.
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("collection", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC


class CollectionItem(models.Model):
    """A picture in a collection, and where it stands."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    asset = models.ForeignKey(
        "gallery.Asset", on_delete=models.CASCADE, related_name="collection_items"
    )
    # With gaps, so that moving one picture writes one row (gallery/arranging.py).
    position = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["collection", "position", "id"], name="collection_item_order"),
        )
        constraints = (
            models.UniqueConstraint(fields=["collection", "asset"], name="collection_item_once"),
        )

    def __str__(self) -> str:
        return f"{self.asset_id} in {self.collection_id}"


class CollectionShare(models.Model):
    """A collection that a team or a person may open."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="shares")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=6, choices=CollectionRole, default=CollectionRole.VIEWER)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(team=None, person__isnull=False) | Q(team__isnull=False, person=None),
                name="collection_share_with_one",
            ),
            models.CheckConstraint(
                condition=Q(role__in=CollectionRole.values), name="collection_share_role_known"
            ),
            models.UniqueConstraint(fields=["collection", "team"], name="collection_share_team"),
            models.UniqueConstraint(
                fields=["collection", "person"], name="collection_share_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.collection_id} with {self.team_id or self.person_id}"
