"""Showing pictures to everyone: at once, or after an editor of their team said yes."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Team, User
from gallery.models import Asset, PublicationRequest, RequestState, TeamShare, Visibility
from gallery.models.publication_request import reviews_due


def publish(asset: Asset, user: User) -> list[Team]:
    """Show it to everyone, or ask whoever decides; says which teams are asked.

    Nothing happens to what `user` may not publish: see `Asset.objects.disposable_by`.
    """
    publish_all(user, [asset.pk])
    return teams_to_ask(asset, user)


@transaction.atomic
def publish_all(user: User, pks: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The same for many of their own; says which of them wait for an editor's word now."""
    hidden = Asset.objects.filter(pk__in=pks, visibility=Visibility.PRIVATE)
    hidden.publishable_by(user).update(visibility=Visibility.PUBLIC)
    left = list(hidden.disposable_by(user).values_list("pk", flat=True))
    due = reviews_due(user, OuterRef("asset")).filter(team=OuterRef("team"))
    hung = TeamShare.objects.filter(Exists(due), asset__in=left).order_by("asset", "team")
    wishes = [
        PublicationRequest(asset_id=asset, team_id=team, asked_by=user)
        for asset, team in hung.values_list("asset", "team")
    ]
    # One of each waits at a time.
    PublicationRequest.objects.bulk_create(wishes, ignore_conflicts=True)
    return {wish.asset_id for wish in wishes}


def hide(asset: Asset) -> None:
    """Show it to everyone no longer, and ask nobody to."""
    asset.set_visibility(Visibility.PRIVATE)
    asset.publication_requests.withdraw()


def teams_to_ask(asset: Asset, user: User) -> list[Team]:
    """The teams whose editors must say yes before `user` shows it to everyone."""
    due = reviews_due(user, asset.pk).values("team")
    return list(Team.objects.filter(pk__in=due).order_by("name", "pk"))


@transaction.atomic
def approve(request: PublicationRequest, editor: User, note: str = "") -> bool:
    """Say yes, and publish it unless another team is still to be asked.

    False when somebody decided meanwhile, or the picture is gone.
    """
    if not request.decide(editor, RequestState.APPROVED, note):
        return False
    theirs = Asset.objects.publishable_by(request.asset.owner).filter(pk=request.asset_id)
    theirs.update(visibility=Visibility.PUBLIC)
    return True


def decline(request: PublicationRequest, editor: User, note: str = "") -> bool:
    """Say no, with a word to whoever asked; False as for `approve`."""
    return request.decide(editor, RequestState.DECLINED, note)
