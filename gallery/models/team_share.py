"""Which pictures hang in which team's gallery."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q

from accounts.models import Team, TeamRight
from gallery import documents

if TYPE_CHECKING:
    from accounts.models import User
    from gallery.models.asset import Asset


class TeamShareQuerySet(models.QuerySet["TeamShare"]):
    @transaction.atomic
    def hang(self, asset: Asset, team: Team) -> bool:
        """Let the team's people see it; False when they did before."""
        _share, created = self.get_or_create(
            asset=asset, team=team, defaults={"made_at": asset.created_at}
        )
        if created:
            documents.rewrite([asset.pk])
        return created

    def hang_exactly(
        self, asset: Asset, teams: Collection[Team], before: Iterable[TeamShare]
    ) -> None:
        """Hang it in the galleries of `teams`, and of those in `before` in no other."""
        self.filter(pk__in=[share.pk for share in before if share.team not in teams]).end()
        for team in teams:
            self.hang(asset, team)

    def take_down(self, asset: Asset, team: Team) -> bool:
        """Take it out of the team's gallery; False when it was not there."""
        return bool(self.filter(asset=asset, team=team).end())

    @transaction.atomic
    def end(self) -> int:
        """Take all of these pictures out of these galleries, for searches too; says how many."""
        pks = list(self.order_by("asset").values_list("asset", flat=True))
        gone, _rows = self.delete()
        documents.rewrite(pks)
        return gone

    def removable_by(self, user: User) -> Self:
        """Those that `user` may end: of their own pictures, and where they edit the team's."""
        edited = Team.objects.of(user, TeamRight.EDIT_PICTURES)
        return self.filter(Q(asset__owner=user) | Q(team__in=edited), asset__deleted_at=None)


class TeamShare(models.Model):
    """A picture in the gallery of a team; it still belongs to its owner."""

    # Both are covered by the indexes below.
    asset = models.ForeignKey(
        "gallery.Asset", on_delete=models.CASCADE, related_name="team_shares", db_index=False
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # The picture's `created_at`, so that one index holds a team's gallery in its order.
    made_at = models.DateTimeField()

    objects = TeamShareQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["team", "-made_at", "-asset"], name="team_share_newest"),)
        constraints = (models.UniqueConstraint(fields=["asset", "team"], name="team_share_once"),)

    def __str__(self) -> str:
        return f"{self.asset_id} in team {self.team_id}"
