"""Showing pictures to everyone: at once, or after an editor of their team said yes."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Team, User
from gallery.models import Asset, PublicationRequest, RequestState, Visibility
from gallery.models.publication_request import reviews_due


def publish(asset: Asset, user: User) -> list[Team]:
    """Show it to everyone, or ask whoever decides; says which teams are asked.

    Nothing happens to what `user` may not publish: see `Asset.objects.disposable_by`.
    """
    mine = Asset.objects.publishable_by(user).filter(pk=asset.pk)
    if mine.update(visibility=Visibility.PUBLIC):
        return []
    teams = teams_to_ask(asset, user)
    with transaction.atomic():
        for team in teams:
            PublicationRequest.objects.get_or_create(
                asset=asset,
                team=team,
                state=RequestState.WAITING,
                defaults={"asked_by": user},
            )
    return teams


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
