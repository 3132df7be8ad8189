"""What paints. An engine turns canonical requests into events, one by one.

Which engine serves which model is data (`generator.models.EngineModel`).
Progress and cancellation happen between events: an engine yields often, and
its caller closes the iterator when the work is no longer wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

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
    """This job will get no (more) pictures. `reason` is one sentence for people.

    A retryable one is tried again after `wait` seconds; `spent=False` means that nothing was
    tried, so that no try is counted.
    """

    job: int
    reason: str
    retryable: bool = False
    wait: float = 0.0
    spent: bool = True

    def __post_init__(self) -> None:
        if self.retryable and not self.spent and self.wait <= 0:
            raise ValueError("what was not tried must wait, or it is tried without end")


Event = Step | Preview | Picture | Refusal


class Engine(Protocol):
    """`batch` is how many compatible jobs one call may take."""

    name: str
    batch: int

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]: ...


@dataclass(frozen=True)
class Receipt:
    """How to ask a provider again for one picture that was bought from it.

    `task` is the provider's id of the purchase, `place` the picture's number in it (0-based),
    `link` where the finished picture lies, once that is known.
    """

    provider: str
    task: str
    place: int = 0
    link: str = ""


class Purchases(Protocol):
    """What was bought for one job, kept where the next worker finds it. Positions are the job's.

    While `committed` is true, the work in hand could not be resumed: whoever stops the worker
    waits for it, if there is time.
    """

    committed: bool

    def receipt(self, position: int) -> Receipt | None: ...

    def keep(self, position: int, receipts: Sequence[Receipt]) -> bool:
        """Note what pictures `position`, `position + 1`, … are; False: the job is not ours."""
        ...

    def drop(self, position: int) -> None:
        """Forget a purchase that came to nothing."""
        ...

    def name(self, position: int) -> str:
        """Names what is bought next for `position`: the same after a crash, new after a drop."""
        ...

    def unwanted(self) -> bool:
        """Whether nobody waits for these pictures any more."""
        ...


@dataclass(frozen=True)
class Errand:
    """A job for an engine that buys; `options` are its model's."""

    request: ImageRequest
    options: Mapping[str, Any]
    purchases: Purchases


@runtime_checkable
class BuyingEngine(Protocol):
    """An engine whose pictures are made and paid elsewhere, and asked for again after a fault."""

    name: str
    batch: int

    def buy(self, errands: Sequence[Errand]) -> Iterator[Event]: ...


def fill_seconds(engine: Engine | BuyingEngine) -> float:
    """How long a worker may wait for more jobs that share a pass: 0 unless the engine says so."""
    seconds: float = getattr(engine, "fill_seconds", 0.0)
    return seconds


@lru_cache(maxsize=8)
def get_engine(name: str) -> Engine | BuyingEngine:
    """The engine called `name` in `settings.ENGINES`; KeyError when there is none."""
    engine: Engine | BuyingEngine = import_string(settings.ENGINES[name])()
    return engine
