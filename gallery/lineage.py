"""What a picture was made from, and what was made from it, as far as somebody may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from gallery.models import Asset
from gallery.models.asset_queries import AssetQuerySet, Viewer

#: How far a tree is followed, up and down, and how many pictures of one depth it shows.
GENERATIONS_UP = 12
GENERATIONS_DOWN = 3
WIDTH = 24


@dataclass
class Branch:
    """A picture and those that were made from it; `more` says that some are not listed."""

    asset: Asset
    remixes: list[Branch] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Lineage:
    """`ancestors` begins with the oldest that could be followed; `hidden` says it has an older
    one that the viewer may not see. `tree` is the picture itself with what came of it.
    """

    ancestors: list[Asset]
    hidden: bool
    tree: Branch

    @property
    def is_alone(self) -> bool:
        """Whether it has neither forebears nor offspring to show."""
        return not (self.ancestors or self.hidden or self.tree.remixes)


def of(asset: Asset, viewer: Viewer) -> Lineage:
    """The lineage of a picture; costs one query per generation, however many pictures there are."""
    ancestors, hidden = _ancestors(asset, viewer)
    tree = Branch(asset)
    level, known = [tree], {asset.pk, *(each.pk for each in ancestors)}
    for _depth in range(GENERATIONS_DOWN):
        level = _grow(level, viewer, known)
    return Lineage(ancestors, hidden, tree)


def _ancestors(asset: Asset, viewer: Viewer) -> tuple[list[Asset], bool]:
    line: list[Asset] = []
    known, wanted = {asset.pk}, asset.parent_id
    while wanted and wanted not in known and len(line) < GENERATIONS_UP:
        parent = _shown(viewer).filter(pk=wanted).first()
        if parent is None:
            return line[::-1], True
        known.add(wanted)
        line.append(parent)
        wanted = parent.parent_id
    return line[::-1], False


def _grow(level: list[Branch], viewer: Viewer, known: set[uuid.UUID]) -> list[Branch]:
    """Hang the remixes of these branches below them, the oldest first; returns what was hung."""
    branches = {branch.asset.pk: branch for branch in level}
    grown: list[Branch] = []
    for remix in _remixes(list(branches), viewer):
        branch = branches.get(remix.parent_id) if remix.parent_id else None
        if branch is None or remix.pk in known:
            continue
        if len(grown) == WIDTH:
            branch.more = True
            break
        known.add(remix.pk)
        grown.append(Branch(remix))
        branch.remixes.append(grown[-1])
    return grown


def _remixes(parents: list[uuid.UUID], viewer: Viewer) -> list[Asset]:
    rows = _shown(viewer).filter(parent__in=parents).order_by("created_at", "pk")
    return list(rows[: WIDTH + 1]) if parents else []


def _shown(viewer: Viewer) -> AssetQuerySet:
    return Asset.objects.visible_to(viewer).prefetch_related("variants")
