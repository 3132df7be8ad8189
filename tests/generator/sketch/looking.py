"""Pictures for these tests (each painted once per run) and ways to measure them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from generator.contract import ImageRequest
from generator.engines import Picture
from generator.engines.sketch import SketchEngine
from generator.engines.sketch.color import Floats, luma, to_oklab

SEEDS = (1, 2, 3)


@lru_cache(maxsize=400)
def paint(
    prompt: str, style: str = "none", *, seed: int = 1, size: int = 256, negative: str = "",
    steps: int = 20, guidance: float = 7.0,
) -> Floats:  # fmt: skip
    """The finished picture, floats 0..1."""
    request = ImageRequest(
        prompt=prompt, style=style, seed=seed, width=size, height=size, negative_prompt=negative,
        steps=steps, guidance_scale=guidance,
    )  # fmt: skip
    events = SketchEngine().generate([request])
    pixels = next(event.image.pixels for event in events if isinstance(event, Picture))
    return np.asarray(pixels, np.float32) / 255


def brightness(rgb: Floats) -> float:
    """Mean luma."""
    return float(luma(rgb).mean())


def chroma(rgb: Floats) -> float:
    """Mean OKLab chroma."""
    return float(np.hypot(to_oklab(rgb)[..., 1], to_oklab(rgb)[..., 2]).mean())


def share_of_hue(rgb: Floats, target: str, *, reach: float = 40.0, least: float = 0.03) -> float:
    """The share of pixels whose hue is within `reach` degrees of a colour's."""
    lab = to_oklab(rgb)
    goal = to_oklab(np.array([int(target[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32))
    away = np.arctan2(lab[..., 2], lab[..., 1]) - float(np.arctan2(goal[2], goal[1]))
    away = np.abs((away + np.pi) % (2 * np.pi) - np.pi)
    colored = np.hypot(lab[..., 1], lab[..., 2]) > least
    return float(((away < np.radians(reach)) & colored).mean())


def edge_energy(rgb: Floats) -> float:
    """Mean absolute difference to the right-hand neighbour."""
    return float(np.abs(np.diff(luma(rgb), axis=1)).mean())


def detail(rgb: Floats) -> float:
    """Mean absolute Laplacian."""
    g = luma(rgb)
    laplacian = 4 * g[1:-1, 1:-1] - g[:-2, 1:-1] - g[2:, 1:-1] - g[1:-1, :-2] - g[1:-1, 2:]
    return float(np.abs(laplacian).mean())


def colors_in(rgb: Floats) -> int:
    """How many different colours there are."""
    return len(np.unique((rgb * 255).round().astype(np.uint8).reshape(-1, 3), axis=0))


def median(values: list[float]) -> float:
    """The middle of a few measurements."""
    return float(np.median(values))
