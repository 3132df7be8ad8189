"""Engines for tests and benchmarks: real ones by the protocol, with nothing to paint."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence

from PIL import Image

from generator.contract import GeneratedImage, ImageRequest
from generator.engines import Event, Picture, Preview, Refusal, Step


def blank_picture(request: ImageRequest, position: int) -> GeneratedImage:
    """One colour, told by the seed."""
    one = request.for_position(position)
    color = tuple((one.seed >> shift) & 0xFF for shift in (0, 8, 16))
    return GeneratedImage(Image.new("RGB", (request.width, request.height), color), one.seed)


class BlankEngine:
    """Costs nothing: every picture is one colour, at once."""

    name = "blank"
    batch = 4

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        for number, request in enumerate(jobs):
            for position in range(request.count):
                yield Step(number, position, request.steps, request.steps)
                yield Picture(number, position, blank_picture(request, position))


class ScriptedEngine:
    """Does what the prompt says, so that a test in another process can steer it.

    Words it knows: ``refuse``, ``busy``, ``crash`` (raises), ``die`` (SIGKILL),
    ``silent`` (ends without an answer), ``slow`` (0.05 s a step), ``crawl`` (1 s a
    step), ``partial`` (refuses after the first picture).
    """

    name = "scripted"
    batch = 1

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        for number, request in enumerate(jobs):
            yield from self._one(number, request)

    def _one(self, number: int, request: ImageRequest) -> Iterator[Event]:
        words = request.prompt.split()
        if "refuse" in words:
            yield Refusal(number, "This prompt is refused.")
            return
        if "busy" in words:
            yield Refusal(number, "The provider is busy.", retryable=True)
            return
        if "crash" in words:
            raise RuntimeError("scripted")
        if "die" in words:
            os.kill(os.getpid(), signal.SIGKILL)
        if "silent" in words:
            return
        yield from self._paint(number, request, words)

    @staticmethod
    def _pause(words: list[str]) -> float:
        return 1 if "crawl" in words else 0.05 if "slow" in words else 0

    def _paint(self, number: int, request: ImageRequest, words: list[str]) -> Iterator[Event]:
        for position in range(request.count):
            if "partial" in words and position:
                yield Refusal(number, "No more today.")
                return
            for step in range(1, request.steps + 1):
                if pause := self._pause(words):
                    time.sleep(pause)
                yield Step(number, position, step, request.steps)
            picture = blank_picture(request, position)
            yield Preview(number, position, picture.pixels)
            yield Picture(number, position, picture)
