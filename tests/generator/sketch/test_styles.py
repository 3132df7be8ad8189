"""Each style has the look its name promises, measured."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from generator.engines.sketch.color import Floats, luma, to_oklab
from generator.engines.sketch.styles import STYLES
from tests.generator.sketch.looking import brightness, chroma, colors_in, paint

# the style presets of the AIThriving document
DOCUMENTED = {
    "3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance",
    "fantasy-art", "isometric", "line-art", "low-poly", "modeling-compound", "neon-punk",
    "origami", "photographic", "pixel-art", "tile-texture",
}  # fmt: skip
PROMPT = "castle on a hill"


def seam(rgb: Floats) -> float:
    """How much the opposite edges differ, in steps between neighbours."""
    grey = luma(rgb)
    across = np.abs(grey[:, 0] - grey[:, -1]).mean() / np.abs(np.diff(grey, axis=1)).mean()
    down = np.abs(grey[0] - grey[-1]).mean() / np.abs(np.diff(grey, axis=0)).mean()
    return float(max(across, down))


def test_every_documented_style_has_a_painter() -> None:
    assert set(STYLES) == DOCUMENTED | {"none"}


def test_no_two_styles_look_alike() -> None:
    small = {s: paint(PROMPT, s).reshape(64, 4, 64, 4, 3).mean(axis=(1, 3)) for s in STYLES}
    closest = min(np.abs(small[a] - small[b]).mean() for a, b in combinations(STYLES, 2))
    assert closest > 0.01


def test_an_unknown_style_is_painted_as_none() -> None:
    assert np.array_equal(paint(PROMPT, "no-such-style"), paint(PROMPT))


def test_pixel_art_has_few_colours() -> None:
    assert colors_in(paint(PROMPT, "pixel-art", size=512)) <= 32
    assert colors_in(paint(PROMPT, size=512)) > 10_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_line_art_is_ink_on_pale_paper(seed: int) -> None:
    picture = paint(PROMPT, "line-art", seed=seed)
    assert float(np.median(luma(picture))) > 0.85
    assert chroma(picture) < 0.03


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_neon_is_dark_and_between_cyan_and_magenta(seed: int) -> None:
    picture = paint(PROMPT, "neon-punk", seed=seed)
    lab = to_oklab(picture)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    colored = np.hypot(lab[..., 1], lab[..., 2]) > 0.06
    assert brightness(picture) < 0.45
    assert ((hue[colored] > 180) | (hue[colored] < 10)).mean() > 0.8


@pytest.mark.parametrize("prompt", ["foxes in a forest", "sea waves with boats", "gold zorgle"])
def test_tiles_meet_at_their_edges(prompt: str) -> None:
    assert seam(paint(prompt, "tile-texture")) < 2.5


def test_cinematic_has_black_bars() -> None:
    picture = paint(PROMPT, "cinematic")
    assert max(brightness(picture[:15]), brightness(picture[-15:])) < 0.05


def test_a_style_keeps_what_the_negative_prompt_removed_out() -> None:
    with_fox = paint("a red fox in a meadow at noon", "low-poly")
    without = paint("a red fox in a meadow at noon", "low-poly", negative="fox")
    middle = np.s_[100:220, 80:176]
    assert with_fox[middle][..., 0].mean() > 1.15 * without[middle][..., 0].mean()


def test_ink_leaves_the_lights_of_the_night_on() -> None:
    night = paint("city skyline at night", "comic-book")
    skyline = night[night.shape[0] // 3 : night.shape[0] * 6 // 10]
    warm = (skyline[..., 0] > 0.55) & (skyline[..., 0] > skyline[..., 2])
    assert float(warm.mean()) > 0.08  # 0.05 where every window has an outline
