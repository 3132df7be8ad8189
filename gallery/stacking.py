"""Stacks: the pictures that somebody made of the same words with the same settings.

A list shows of each its newest picture there. "There is none newer of the stack in this list"
is asked of one index for each row that is walked along, so that pages stay as quick at any depth.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from gallery import recipe
from gallery.models import Asset, Sort
from gallery.models.asset_queries import AssetQuerySet
from gallery.scopes import Found

#: What may differ between the pictures of one stack.
VARYING = frozenset({"seed", "count", "output_format"})


def stack_of(owner_id: int, made: Mapping[str, Any]) -> int | None:
    """The number that variations share (63 bits); None where the recipe says no wish.

    Migration 0006 holds a copy, for the pictures that were there before.
    """
    asked = recipe.request_of(made)
    if not asked:
        return None
    wish = {name: value for name, value in asked.items() if name not in VARYING}
    same = [owner_id, made.get("model", ""), wish]
    text = json.dumps(same, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def can_fold(found: Found) -> bool:
    """Whether `fold` folds it: what was searched for shows each picture that was found."""
    return found.sieve is None and found.sort == Sort.NEWEST


def fold(found: Found) -> Found:
    """The same list with one picture of each stack, its newest there."""
    if not can_fold(found):
        return found
    rows, base = (_newest(each, found.rows) for each in (found.rows, found.base))
    walks = [_newest(walk, found.rows) for walk in found.walks]
    return replace(found, rows=rows, base=base, walks=walks)


def only(found: Found, stack: int) -> Found:
    """The pictures of one stack in the list."""
    walks = [walk.filter(stack=stack) for walk in found.walks]
    rows, base = found.rows.filter(stack=stack), found.base.filter(stack=stack)
    return replace(found, rows=rows, base=base, walks=walks)


def count(found: Found, assets: Sequence[Asset]) -> None:
    """Say of each how many of its stack are in the list, as `stacked`; one query."""
    wanted = {asset.stack for asset in assets if asset.stack is not None}
    rows = found.rows.filter(stack__in=wanted).order_by() if wanted else Asset.objects.none()
    sizes = dict(rows.values_list("stack").annotate(n=Count("pk")))
    for asset in assets:
        asset.stacked = sizes.get(asset.stack, 1)


def _newest(rows: AssetQuerySet, whole: AssetQuerySet) -> AssetQuerySet:
    later = Q(created_at__gt=OuterRef("created_at")) | Q(pk__gt=OuterRef("pk"))
    newer = whole.filter(stack=OuterRef("stack"), created_at__gte=OuterRef("created_at"))
    return rows.filter(Q(stack=None) | ~Exists(newer.filter(later)))
