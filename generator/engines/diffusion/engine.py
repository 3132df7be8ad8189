"""The engine as Limner sees it. It imports torch only when it is to paint."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from generator.contract import ImageRequest
from generator.engines import Event, Refusal
from generator.engines.diffusion import refusals

if TYPE_CHECKING:
    from generator.engines.diffusion.painting import Painter

ENGINE_VERSION = "1"
#: How long, in seconds, a worker waits for more requests that fit into one pass.
FILL_SECONDS = 0.03


@dataclass(frozen=True)
class Studio:
    """What the engine needs from around it.

    `options_of` gives an EngineModel's options by its slug, `fetch` a stored
    picture by its reference (raising LookupError when there is none).
    `memory` is how many bytes of weights may stay loaded, 0 for a share of what
    the device has; `device` is "cuda", "mps", "cpu", or "" for the best there is.
    """

    models_dir: Path
    options_of: Callable[[str], Mapping[str, Any]]
    fetch: Callable[[str], Image.Image]
    batch: int = 8
    memory: int = 0
    device: str = ""


class DiffusionEngine:
    """Paints with diffusers. Jobs that fit share a forward pass; see `painting`."""

    name = "diffusion"
    fill_seconds = FILL_SECONDS

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.batch = studio.batch
        self._painter: Painter | None = None
        self._making = threading.Lock()

    def generate(self, jobs: Sequence[ImageRequest]) -> Iterator[Event]:
        """Paint `jobs`; whatever cannot be painted is refused with its reason."""
        if line := refusals.missing_packages():
            for number in range(len(jobs)):
                yield Refusal(number, line)
            return
        yield from self.painter.generate(jobs)

    @property
    def painter(self) -> Painter:
        """The part that needs torch; its models stay loaded as long as this engine lives."""
        with self._making:
            if self._painter is None:
                from generator.engines.diffusion.painting import Painter

                self._painter = Painter(self.studio)
            return self._painter
