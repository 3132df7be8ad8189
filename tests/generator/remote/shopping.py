"""Running errands in a test: no database, no waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.contract import ImageRequest
from generator.engines import Errand, Event, Picture, Receipt, Refusal
from generator.engines.remote.client import Limits
from generator.engines.remote.engine import RemoteEngine
from generator.engines.remote.trip import Means

KEY = "not-a-real-key-0123456789"
#: Patient with a busy machine.
LIMITS = Limits(connect=10, read=20, total=30, download=20, answer_bytes=2**20)


@dataclass
class Memory:
    """Purchases kept in this process, by the protocol of `generator.engines.Purchases`."""

    receipts: dict[int, Receipt] = field(default_factory=dict)
    failures: int = 0
    ours: bool = True
    wanted: bool = True
    committed: bool = False
    log: list[str] = field(default_factory=list)

    def receipt(self, position: int) -> Receipt | None:
        return self.receipts.get(position)

    def keep(self, position: int, receipts: Sequence[Receipt]) -> bool:
        self.log += [receipt.task for receipt in receipts]
        self.receipts.update(enumerate(receipts, position))
        return self.ours

    def drop(self, position: int) -> None:
        self.failures += 1
        self.receipts.pop(position, None)

    def name(self, position: int) -> str:
        return f"order:{position}:{self.failures}"

    def unwanted(self) -> bool:
        return not self.wanted


class Naps:
    """A sleep that takes no time and remembers how long it should have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)

    def clock(self) -> float:
        return sum(self.taken)


def request(**fields: Any) -> ImageRequest:
    plain = {"width": 256, "height": 256, "steps": 20, "seed": 7, "model": "theirs"}
    return ImageRequest(**{"prompt": "a red house", **plain, **fields})


def engine(naps: Naps | None = None, limits: Limits = LIMITS) -> RemoteEngine:
    naps = naps or Naps()
    return RemoteEngine(Means(limits, naps, naps.clock))


def errand(
    provider: str,
    url: str,
    memory: Memory | None = None,
    *,
    model: str = "",
    patience: float = 900,
    **fields: Any,
) -> Errand:
    """Buy at `url`, a server of the tests; `fields` are those of the request."""
    account = {"provider": provider, "url": url, "key_env": "LIMNER_KEY_TEST", "model": model}
    options = {**account, "patience": patience}
    return Errand(request(**fields), options, memory or Memory())


def shop(errand: Errand, naps: Naps | None = None, limits: Limits = LIMITS) -> list[Event]:
    return list(engine(naps, limits).buy([errand]))


def pictures(events: list[Event]) -> list[Picture]:
    return [event for event in events if isinstance(event, Picture)]


def refusal(events: list[Event]) -> Refusal:
    """The one refusal that ended it."""
    [found] = [event for event in events if isinstance(event, Refusal)]
    assert events[-1] is found
    return found
