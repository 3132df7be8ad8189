"""How much pictures were liked lately: a score that lists can walk along."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from gallery.models import Asset, Like

#: A like counts half as much after so long, and nothing after `WINDOW`.
HALF_LIFE = dt.timedelta(days=2)
WINDOW = dt.timedelta(days=14)
#: What a like of this moment counts.
WEIGHT = 1_000
BATCH = 500


def refresh(now: dt.datetime | None = None) -> int:
    """Work out every score anew; says how many changed. May run twice at once without harm."""
    now = now or timezone.now()
    wanted = scores(now)
    before = dict(Asset._base_manager.filter(trend__gt=0).values_list("pk", "trend"))
    known = sorted(wanted.keys() | before.keys())
    changed = [pk for pk in known if wanted.get(pk, 0) != before.get(pk, 0)]
    for start in range(0, len(changed), BATCH):
        with transaction.atomic():
            for pk in changed[start : start + BATCH]:
                Asset._base_manager.filter(pk=pk).update(trend=wanted.get(pk, 0))
    return len(changed)


def scores(now: dt.datetime) -> dict[uuid.UUID, int]:
    """The likes of the last days, each worth the less the older it is."""
    found: dict[uuid.UUID, float] = defaultdict(float)
    recent = Like.objects.filter(created_at__gt=now - WINDOW).values_list("asset", "created_at")
    for pk, moment in recent.iterator():
        age = max(dt.timedelta(0), now - moment)
        found[pk] += WEIGHT * 0.5 ** (age / HALF_LIFE)
    return {pk: round(score) for pk, score in found.items() if round(score)}
