"""Who is next: fair turns, claims with a lease, and rescue of what was abandoned.

Start-time fair queueing. A generation's turn is the later of the turn being
served and the end of its owner's previous one, so five pictures submitted behind
somebody's five hundred are served among the next few, whoever's credits pay for
either. A claim takes the lowest turns by index, whatever the length of the queue.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from accounts.models import Membership, TeamRight, User
from accounts.rights import roles_with
from generator.models import Generation, IdempotencyKey, Lane, ParkedSession, Status
from generator.models.clock import lease_end

#: Turns are integers; one credit is this many, so that weights can divide them.
TURNS_PER_CREDIT = 1000
#: A generation that waits this long, in seconds, should have been claimed: its bell was lost.
BELL_PATIENCE = 10.0
#: How many waiting generations are looked at for mates of one pass.
MATES_AT_ONCE = 64


def next_turn(engine: str, owner: User) -> int:
    """The turn of a generation that `owner` submits now.

    Call it inside the submitting transaction, after the charge: the charge holds
    the wallet's row, so what one person orders with one wallet follows each other.
    """
    lane, _created = Lane.objects.get_or_create(engine=engine)
    last = (
        Generation.objects.filter(owner=owner, engine=engine)
        .order_by("-turn")
        .values_list("turn", "unit_price", "count")
        .first()
    )
    if last is None:
        return lane.serving
    turn, unit_price, count = last
    return max(lane.serving, turn + width(unit_price * count))


def width(cost: int) -> int:
    """How far a generation of `cost` credits pushes its owner back; free work counts as one."""
    return max(cost, 1) * TURNS_PER_CREDIT


def claim(engine: str, limit: int = 1) -> list[Generation]:
    """Take the next due generation of `engine`, and what can share its pass.

    `limit` is how many pictures one pass may have; the first generation comes whatever
    its count. Each comes back running, under a lease of its own. Empty when nothing is due.
    """
    if not Generation.objects.due(engine).exists():
        return []
    with transaction.atomic():
        lane = Lane.locked(engine)
        chosen = _choose(_claimable(engine), limit)
        claimed = [generation for generation in chosen if _begin(generation)]
        if claimed:
            lane.advance(claimed[0].turn)
    return claimed


def join(first: Generation, room: int) -> list[Generation]:
    """Take what can share a pass with `first`, which runs: up to `room` pictures."""
    mates = Generation.objects.due(first.engine).filter(batch_key=first.batch_key)
    if not mates.exists():
        return []
    with transaction.atomic():
        Lane.locked(first.engine)
        chosen = _fitting(_claimable(first.engine).filter(batch_key=first.batch_key), room, [])
        return [generation for generation in chosen if _begin(generation)]


def _claimable(engine: str) -> QuerySet[Generation]:
    """What is due, without the people who have enough running already."""
    running = _running_by_owner()
    busy = [owner for owner, count in running.items() if count >= owner.most_running]
    due = Generation.objects.due(engine).exclude(owner__running_limit=0)
    return due.exclude(owner__in=busy)


def _running_by_owner() -> Counter[User]:
    """How many generations of each person run now, on all engines."""
    running = Generation.objects.filter(status=Status.RUNNING).select_related("owner")
    return Counter(each.owner for each in running.only("owner", "owner__running_limit"))


def _choose(due: QuerySet[Generation], limit: int) -> list[Generation]:
    first = due.select_related("payer", "model", "owner").first()
    if first is None or limit == 1:
        return [first] if first else []
    mates = due.filter(batch_key=first.batch_key).exclude(pk=first.pk)
    return [first, *_fitting(mates, limit - first.count, [first])]


def _fitting(mates: QuerySet[Generation], room: int, beside: list[Generation]) -> list[Generation]:
    """The next of `mates` that together have no more than `room` pictures.

    They and those `beside` them leave everybody within their share of running work.
    """
    chosen: list[Generation] = []
    running = _running_by_owner() + Counter(generation.owner for generation in beside)
    small = mates.filter(count__lte=max(0, room)).select_related("payer", "model", "owner")
    for mate in small[:MATES_AT_ONCE]:
        if mate.count <= room and running[mate.owner] < mate.owner.most_running:
            chosen.append(mate)
            running[mate.owner] += 1
            room -= mate.count
    return chosen


def _begin(generation: Generation) -> bool:
    token = uuid.uuid4()
    begun = Generation.objects.filter(pk=generation.pk, status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_token=token,
        lease_until=lease_end(),
        started_at=Now(),
        revision=F("revision") + 1,
    )
    generation.status, generation.lease_token = Status.RUNNING, token
    generation.attempt += 1
    return begun == 1


def rescue() -> set[str]:
    """Give back (or fail) what dead workers left running; returns the engines to wake."""
    reason = "The worker stopped several times while making this picture."
    abandoned = Generation.objects.abandoned().select_related("payer")
    return {row.engine for row in abandoned if row.rescue("worker_lost", reason)}


def expire() -> int:
    """Fail what has waited longer than QUEUE_EXPIRY_SECONDS; returns how many."""
    limit = dt.timedelta(seconds=settings.QUEUE_EXPIRY_SECONDS)
    reason = "No worker became free in time."
    waiting = Generation.objects.queued_for(limit).select_related("payer")
    return sum(generation.expire(reason) for generation in waiting)


def unheard(patience: float = BELL_PATIENCE) -> set[str]:
    """The engines of what could have begun `patience` seconds ago.

    One bell each is enough: who hears it rings on. So bells do not pile up for an engine
    that no worker serves.
    """
    waiting = Generation.objects.queued_for(dt.timedelta(seconds=patience)).free_to_begin()
    return set(waiting.order_by().values_list("engine", flat=True).distinct())


def stop_closed_accounts() -> int:
    """Cancel and refund what people wait for whose account was closed; returns how many."""
    theirs = Generation.objects.unfinished().filter(owner__is_active=False)
    return sum(generation.cancel() for generation in theirs.select_related("payer"))


def stop_lost_wallets() -> int:
    """Cancel and refund what a team pays for people who may not spend its credits any more.

    They left, were removed or given a lesser role, or the team was closed; its wallet takes
    the credits back all the same. Returns how many.
    """
    spends = Membership.objects.filter(
        user=OuterRef("owner"),
        team=OuterRef("payer__team"),
        team__closed_at=None,
        role__in=roles_with(TeamRight.SPEND),
    )
    theirs = Generation.objects.unfinished().filter(payer__team__isnull=False)
    lost = theirs.exclude(Exists(spends)).select_related("payer")
    return sum(generation.cancel() for generation in lost)


def forget_old_keys() -> int:
    """Delete idempotency keys that no client repeats, and sessions that nobody resumes any more."""
    deleted, _rows = IdempotencyKey.objects.stale().delete()
    ParkedSession.objects.stale().delete()
    return deleted
