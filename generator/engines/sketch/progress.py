"""What is shown while a picture is being painted, and what too few steps leave of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from generator.engines.sketch import finish, strokes
from generator.engines.sketch.color import Floats
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import Streams, resize

FULL = 20  # steps that finish a picture
COATS = 0.62  # the part of the work done with visible strokes


class Progress:
    """Previews from a small colour study: strokes coarse to fine, then finished detail.

    Each coat is laid in small parts, from the sky to the foreground, so every preview is
    nearer to the picture than the one before.
    """

    def __init__(self, study: Frame, streams: Streams) -> None:
        self.goal = np.clip(study.rgb, 0, 1)
        self.unit = study.unit
        near = np.log(np.clip(study.depth, 1.0, 60.0))
        rows = np.linspace(0, 0.35, study.height, dtype=np.float32)[:, None]
        self.order = (1.0 - near / float(np.log(60.0)) + rows).astype(np.float32)
        self.streams = streams
        self.image = finish.to_image(self.goal)
        self.canvas = finish.to_image(strokes.toned(self.goal))
        self.level = 0
        self._queue = self._coats()
        self._done = 0.0

    def _coats(self) -> Iterator[float]:
        levels = len(strokes.BRUSHES) - 1
        for level in range(levels):
            brush = max(1.5, strokes.BRUSHES[level] * self.unit)
            for part in range(1, 4):
                gen = self.streams.get(f"coat {level}")
                for _ in strokes.coat(
                    self.canvas, self.image, brush, gen, part / 3, self.order, everywhere=level == 0
                ):
                    pass
                yield COATS * (level + part / 3) / levels

    def preview(self, done: float) -> Image.Image:
        """The picture as it stands at `done` (0..1)."""
        while self._done < min(done, COATS):
            self._done = next(self._queue, 1.0)
        if done <= COATS:
            return self.canvas.copy()
        return finish.to_image(
            reveal(
                finish.from_image(self.canvas), self.goal, self.order, (done - COATS) / (1 - COATS)
            )
        )


def reveal(loose: Floats, final: Floats, order: Floats, share: float) -> Floats:
    """Finished detail spreading from what is far to what is near; `share` 0..1."""
    low, high = float(order.min()), float(order.max())
    rank = (order - low) / max(1e-6, high - low)
    weight = np.clip((share * 1.25 - rank) * 4.0, 0.0, 1.0)[..., None]
    result: Floats = loose + (final - loose) * weight
    return result


def loosen(rgb: Floats, frame: Frame, steps: int) -> strokes.Work:
    """A picture that was given fewer steps than it needs."""
    done = steps / FULL
    finest = min(4, int(done / COATS * 4))
    gen = frame.streams.get("loose")
    loose = yield from strokes.painted(rgb, frame.unit, gen, finest, start=0 if finest < 2 else 1)
    if done <= COATS:
        return loose
    rows = np.linspace(0, 0.35, frame.height, dtype=np.float32)[:, None]
    order: Floats = 1.0 - np.log(np.clip(frame.depth, 1.0, 60.0)) / float(np.log(60.0)) + rows
    h, w = frame.height, frame.width
    order = resize(resize(order.astype(np.float32), max(2, h // 8), max(2, w // 8)), h, w)
    return reveal(loose, rgb, order, (done - COATS) / (1 - COATS))
