"""What the job feed shows: somebody's latest generations, newest first."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from accounts.models import User
from gallery.models import Asset
from generator.catalog import ratios, styles
from generator.contract import ImageRequest, InvalidRequest
from generator.models import Generation, Output, PictureDelivery, Preview, Status
from generator.models.generation_rows import GenerationQuerySet

SHOWN = 20
#: Milliseconds between looks. Idle pages do not ask at all.
WHILE_RUNNING, WHILE_QUEUED = 600, 2000


@dataclass(frozen=True)
class Slot:
    """One picture of a job: `done`, `gone` (deleted later), `painting` or `waiting`."""

    position: int
    state: str
    asset: Asset | None = None

    @property
    def number(self) -> int:
        return self.position + 1


class Job:
    """A generation as its card shows it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.request: ImageRequest = generation.request
        self.pk, self.status = generation.pk, Status(generation.status)

    @property
    def is_queued(self) -> bool:
        return self.status == Status.QUEUED

    @property
    def is_running(self) -> bool:
        return self.status == Status.RUNNING

    @property
    def place(self) -> int:
        """1 is next."""
        return getattr(self.generation, "ahead", 0) + 1

    @property
    def step(self) -> int:
        """Of the picture that is being painted, 1-based; 0 before the first."""
        done = self.generation.delivered * self.request.steps
        return min(max(self.generation.step - done, 0), self.request.steps)

    @property
    def number(self) -> int:
        """Which picture is being painted, 1-based."""
        return min(self.generation.delivered + 1, self.generation.count)

    @property
    def spent(self) -> int:
        return self.generation.cost - self.generation.refunded

    @property
    def shape(self) -> str:
        """ "3:2" where the size is one we know by name, else "640 × 512"."""
        size = (self.request.width, self.request.height)
        found = ratios.by_size(*size)
        return found[0].slug if found else f"{size[0]} × {size[1]}"

    @property
    def style(self) -> str:
        """The style's name; empty without one."""
        if self.request.style == "none":
            return ""
        try:
            return styles.by_slug(self.request.style).name
        except InvalidRequest:
            return self.request.style

    @property
    def preview(self) -> str:
        """The unfinished picture as a data: address; empty before there is one."""
        try:
            image = bytes(self.generation.preview.image)
        except Preview.DoesNotExist:
            return ""
        return f"data:image/webp;base64,{base64.b64encode(image).decode()}"

    @cached_property
    def slots(self) -> list[Slot]:
        """One per picture while it works; afterwards only those that were delivered."""
        outputs = {output.position: output for output in self.generation.outputs.all()}
        missing = [n for n in range(self.generation.count) if n not in outputs]
        painting = missing[0] if missing and self.is_running else None
        positions = outputs if self.generation.is_finished else range(self.generation.count)
        return [self._slot(position, outputs.get(position), painting) for position in positions]

    @staticmethod
    def _slot(position: int, output: Output | None, painting: int | None) -> Slot:
        if output is not None:
            return Slot(position, "done" if output.asset else "gone", output.asset)
        return Slot(position, "painting" if position == painting else "waiting")

    @property
    def first_asset(self) -> Asset | None:
        return next((slot.asset for slot in self.slots if slot.asset), None)

    @property
    def mark(self) -> tuple[Any, ...]:
        """Differs whenever the card would look different."""
        assets = [slot.asset and slot.asset.pk for slot in self.slots]
        return (self.pk, self.generation.revision, self.place, assets)


class Feed:
    """The latest jobs of `user`; `state` tells two looks apart."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.jobs = [Job(generation) for generation in _latest(user)]
        self.has_more = len(self.jobs) == SHOWN

    @property
    def unfinished(self) -> int:
        return sum(not job.generation.is_finished for job in self.jobs)

    @property
    def interval(self) -> int:
        """Milliseconds until the page asks again; 0 when there is nothing to wait for."""
        if any(job.is_running for job in self.jobs):
            return WHILE_RUNNING
        return WHILE_QUEUED if self.unfinished else 0

    @property
    def state(self) -> str:
        marks = repr([job.mark for job in self.jobs]).encode()
        return hashlib.blake2b(marks, digest_size=8).hexdigest()


def job_of(user: User, generation_id: uuid.UUID) -> Job | None:
    """One job that `user` ordered or has to account for, with the pictures they may see."""
    rows = _shown(Generation.objects.accountable_to(user), user).filter(pk=generation_id)
    generation = rows.first()
    return Job(generation) if generation else None


def _latest(user: User | AnonymousUser) -> list[Generation]:
    rows = _shown(Generation.objects.of(user), user)
    return list(rows.order_by("-created_at", "-pk")[:SHOWN])


def _shown(rows: GenerationQuerySet, user: User | AnonymousUser) -> GenerationQuerySet:
    """With all that a card shows, in a constant number of queries."""
    assets = Asset.objects.visible_to(user).prefetch_related("variants")
    outputs = Prefetch("outputs__asset", queryset=assets)
    related = rows.with_place().select_related("model", "preview", "owner", "payer__team")
    failed = PictureDelivery.objects.of(user).failed()
    undelivered = Prefetch("deliveries", queryset=failed, to_attr="undelivered")
    return related.prefetch_related("outputs", outputs, undelivered)
