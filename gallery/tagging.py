"""The words somebody filed their own pictures under: found, completed, renamed, taken away."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from gallery import documents
from gallery.models import Asset, Tag

#: How many words are offered for one that was begun.
OFFERED = 8
BATCH = 500
_LAST_WORD = re.compile(r"[^,\s]*$")


@dataclass(frozen=True)
class TagPage:
    """Words in their order, each with how many pictures of one's own have it."""

    items: list[tuple[str, int]]
    #: Pass it as `after`; None on the last page.
    next_after: str | None


def mine(user: User, *, begins: str = "", after: str = "", limit: int) -> TagPage:
    """The words of the pictures of `user` that begin so, `limit` of them after `after`."""
    rows = _used_by(user).filter(name__startswith=begins.lower(), name__gt=after).order_by("name")
    names = list(rows.values_list("name", flat=True)[: limit + 1])
    shown = names[:limit]
    filed = Asset.tags.through.objects.filter(asset__owner=user, asset__deleted_at=None)
    counted = filed.filter(tag__name__in=shown).values_list("tag__name").annotate(n=Count("pk"))
    counts = dict(counted)
    items = [(name, counts.get(name, 0)) for name in shown]
    return TagPage(items, shown[-1] if len(names) > limit else None)


def has(user: User, name: str) -> bool:
    """Whether a picture of `user` is under that word, those in the bin too."""
    return Asset.tags.through.objects.filter(asset__owner=user, tag__name=name).exists()


def completions(user: User, text: str) -> list[str]:
    """What `text` could become: its last word completed by words of the pictures of `user`."""
    begun = _LAST_WORD.search(text)
    word = begun[0].lstrip("#").lower() if begun else ""
    if not word:
        return []
    before = text[: len(text) - len(begun[0])] if begun else ""
    said = {each.strip("#").lower() for each in re.split(r"[,\s]+", before)}
    rows = _used_by(user).filter(name__startswith=word).exclude(name__in=said).order_by("name")
    return [before + name for name in rows.values_list("name", flat=True)[:OFFERED]]


@transaction.atomic
def rename(user: User, old: str, new: str) -> int:
    """File what of `user` is under `old` under `new` instead, also where that is there already.

    Others keep their words. Says how many pictures it was.
    """
    assets = _assets(user, old)
    if not assets or old == new:
        return len(assets)
    tag, _made = Tag.objects.get_or_create(name=new)
    filed = Asset.tags.through.objects
    for start in range(0, len(assets), BATCH):
        batch = assets[start : start + BATCH]
        both = filed.filter(tag=tag, asset__in=batch).values_list("asset", flat=True)
        only_old = set(batch) - set(both)
        filed.filter(tag__name=old, asset__in=only_old).update(tag=tag)
        filed.filter(tag__name=old, asset__in=batch).delete()
        documents.rewrite(batch)
    return len(assets)


@transaction.atomic
def forget(user: User, name: str) -> int:
    """Take a word from every picture of `user`; says how many had it."""
    assets = _assets(user, name)
    filed = Asset.tags.through.objects.filter(tag__name=name)
    for start in range(0, len(assets), BATCH):
        filed.filter(asset__in=assets[start : start + BATCH]).delete()
        documents.rewrite(assets[start : start + BATCH])
    return len(assets)


def _assets(user: User, name: str) -> list[uuid.UUID]:
    """The pictures of `user` under that word, those in the bin too."""
    filed = Asset.tags.through.objects.filter(asset__owner=user, tag__name=name)
    return list(filed.order_by("asset").values_list("asset", flat=True))


def _used_by(user: User) -> QuerySet[Tag]:
    filed = Asset.tags.through.objects.filter(tag=OuterRef("pk"), asset__owner=user)
    return Tag.objects.filter(Exists(filed.filter(asset__deleted_at=None)))
