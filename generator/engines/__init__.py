"""What paints. An engine turns canonical requests into events, one by one.

Which engine serves which model is data (`generator.models.EngineModel`).
Progress and cancellation happen between events: an engine yields often, and
its caller closes the iterator when the work is no longer wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from PIL import Image

from generator.contract import GeneratedImage, ImageRequest


@dataclass(frozen=True)
class Step:
    """Progress of one picture: `step` of `steps` done, for `jobs[job]`, picture `position`."""

    job: int
    position: int
    step: int
    steps: int


@dataclass(frozen=True)
class Preview:
    """What the picture looks like so far (RGB, at most 256 px on its longer side)."""

    job: int
    position: int
    pixels: Image.Image


@dataclass(frozen=True)
class Picture:
    """A finished picture: number `position` of `jobs[job]`."""

    job: int
    position: int
    image: GeneratedImage


@dataclass(frozen=True)
class Refusal:
    """This job will get no (more) pictures. `reason` is one sentence for people."""

    job: int
    reason: str
    retryable: bool = False


Event = Step | Preview | Picture | Refusal


class Engine(Protocol):
    """`batch` is how many compatible jobs one call may take."""

    name: str
    batch: int

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]: ...


@lru_cache(maxsize=8)
def get_engine(name: str) -> Engine:
    """The engine called `name` in `settings.ENGINES`; KeyError when there is none."""
    engine: Engine = import_string(settings.ENGINES[name])()
    return engine
