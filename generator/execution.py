"""Run what was claimed: drive the engine, keep its pictures, settle.

A run owns its generations only as long as it holds their leases. Every write
says so; the first one refused means that somebody cancelled or rescued the
generation, and whatever we still make for it is thrown away.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import F
from PIL import Image

from gallery import keeping, provenance
from generator import delivery, health, recipes, shutdown, translating
from generator.contract import ImageRequest
from generator.engines import (
    BuyingEngine,
    Errand,
    Event,
    Picture,
    Preview,
    Refusal,
    Step,
    fill_seconds,
    get_engine,
)
from generator.leases import Heartbeat
from generator.models import Generation, Output
from generator.models import Preview as PreviewRow
from generator.models.generation import LeaseLost
from generator.purchases import Purchases
from generator.scheduling import claim, join

logger = logging.getLogger("limner.execution")

#: Progress is written at most this often, in seconds.
PROGRESS_INTERVAL = 0.15
PREVIEW_SIDE = 256
UNEXPECTED = "Something went wrong while making this picture."


@dataclass(frozen=True)
class Job:
    """One request to the engine: pictures `offset`, `offset + 1`, … of `generation`.

    `notes` are for the recipe: how the request differs from what was asked for.
    """

    generation: Generation
    request: ImageRequest
    offset: int
    notes: Mapping[str, str] = field(default_factory=dict)


def work(engine_name: str) -> bool:
    """Claim what is due for `engine_name` and run it; False when nothing was."""
    engine = get_engine(engine_name)
    generations = claim(engine_name, engine.batch)
    if generations:
        if patience := fill_seconds(engine):
            generations += _latecomers(generations, engine.batch, patience)
        with Heartbeat(generations):
            Run(engine_name, generations).finish()
    return bool(generations)


def _latecomers(generations: list[Generation], batch: int, patience: float) -> list[Generation]:
    """Those that are submitted within `patience` seconds and still fit into the same pass."""
    room = batch - sum(generation.count for generation in generations)
    if room <= 0:
        return []
    time.sleep(patience)
    return join(generations[0], room)


def jobs_of(generation: Generation) -> list[Job]:
    """What is left to make: everything, or one job per picture that an earlier try missed."""
    request = generation.request
    if not generation.delivered:
        return [Job(generation, request, 0)]
    done = set(generation.outputs.values_list("position", flat=True))
    missing = [position for position in range(request.count) if position not in done]
    return [Job(generation, request.for_position(position), position) for position in missing]


class Run:
    """One call of an engine for one or several generations."""

    def __init__(self, engine_name: str, generations: Sequence[Generation]) -> None:
        self.engine_name = engine_name
        self.open = {generation.pk: generation for generation in generations}
        self.jobs = [job for generation in generations for job in jobs_of(generation)]
        self.purchases = [Purchases(job.generation, job.offset) for job in self.jobs]
        self.wrote_progress = dict.fromkeys(self.open, time.monotonic())

    def finish(self) -> None:
        """Run until every generation is settled, given back or no longer ours."""
        try:
            self._drive()
        except Exception:
            logger.exception("engine %s failed", self.engine_name)
            for generation in self.open.values():
                health.failed(generation.model_id, UNEXPECTED)
            self._give_back("engine_error", UNEXPECTED, spent=True)
        else:
            # The engine ended without an answer for these.
            self._give_back("engine_silent", UNEXPECTED, spent=True)

    def _drive(self) -> None:
        with closing(_generator(self._events())) as stream:
            for event in stream:
                self._handle(event)
                if not self.open:
                    return
                if shutdown.requested() and not any(p.committed for p in self.purchases):
                    self._give_back("", "", spent=False)
                    return

    def _events(self) -> Iterator[Event]:
        self.jobs = [_in_english(job) for job in self.jobs]
        engine = get_engine(self.engine_name)
        if isinstance(engine, BuyingEngine):
            return engine.buy([*map(_errand, self.jobs, self.purchases)])
        return engine.generate([job.request for job in self.jobs])

    def _handle(self, event: Event) -> None:
        job = self.jobs[event.job]
        if job.generation.pk not in self.open:
            return
        try:
            self._write(job, event)
        except LeaseLost:
            self._drop(job.generation)

    def _write(self, job: Job, event: Event) -> None:
        match event:
            case Step() | Preview():
                self._progress(job, event)
            case Picture():
                self._deliver(job, event)
            case Refusal(reason=reason, retryable=True, wait=wait, spent=spent):
                job.generation.requeue("engine_busy", reason, spent=spent, wait=wait)
                self._drop(job.generation)
                health.failed(job.generation.model_id, reason)
            case Refusal(reason=reason):
                job.generation.settle("refused", reason)
                self._drop(job.generation)
                health.failed(job.generation.model_id, reason)

    def _progress(self, job: Job, event: Step | Preview) -> None:
        generation = job.generation
        now = time.monotonic()
        if isinstance(event, Step):
            position = job.offset + event.position
            generation.step = position * job.request.steps + event.step
            if now - self.wrote_progress[generation.pk] < PROGRESS_INTERVAL:
                return
        self.wrote_progress[generation.pk] = now
        with transaction.atomic():
            generation.hold(step=generation.step, revision=F("revision") + 1)
            if isinstance(event, Preview):
                mark = recipes.source_type(generation, job.request)
                PreviewRow.show(generation, small_webp(event.pixels, mark))

    def _deliver(self, job: Job, event: Picture) -> None:
        generation, position = job.generation, job.offset + event.position
        image = replace(event.image, meta={**event.image.meta, **job.notes})
        stored = keeping.store(recipes.new_picture(generation, position, image))
        try:
            with transaction.atomic():
                generation.deliver()
                asset = keeping.record(stored)
                Output.objects.create(generation=generation, position=position, asset=asset)
        except BaseException:
            keeping.discard(stored)
            raise
        if generation.is_finished:
            self._drop(generation)
        health.worked(generation.model_id)
        if delivery.has_any(generation):
            delivery.send_due()

    def _give_back(self, code: str, reason: str, *, spent: bool) -> None:
        for generation in list(self.open.values()):
            generation.requeue(code, reason, spent=spent)
            self._drop(generation)

    def _drop(self, generation: Generation) -> None:
        self.open.pop(generation.pk, None)


def _in_english(job: Job) -> Job:
    worded = translating.in_english(job.request)
    return replace(job, request=worded.request, notes=worded.notes)


def _errand(job: Job, purchases: Purchases) -> Errand:
    return Errand(job.request, job.generation.model.engine_options, purchases)


def small_webp(pixels: Image.Image, mark: str) -> bytes:
    """A preview for pages and streams: at most 256 px, a few kilobytes, with its `mark`."""
    small = pixels.convert("RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=60, method=0, **provenance.variant_extras(mark))
    return buffer.getvalue()


def _generator(events: Iterator[Event]) -> Generator[Event]:
    """Engines may return any iterator; this one can be closed."""
    yield from events
