"""One deed for many pictures: what may be done is done, the rest is counted and named.

Each function takes the ids that were chosen, writes in one transaction and asks a constant
number of queries, however many there are (`MAX_SELECTED` at most, see `selection_forms`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection as Some
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Team, User
from gallery import arranging, documents, keeping, publishing
from gallery.forms import MAX_TAGS
from gallery.models import Asset, Collection, PublicationRequest, Tag, TeamShare, Visibility
from gallery.models.asset_queries import AssetQuerySet

#: Pictures that are worked on at once.
MAX_SELECTED = 500
#: Pictures that emptying the bin deletes for ever at once, and in one transaction of it.
MAX_ERASED, BATCH = 1_000, 200

Ids = Some[uuid.UUID]


@dataclass(frozen=True)
class Outcome:
    """How many were asked for, and for which of them it holds now.

    `full` had too many tags already; `gone` hang no more in the list that they were chosen from;
    `waiting` were to be published and wait for an editor's word; `moment` is when they were
    binned, which undoes it.
    """

    asked: int
    held: Ids
    full: Ids = ()
    gone: Sequence[uuid.UUID] = ()
    waiting: Ids = ()
    moment: dt.datetime | None = None

    @property
    def done(self) -> int:
        return len(self.held)

    @property
    def refused(self) -> int:
        return self.asked - len(self.held) - len(self.full)


@transaction.atomic
def share(user: User, ids: Ids, team: Team) -> Outcome:
    """Hang those of `user` in the gallery of `team`, where `user` holds the right to."""
    mine = _held(Asset.objects.disposable_by(user), ids)
    rows = [TeamShare(asset=asset, team=team, made_at=asset.created_at) for asset in mine]
    TeamShare.objects.bulk_create(rows, ignore_conflicts=True)
    pks = [asset.pk for asset in mine]
    documents.rewrite(pks)
    return Outcome(len(ids), pks)


@transaction.atomic
def unshare(user: User, ids: Ids, team: Team) -> Outcome:
    """Take those of `user` out of the gallery of `team`, and others' where `user` edits it."""
    mine = _keys(Asset.objects.disposable_by(user), ids)
    hung = TeamShare.objects.filter(team=team, asset__in=ids).removable_by(user)
    gone = list(hung.order_by("asset").values_list("asset", flat=True))
    PublicationRequest.objects.filter(team=team, asset__in=gone).withdraw()
    TeamShare.objects.filter(team=team, asset__in=gone).end()
    return Outcome(len(ids), {*mine, *gone}, gone=gone)


@transaction.atomic
def publish(user: User, ids: Ids) -> Outcome:
    """Show those of `user` to everyone, or ask the editors who decide that."""
    mine = _keys(Asset.objects.disposable_by(user), ids)
    return Outcome(len(ids), mine, waiting=publishing.publish_all(user, mine))


@transaction.atomic
def unpublish(user: User, ids: Ids) -> Outcome:
    """Show those of `user` to everyone no longer, and ask nobody to."""
    mine = _keys(Asset.objects.disposable_by(user), ids)
    Asset.objects.filter(pk__in=mine).update(visibility=Visibility.PRIVATE)
    PublicationRequest.objects.filter(asset__in=mine).withdraw()
    return Outcome(len(ids), mine)


@transaction.atomic
def tag(user: User, ids: Ids, names: Some[str]) -> Outcome:
    """File those that `user` may change under these words too, as far as there is room."""
    may = _keys(Asset.objects.editable_by(user), ids)
    # In one order, or two people who invent the same words lock each other out.
    Tag.objects.bulk_create((Tag(name=name) for name in sorted(names)), ignore_conflicts=True)
    wanted = set(Tag.objects.filter(name__in=names).values_list("pk", flat=True))
    filed = Asset.tags.through.objects
    before = list(filed.filter(asset__in=may).values_list("asset_id", "tag_id"))
    counts = Counter(asset for asset, each in before if each not in wanted)
    fit = [pk for pk in may if counts[pk] + len(wanted) <= MAX_TAGS]
    new = (Asset.tags.through(asset_id=pk, tag_id=each) for pk in fit for each in sorted(wanted))
    filed.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    documents.rewrite(fit)
    return Outcome(len(ids), fit, full=set(may) - set(fit))


@transaction.atomic
def untag(user: User, ids: Ids, names: Some[str]) -> Outcome:
    """Take these words away from those that `user` may change."""
    may = _keys(Asset.objects.editable_by(user), ids)
    Asset.tags.through.objects.filter(asset__in=may, tag__name__in=names).delete()
    documents.rewrite(may)
    return Outcome(len(ids), may)


def collect(user: User, ids: Ids, collection: Collection) -> Outcome:
    """Put those that `user` may see at the end of it. Raises `arranging.Full`."""
    return Outcome(len(ids), arranging.add(collection, user, ids).seen)


def take_out(user: User, ids: Ids, collection: Collection) -> Outcome:
    """Take those that `user` sees in it out of a collection."""
    seen = arranging.pictures(collection, user).filter(pk__in=ids)
    gone = list(seen.values_list("pk", flat=True))
    arranging.remove(collection, gone)
    return Outcome(len(ids), gone, gone=gone)


@transaction.atomic
def call_sensitive(user: User, ids: Ids, *, sensitive: bool) -> Outcome:
    """The owner's word about those of `user`: sensitive, or whatever others found."""
    mine = _keys(Asset.objects.disposable_by(user), ids)
    Asset.objects.filter(pk__in=mine).update(owner_sensitive=sensitive)
    return Outcome(len(ids), mine)


@transaction.atomic
def move_to_bin(user: User, ids: Ids) -> Outcome:
    """Delete those of `user`, with a way back: `undo` what lies in the bin since `moment`."""
    gone = Asset.objects.disposable_by(user).filter(pk__in=ids).move_to_bin()
    first = Asset.objects.in_bin_of(user).filter(pk__in=gone[:1]).first()
    return Outcome(len(ids), gone, gone=gone, moment=first.deleted_at if first else None)


def undo(user: User, moment: dt.datetime) -> int:
    """Bring back what `user` deleted at that very moment; says how many."""
    return Asset.objects.in_bin_of(user).filter(deleted_at=moment).update(deleted_at=None)


def restore(user: User, ids: Ids) -> Outcome:
    """Bring these back from the bin of `user`."""
    found = list(Asset.objects.in_bin_of(user).filter(pk__in=ids).values_list("pk", flat=True))
    Asset.objects.in_bin_of(user).filter(pk__in=found).update(deleted_at=None)
    return Outcome(len(ids), found, gone=found)


def restore_all(user: User) -> int:
    """Bring everything back from the bin of `user`; says how many."""
    return Asset.objects.in_bin_of(user).update(deleted_at=None)


def erase(user: User, ids: Ids) -> Outcome:
    """Delete these from the bin of `user` for ever, bytes and all."""
    found = list(Asset.objects.in_bin_of(user).filter(pk__in=ids).values_list("pk", flat=True))
    keeping.purge(found)
    return Outcome(len(ids), found, gone=found)


def empty_bin(user: User) -> tuple[int, int]:
    """Delete what lies in the bin of `user` for ever; says how many, and how many are left.

    At most `MAX_ERASED` at once, so that nobody waits long and no request does for ever.
    """
    binned = Asset.objects.in_bin_of(user).order_by("deleted_at", "pk")
    done = 0
    while done < MAX_ERASED and (batch := list(binned.values_list("pk", flat=True)[:BATCH])):
        done += keeping.purge(batch)
    return done, binned.count()


def _keys(rows: AssetQuerySet, ids: Ids) -> list[uuid.UUID]:
    return [asset.pk for asset in _held(rows, ids)]


def _held(rows: AssetQuerySet, ids: Ids) -> list[Asset]:
    """Those of `ids` among `rows`, in one order, kept from being deleted meanwhile."""
    found = rows.filter(pk__in=ids).values_list("pk", flat=True)
    kept = Asset.objects.filter(pk__in=list(found), deleted_at=None).order_by("pk")
    return list(kept.select_for_update(no_key=True).only("pk", "created_at"))
