"""What a page of pictures needs beside their own columns, asked for by their ids.

`AssetQuerySet.for_viewer` has the database find out the same beside each row. For a page it is
quicker to ask for all at once, and only about those where the answer could be no.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import Team, User
from accounts.prepared import Driven, Kinds, Prepared, driven, somebody
from gallery.models import Asset, Like, PublicationRequest, TeamShare, Variant
from gallery.models.asset_queries import Viewer, is_own

_ID = models.UUIDField()
_OWNER = Asset.owner.field
_IDS: Kinds = {"ids": _ID}
_ASKED: Kinds = {**_IDS, "viewer": models.BigAutoField()}

_LIKED = Prepared(
    lambda ids, viewer: Like.objects.filter(asset__in=ids, user=viewer).values_list("asset"),
    _ASKED,
    plain=True,
)
_EDITABLE = Prepared(
    lambda ids, viewer: (
        Asset.objects.filter(pk__in=ids).editable_by(somebody(viewer)).values_list("pk")
    ),
    _ASKED,
    plain=True,
)
_OWN = Prepared(
    lambda ids, viewer: (
        Asset.objects.filter(pk__in=ids).disposable_by(somebody(viewer)).values_list("pk")
    ),
    _ASKED,
    plain=True,
)
_TAGS = Prepared(
    lambda ids: (
        Asset.tags.through.objects.filter(asset__in=ids)
        .order_by("tag__name")
        .values_list("asset", "tag__name")
    ),
    _IDS,
    plain=True,
)
_TEAMS = Prepared(
    lambda ids, viewer: (
        TeamShare.objects.filter(asset__in=ids, team__in=Team.objects.of(somebody(viewer)))
        .order_by("team__name", "team")
        .values_list("asset", "team")
    ),
    _ASKED,
    plain=True,
)
_COPIES = Prepared(
    lambda ids: (
        Variant.objects.filter(asset__in=ids)
        .order_by("asset", "width")
        .values_list("asset", "width", "height")
    ),
    _IDS,
    plain=True,
)
_ASKED_FOR = Prepared(
    lambda ids: PublicationRequest.objects.waiting().filter(asset__in=ids).values_list("asset"),
    _IDS,
    plain=True,
)


@dataclass(frozen=True)
class Parts:
    """What other rows say of a picture: tags, teams it hangs in, widths and heights of copies.

    `asked`: whether its owner, who looks, waits for an editor's word about publishing it.
    """

    tags: Sequence[str]
    teams: Sequence[int]
    copies: Sequence[tuple[int, int]]
    asked: bool = False


def parts(assets: Sequence[Asset], viewer: Viewer) -> list[Parts]:
    """Of each picture in turn; of the teams, those that `viewer` is in."""
    ids = keys(assets)
    tags = _by_asset(_TAGS.rows(ids=ids))
    teams = _by_asset(_TEAMS.rows(ids=ids, viewer=viewer.pk) if viewer.pk else ())
    copies = _by_asset(_COPIES.rows(ids=ids))
    hidden = keys([asset for asset in assets if is_hidden_own(asset, viewer)])
    asked = {key for (key,) in _ASKED_FOR.rows(ids=hidden)}
    return [
        Parts(
            [name for (name,) in tags.get(key, ())],
            [team for (team,) in teams.get(key, ())],
            copies.get(key, ()),
            key in asked,
        )
        for key in ids
    ]


def keys(assets: Iterable[Asset]) -> Driven:
    """By what rows that are read plainly name these pictures."""
    return driven(_ID, [asset.id for asset in assets])


def liked(ids: Driven, viewer: Viewer) -> set[Any]:
    """Those of `keys` that `viewer` likes."""
    return _among(_LIKED, ids, viewer)


def is_hidden_own(asset: Asset, viewer: Viewer) -> bool:
    """Whether `viewer` owns it and may be waiting for somebody to let it be seen."""
    return asset.owner_id == viewer.pk and not asset.is_public


def dress(assets: Sequence[Asset], viewer: Viewer) -> None:
    """Add the columns of `AssetQuerySet.for_viewer` to each: who owns it, what `viewer` may do."""
    others = [asset for asset in assets if not is_own(asset, viewer)]
    people = _owners(others, viewer)
    ids = keys(assets)
    likes = liked(ids, viewer)
    edited = _among(_EDITABLE, keys(others), viewer)
    parents = _parents_seen({asset.parent_id for asset in assets if asset.parent_id}, viewer)
    for asset, key in zip(assets, ids, strict=True):
        asset.can_dispose = is_own(asset, viewer)
        asset.can_edit = asset.can_dispose or key in edited
        asset.liked = key in likes
        asset.parent_seen = asset.parent_id in parents
        _OWNER.set_cached_value(asset, people[asset.owner_id])


def _owners(others: Iterable[Asset], viewer: Viewer) -> dict[int, User]:
    known = {viewer.pk: viewer} if isinstance(viewer, User) else {}
    return known | User.objects.in_bulk({asset.owner_id for asset in others} - known.keys())


def _parents_seen(ids: set[uuid.UUID], viewer: Viewer) -> set[uuid.UUID]:
    """Which of them `viewer` may see: mostly they are the same person's."""
    named = dict(zip(driven(_ID, ids), ids, strict=True))
    own = _among(_OWN, Driven(named), viewer)
    left = {pk for key, pk in named.items() if key not in own}
    if not left:
        return ids
    seen = Asset.objects.filter(pk__in=left).visible_to(viewer)
    return ids - left | set(seen.values_list("pk", flat=True))


def _among(asked: Prepared, ids: Driven, viewer: Viewer) -> set[Any]:
    """Those that it says something of; nobody in particular has none."""
    return {key for (key,) in asked.rows(ids=ids, viewer=viewer.pk)} if viewer.pk else set()


def _by_asset(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for asset, *rest in rows:
        found.setdefault(asset, []).append(tuple(rest))
    return found
