"""The engine: canonical requests in, progress, previews and finished pictures out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from generator.contract import GeneratedImage, ImageRequest
from generator.engines import Event, Picture, Preview, Step
from generator.engines.sketch import finish
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.painting import paint
from generator.engines.sketch.progress import FULL, Progress, loosen
from generator.engines.sketch.reading import Reading, read
from generator.engines.sketch.scene import plan

ENGINE_VERSION = "2"
LABEL = "Limner sketch (procedural, not AI)"
STUDY = 160  # longer side of the colour study, pixels
MOST_PIXELS = 1_700_000  # larger pictures are painted at this size and enlarged
PREVIEWS = 12
PREVIEW = 256  # longer side of the last preview, pixels
SCRATCH = 31 << 20  # bytes; glibc ignores what is larger than 32 MiB


class SketchEngine:
    """Paints without a model: deterministic per seed, prompt and engine version."""

    name = "sketch"
    batch = 1

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        """Paint every picture of every job, one after another."""
        _keep_freed_memory()
        for job, request in enumerate(jobs):
            for position in range(request.count):
                yield from _Work(job, position, request.for_position(position)).events()


class _Work:
    """One picture: a small colour study for the previews, then the picture itself."""

    def __init__(self, job: int, position: int, request: ImageRequest) -> None:
        self.job, self.position, self.request = job, position, request
        self.reading = read(request.prompt, request.negative_prompt)
        self.style = request.style if request.style != "none" else self.reading.style or "none"
        self.streams = Streams(request.seed, request.prompt)
        self.step = 0
        self.shown = 0

    def events(self) -> Iterator[Event]:
        """Steps and previews as the work proceeds, then the picture."""
        width, height = _working_size(self.request.width, self.request.height)
        ratio = STUDY / max(width, height)
        study = self._frame(max(32, round(width * ratio)), max(32, round(height * ratio)))
        for _ in paint(study, self.style):
            pass
        progress = Progress(study, self.streams)
        yield Preview(self.job, self.position, progress.preview(0.04))
        frame = self._frame(width, height)
        for done in paint(frame, self.style):
            yield from self._report(0.05 + 0.9 * done, progress)
        for _ in self._loosen(frame):
            yield from self._report(0.95, progress)
        pixels = self._finished(frame)
        yield from self._report(0.999, progress)
        yield from self._last(pixels)
        image = GeneratedImage(pixels, self.request.seed, notes(self.reading))
        yield Picture(self.job, self.position, image)

    def _frame(self, width: int, height: int) -> Frame:
        request = self.request
        aspect = request.width / request.height
        scene = plan(self.reading, self.streams, aspect, request.guidance_scale)
        return Frame.blank(scene, self.streams, width, height)

    def _report(self, done: float, progress: Progress) -> Iterator[Event]:
        """The steps reached by `done`, and now and then what it looks like.

        Always yields something (the last step again, if nothing is new), so that whoever
        drives the engine can stop it between any two passes.
        """
        beat = True
        reached = min(1.0, self.request.steps / FULL) * done
        while self.step < int(done * self.request.steps + 1e-6):
            self.step += 1
            yield Step(self.job, self.position, self.step, self.request.steps)
            beat = False
        if self.shown < int(done * PREVIEWS):
            self.shown = int(done * PREVIEWS)
            yield Preview(self.job, self.position, progress.preview(reached))
        elif beat and self.step:
            yield Step(self.job, self.position, self.step, self.request.steps)

    def _last(self, pixels: Image.Image) -> Iterator[Event]:
        """The last step, with the picture itself as the last preview."""
        while self.step < self.request.steps:
            self.step += 1
            yield Step(self.job, self.position, self.step, self.request.steps)
        small = pixels.copy()
        small.thumbnail((PREVIEW, PREVIEW), Image.Resampling.BOX, reducing_gap=2.0)
        yield Preview(self.job, self.position, small)

    def _loosen(self, frame: Frame) -> Iterator[None]:
        if self.request.steps < FULL:
            rgb = np.clip(frame.rgb, 0, 1)
            frame.rgb = yield from loosen(rgb, frame, self.request.steps)

    def _finished(self, frame: Frame) -> Image.Image:
        size = (self.request.width, self.request.height)
        image = finish.to_image(frame.rgb)
        if image.size == size:
            return image
        sharp = self.style == "pixel-art"
        return image.resize(size, Image.Resampling.NEAREST if sharp else Image.Resampling.BICUBIC)


def _keep_freed_memory() -> None:
    """Spare a quarter of the time: pages that are handed back must be faulted in again.

    glibc gives every freed block above a threshold back to the system at once, and raises that
    threshold to the largest block it has seen freed (mallopt(3), M_MMAP_THRESHOLD).
    """
    scratch = np.empty(SCRATCH, np.uint8)  # never touched, so it costs nothing
    del scratch


def _working_size(width: int, height: int) -> tuple[int, int]:
    """The size that is painted: the asked one unless that is very large."""
    shrink = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    return round(width * shrink), round(height * shrink)


def notes(reading: Reading) -> dict[str, object]:
    """What is kept with the picture."""
    return {
        "engine": "sketch",
        "engine_version": ENGINE_VERSION,
        "label": LABEL,
        "scene": reading.kinds(),
        "ignored": reading.unknown[:40],
    }
