"""The picture while it is being painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from generator.engines.sketch.color import RGB, Floats, array
from generator.engines.sketch.noise import Noise, Streams
from generator.engines.sketch.palette import Palette
from generator.engines.sketch.scene import Scene

SKY = 1000.0  # the depth of what is not land


Ground = Callable[[Sequence[float], Sequence[float]], list[float]]


def _flat(x: Sequence[float], z: Sequence[float]) -> list[float]:
    del z
    return [0.0] * len(x)


@dataclass
class Frame:
    """Pixels, depth (world units), water, drawn figures and light; lengths in `unit`."""

    scene: Scene
    streams: Streams
    noise: Noise
    width: int
    height: int
    rgb: Floats
    depth: Floats
    water: NDArray[np.bool_]
    figure: NDArray[np.bool_]
    glow: Floats
    glow_factor: int = 4
    sky: Floats | None = None
    levels: Ground = field(default=_flat)

    def ground(self, x: float, z: float) -> float:
        """Height of the visible surface at one point of the world."""
        return self.levels([x], [z])[0]

    @classmethod
    def blank(cls, scene: Scene, streams: Streams, width: int, height: int) -> Frame:
        """An empty frame for `scene`."""
        shape = (height, width)
        small = (-(-height // 4), -(-width // 4), 3)
        return cls(
            scene, streams, Noise(streams.get("noise")), width, height,
            np.zeros((*shape, 3), np.float32), np.full(shape, SKY, np.float32),
            np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), np.zeros(small, np.float32),
        )  # fmt: skip

    @property
    def unit(self) -> float:
        """The length that compositions are measured in: sqrt(width * height) pixels."""
        return float((self.width * self.height) ** 0.5)

    @property
    def palette(self) -> Palette:
        return self.scene.palette

    @property
    def horizon(self) -> float:
        """The row of the horizon."""
        return self.scene.horizon * self.height

    def project(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Column and row of a world point."""
        scale = self.unit / z
        return self.width / 2 + x * scale, self.horizon + (1.0 - y) * scale

    def haze(self, z: float) -> float:
        """How much of a thing at depth `z` the air hides, 0..1."""
        return float(1.0 - np.exp(-max(0.0, z - 2.0) / self.scene.visibility))

    def shine(self, x: float, y: float, radius: float, color: RGB, strength: float) -> None:
        """Add a soft round light at column `x`, row `y`; `radius` in pixels."""
        f = self.glow_factor
        cx, cy, r = x / f, y / f, max(1.0, radius / f)
        box = clip_box(int(cx - 3 * r), int(cy - 3 * r), int(cx + 3 * r) + 2, int(cy + 3 * r) + 2,
                       self.glow.shape[1], self.glow.shape[0])  # fmt: skip
        if box is None:
            return
        x0, y0, x1, y1 = box
        ys = ((np.arange(y0, y1, dtype=np.float32) - cy) / r)[:, None] ** 2
        xs = ((np.arange(x0, x1, dtype=np.float32) - cx) / r)[None, :] ** 2
        self.glow[y0:y1, x0:x1] += (np.exp(-(xs + ys)) * strength)[..., None] * array(color)

    def figured(self, soft: float) -> Floats:
        """Where drawn figures are, 0..1 with an axis for the channels; edges `soft` units wide."""
        mask = Image.fromarray(self.figure.astype(np.uint8) * 255)
        mask = mask.filter(ImageFilter.BoxBlur(max(1.0, soft * self.unit)))
        return np.asarray(mask, np.float32)[..., None] * np.float32(1 / 255)

    def composite(
        self,
        rgb: Floats,
        alpha: Floats,
        left: int,
        top: int,
        z: float | None,
        *,
        figure: bool = False,
    ) -> None:
        """Lay a sprite over the frame; its pixels take depth `z` (None: they keep theirs).

        A `figure` is a drawn thing, whose details the styles try to keep.
        """
        height, width = alpha.shape
        box = clip_box(left, top, left + width, top + height, self.width, self.height)
        if box is None:
            return
        x0, y0, x1, y1 = box
        cut = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        a = alpha[cut][..., None]
        target = self.rgb[y0:y1, x0:x1]
        target += (rgb[cut] - target) * a
        if z is not None:
            solid = a[..., 0] > 0.5
            self.depth[y0:y1, x0:x1][solid] = z
            self.water[y0:y1, x0:x1][solid] = False
            self.figure[y0:y1, x0:x1][solid] = figure

    @contextmanager
    def drawn(self, top: int, bottom: int) -> Iterator[ImageDraw.ImageDraw]:
        """Lend rows `top`..`bottom` to Pillow; what was drawn is read back afterwards."""
        top, bottom = max(0, top), min(self.height, bottom)
        band = self.rgb[top:bottom]
        image = Image.fromarray((np.clip(band, 0, 1) * 255 + 0.5).astype(np.uint8))
        yield ImageDraw.Draw(image)
        changed = np.asarray(image, np.float32) * (1 / 255)
        moved = np.abs(changed - band).max(axis=2) > 0.004
        band[moved] = changed[moved]


def clip_box(
    x0: int, y0: int, x1: int, y1: int, width: int, height: int
) -> tuple[int, int, int, int] | None:
    """The box inside the frame, or None when nothing of it is."""
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
