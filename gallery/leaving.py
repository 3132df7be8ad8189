"""When somebody leaves a team: what becomes of the pictures they shared with it."""

from __future__ import annotations

from accounts.models import Team, User
from gallery.models import (
    Asset,
    Collection,
    CollectionShare,
    PublicationRequest,
    Share,
    TeamShare,
)


def hand_over(team: Team, leaver: User, heir: User | None) -> None:
    """Give `heir` what `leaver` shared with `team`, or take it out of there when heir is None.

    `Membership.end` calls it in its own transaction (settings.HANDS_OVER_PICTURES). Pictures
    that hang in other teams' galleries stay there in either case; what they were shown to
    people and by links ends with the owner who did that.
    """
    theirs = TeamShare.objects.filter(team=team, asset__owner=leaver)
    if heir:
        kept = theirs.filter(asset__deleted_at=None).values("asset")
        # What the leaver showed to others beside the team is not the heir's doing.
        Share.objects.filter(asset__in=kept).end()
        PublicationRequest.objects.filter(asset__in=kept).withdraw()
        Asset.objects.filter(pk__in=kept).update(owner=heir)
    # What is theirs still: everything, or what lies in their bin.
    theirs.end()
    _hand_over_collections(team, leaver, heir)


def _hand_over_collections(team: Team, leaver: User, heir: User | None) -> None:
    """The same with collections; pictures in them that the heir may not see stay hidden."""
    theirs = CollectionShare.objects.filter(team=team, collection__owner=leaver)
    if heir:
        kept = Collection.objects.filter(pk__in=theirs.values("collection"))
        kept.update(owner=heir)
    theirs.delete()
