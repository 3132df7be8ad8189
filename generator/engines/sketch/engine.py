"""The engine: canonical requests in, progress, previews and finished pictures out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image

from generator.contract import GeneratedImage, ImageRequest
from generator.engines import Event, Picture, Preview, Step
from generator.engines.sketch import finish
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.painting import paint
from generator.engines.sketch.reading import Reading, read
from generator.engines.sketch.scene import plan

ENGINE_VERSION = "1"
LABEL = "Limner sketch (procedural, not AI)"
STUDY = 176  # longer side of the colour study, pixels


class SketchEngine:
    """Paints without a model: deterministic per seed, prompt and engine version."""

    name = "sketch"
    batch = 1

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        """Paint every picture of every job, one after another."""
        for job, request in enumerate(jobs):
            for position in range(request.count):
                yield from _paint_one(job, position, request.for_position(position))


def _paint_one(job: int, position: int, request: ImageRequest) -> Iterator[Event]:
    reading = read(request.prompt, request.negative_prompt)
    study = _study(request, reading)
    yield Preview(job, position, study)
    frame = _frame(request, reading, request.width, request.height)
    step = 0
    for done in paint(frame, request.style):
        while step < int(done * request.steps):
            step += 1
            yield Step(job, position, step, request.steps)
    pixels = finish.to_image(frame.rgb)
    yield Picture(job, position, GeneratedImage(pixels, request.seed, notes(reading)))


def _study(request: ImageRequest, reading: Reading) -> Image.Image:
    ratio = STUDY / max(request.width, request.height)
    frame = _frame(request, reading, round(request.width * ratio), round(request.height * ratio))
    for _ in paint(frame, request.style):
        pass
    return finish.to_image(frame.rgb)


def _frame(request: ImageRequest, reading: Reading, width: int, height: int) -> Frame:
    streams = Streams(request.seed, request.prompt)
    scene = plan(reading, streams, request.width / request.height, request.guidance_scale)
    return Frame.blank(scene, streams, width, height)


def notes(reading: Reading) -> dict[str, object]:
    """What is kept with the picture."""
    return {
        "engine": "sketch",
        "engine_version": ENGINE_VERSION,
        "label": LABEL,
        "scene": reading.kinds(),
        "ignored": reading.unknown[:40],
    }
