"""From jobs to forward passes: group what can share one, size it by memory, report.

A pass is a number of pictures (of one job or of several people's) with one model,
size, number of steps, sampler, guidance and set of adapters. Each picture has its
own prompt and its own generator, so it comes out the same whoever else is in the
pass, to within the rounding of sums (docs/decisions/0011-diffusion.md).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image

from generator.contract import ImageRequest
from generator.engines import Event, Picture, Refusal
from generator.engines.diffusion import loading, memory, prompts, refusals
from generator.engines.diffusion.bridge import Emit, stream
from generator.engines.diffusion.loading import Loaded, Shelf
from generator.engines.diffusion.passes import Pass
from generator.engines.diffusion.places import BadPlace

if TYPE_CHECKING:
    from generator.engines.diffusion.engine import Studio

logger = logging.getLogger("limner.diffusion")

TOO_LARGE = "This picture needs more memory than the graphics card has; choose a smaller size."


@dataclass(frozen=True)
class Item:
    """One picture to paint: `position` of `jobs[job]`, with that picture's own seed."""

    job: int
    position: int
    request: ImageRequest
    initial: Image.Image | None
    guides: tuple[Image.Image, ...]


def pass_key(item: Item) -> tuple[object, ...]:
    """Equal for pictures that one pass can paint."""
    request = item.request
    return (
        *(request.model, request.width, request.height, request.steps, request.sampler),
        *(request.guidance_scale, request.clip_skip, request.loras, request.controls),
        *(item.initial is None, request.strength),
    )


class Painter:
    """Keeps the models and paints; one call at a time, for the models are shared."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.device = loading.best_device(studio.device)
        self.shelf = Shelf(studio.models_dir, self.device, studio.memory)
        self.ceilings = memory.Ceilings(self.device, studio.batch)
        self.painting = threading.Lock()

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        """Steps, previews and pictures of all `jobs`, or why there are none."""
        items: dict[tuple[object, ...], list[Item]] = {}
        for number, request in enumerate(jobs):
            try:
                for item in self._items(number, request):
                    items.setdefault(pass_key(item), []).append(item)
            except (BadPlace, LookupError) as error:
                yield Refusal(number, str(error.args[0] if error.args else error))
        for group in items.values():
            yield from self._group(group)

    def _items(self, number: int, request: ImageRequest) -> list[Item]:
        options = self.studio.options_of(request.model)
        if reason := refusals.why_not(request, options, self.studio.models_dir):
            raise BadPlace(reason)
        fetch = self.studio.fetch
        initial = fetch(request.initial_image) if request.initial_image else None
        guides = tuple(fetch(control.guide) for control in request.controls)
        return [
            Item(number, position, request.for_position(position), initial, guides)
            for position in range(request.count)
        ]

    def _group(self, group: list[Item]) -> Iterator[Event]:
        # Looked up here, for what it asks may belong to this thread (a database does).
        options = self.studio.options_of(group[0].request.model)
        try:
            yield from stream(partial(self._paint, group, dict(options)))
        except BadPlace as error:
            for job in dict.fromkeys(item.job for item in group):
                yield Refusal(job, str(error))

    def _paint(self, group: list[Item], options: dict[str, object], emit: Emit[Event]) -> None:
        request = group[0].request
        with self.painting:
            loaded = self.shelf.get(options)
            # A model from the hub tells its family only now.
            known = {**options, "family": loaded.kind.value}
            if reason := refusals.why_not(request, known, self.studio.models_dir):
                raise BadPlace(reason)
            loaded.wear(request.loras)
            by_length: dict[int, list[Item]] = {}
            for item in group:
                wording = prompts.Wording.of(item.request)
                length = prompts.windows(loaded.base, loaded.kind, wording)
                by_length.setdefault(length, []).append(item)
            for same in by_length.values():
                self._passes(same, loaded, emit)

    def _passes(self, items: list[Item], loaded: Loaded, emit: Emit[Event]) -> None:
        """Paint `items` in passes as large as memory allows."""
        request = items[0].request
        pixels = request.width * request.height
        while items:
            chunk = items[: self.ceilings.get(request.model, pixels)]
            if self._fits(partial(self._one, chunk, loaded, emit)):
                items = items[len(chunk) :]
            elif len(chunk) > 1:
                logger.warning("out of memory with %d pictures at once", len(chunk))
                self.ceilings.halve(request.model, pixels, len(chunk))
            elif not self._make_do(loaded):
                raise BadPlace(TOO_LARGE)

    def _one(self, chunk: list[Item], loaded: Loaded, emit: Emit[Event]) -> None:
        for item, image in zip(chunk, Pass(chunk, loaded, emit).images(), strict=True):
            emit(Picture(item.job, item.position, image))

    def _fits(self, attempt: Callable[[], None]) -> bool:
        """Run `attempt`; False when it ran out of memory."""
        try:
            attempt()
        except (RuntimeError, MemoryError) as error:
            if not memory.is_exhausted(error):
                raise
        else:
            return True
        # Here, and not above: the error held on to everything the pass had made.
        loading.free_memory()
        return False

    def _make_do(self, loaded: Loaded) -> bool:
        """Free what one picture alone can do without; False when there is nothing left."""
        if self.shelf.forget_others(loaded):
            return True
        vae = loaded.base.vae
        if getattr(vae, "use_tiling", True):
            return False
        vae.enable_tiling()
        return True
