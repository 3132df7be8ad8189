"""Random streams and coherent noise.

Every layer of a picture draws from its own stream, keyed by seed, prompt and
layer name, so that leaving one layer out does not reshuffle the others. Only
`Generator.random` is used: it is the call whose stream NumPy keeps stable.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.engines.sketch.color import Floats

GRID = 64  # cells after which the noise repeats
SIZE = 512  # samples per side of the stored tile
PER_CELL = SIZE // GRID


class Streams:
    """Independent random generators by layer name."""

    def __init__(self, seed: int, prompt: str) -> None:
        self._key = f"{seed}\x1f{' '.join(prompt.lower().split())}"

    def get(self, layer: str) -> np.random.Generator:
        """A fresh generator for `layer`: asking twice gives the same numbers twice."""
        digest = blake2b(f"{self._key}\x1f{layer}".encode("utf-8", "replace"), digest_size=16)
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest.digest(), "little")))


def resize(field: Floats, height: int, width: int) -> Floats:
    """`field` (2-D) resampled bicubically to `height` x `width`."""
    image = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def smooth(low: float, high: float, value: Floats) -> Floats:
    """Hermite step: 0 below `low`, 1 above `high` (the order may be reversed)."""
    t = np.clip((value - low) * (1.0 / (high - low)), 0.0, 1.0)
    result: Floats = t * t * (3.0 - 2.0 * t)
    return result


class Noise:
    """A periodic value-noise tile, sampled at any coordinates; values about -1..1."""

    def __init__(self, gen: np.random.Generator) -> None:
        grid = gen.random((GRID, GRID)).astype(np.float32)
        padded = np.pad(grid, 4, mode="wrap")
        side = (GRID + 8) * PER_CELL
        tile = resize(padded, side, side)[
            4 * PER_CELL : -4 * PER_CELL, 4 * PER_CELL : -4 * PER_CELL
        ]
        tile = (tile - float(tile.mean())) * (0.45 / float(tile.std()))
        self._flat = np.ascontiguousarray(tile, dtype=np.float32).ravel()

    def at(self, x: Floats, y: Floats | float) -> Floats:
        """Bilinear samples; one unit of `x` or `y` is one cell."""
        x, y = np.broadcast_arrays(x * PER_CELL, y * PER_CELL)
        column, row = np.floor(x), np.floor(y)
        fx, fy = x - column, y - row
        i = column.astype(np.int32) & (SIZE - 1)
        j = (row.astype(np.int32) & (SIZE - 1)) * SIZE
        i1 = (i + 1) & (SIZE - 1)
        j1 = (j + SIZE) & (SIZE * SIZE - 1)
        take = self._flat.take
        top = take(j + i)
        top += (take(j + i1) - top) * fx
        bottom = take(j1 + i)
        bottom += (take(j1 + i1) - bottom) * fx
        result: Floats = top + (bottom - top) * fy
        return result

    def fbm(self, x: Floats, y: Floats | float, octaves: int = 5, gain: float = 0.5) -> Floats:
        """Fractal sum of octaves, about -1..1."""
        total = self.at(x, y)
        weight = 1.0
        for octave in range(1, octaves):
            weight *= gain
            scale = 2.03**octave
            total = total + weight * self.at(x * scale + 17.3 * octave, y * scale + 9.1 * octave)
        return total * (1.0 - gain) * 1.4


def field(
    gen: np.random.Generator, height: int, width: int, cells: int, octaves: int = 4
) -> Floats:
    """A full frame of wrapping fractal noise (about -1..1), `cells` across its shorter side.

    Cheap: every octave is a small random grid enlarged by Pillow.
    """
    total = np.zeros((height, width), np.float32)
    weight, norm = 1.0, 0.0
    for _ in range(octaves):
        rows = max(2, round(cells * height / min(height, width)))
        columns = max(2, round(cells * width / min(height, width)))
        total += weight * _wrapped(gen.random((rows, columns)), height, width)
        norm += weight
        weight *= 0.5
        cells *= 2
    return total * (2.2 / norm)


def _wrapped(grid: NDArray[np.float64], height: int, width: int) -> Floats:
    """One octave: `grid` enlarged so that its edges meet; zero mean."""
    rows, columns = grid.shape
    pad = 2
    padded = np.pad(grid.astype(np.float32) - 0.5, pad, mode="wrap")
    image = Image.fromarray(padded)
    box = (pad, pad, columns + pad, rows + pad)
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC, box=box))
