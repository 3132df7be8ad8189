"""A sketch obeys its prompt: measured on the pixels, bounds from a prototype's figures."""

from __future__ import annotations

import numpy as np
import pytest

from generator.engines.sketch.color import Floats, luma, to_oklab
from generator.engines.sketch.finish import box
from tests.generator.sketch.looking import (
    SEEDS,
    brightness,
    chroma,
    edge_energy,
    median,
    paint,
    share_of_hue,
)


def white_in_sky(rgb: Floats) -> float:
    lab = to_oklab(rgb[: rgb.shape[0] // 2])
    return float(((lab[..., 0] > 0.8) & (np.hypot(lab[..., 1], lab[..., 2]) < 0.05)).mean())


def sparkle(rgb: Floats) -> int:
    """Pixels of the upper quarter that stand out from their neighbourhood."""
    sky = luma(rgb)[: rgb.shape[0] // 4]
    return int((sky - box(sky, 3) > 0.1).sum())


def red_centre(rgb: Floats) -> float:
    """The mean column of clearly red pixels, 0..1."""
    red = (rgb[..., 0] > 0.35) & (rgb[..., :2].argmax(axis=2) == 0)
    red &= (rgb[..., 0] > rgb[..., 1] * 1.6) & (rgb[..., 0] > rgb[..., 2] * 1.6)
    return float(np.nonzero(red)[1].mean() / rgb.shape[1])


def bottom(rgb: Floats) -> Floats:
    return rgb[rgb.shape[0] * 7 // 10 :]


@pytest.mark.parametrize("seed", SEEDS)
def test_night_is_darker_than_noon(seed: int) -> None:
    night = brightness(paint("mountains and a lake at night", seed=seed))
    assert night < 0.7 * brightness(paint("mountains and a lake at noon", seed=seed))


@pytest.mark.parametrize(
    ("name", "value"), [("red", "d8242a"), ("blue", "2458d8"), ("teal", "149090")]
)
def test_a_colour_after_a_comma_colours_the_whole_picture(name: str, value: str) -> None:
    asked = [share_of_hue(paint(f"mountain landscape, {name}", seed=s), value) for s in SEEDS]
    plain = [share_of_hue(paint("mountain landscape", seed=s), value) for s in SEEDS]
    assert min(asked) > 0.6
    assert median(asked) > 2 * median(plain)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unknown_noun_still_gets_its_colour(seed: int) -> None:
    assert share_of_hue(paint("red quibble", seed=seed), "d8242a") > 0.6


def test_clouds_can_be_removed() -> None:
    with_clouds = [white_in_sky(paint("green hills at noon", seed=s)) for s in SEEDS]
    without = [white_in_sky(paint("green hills at noon", seed=s, negative="clouds")) for s in SEEDS]
    assert median(without) < 0.5 * median(with_clouds)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_moon_can_be_removed(seed: int) -> None:
    prompt = "full moon over the sea"
    with_moon, without = paint(prompt, seed=seed), paint(prompt, seed=seed, negative="moon")
    bright = [float((luma(p)[:140] > 0.72).mean()) for p in (with_moon, without)]
    assert bright[0] > 0.01
    assert bright[1] < bright[0] / 10


@pytest.mark.parametrize("seed", SEEDS)
def test_stars_can_be_removed(seed: int) -> None:
    prompt = "desert at night, stars"
    without = sparkle(paint(prompt, seed=seed, negative="stars, moon"))
    assert without < sparkle(paint(prompt, seed=seed, negative="moon")) / 3


def test_a_negative_prompt_about_nothing_in_the_picture_changes_nothing() -> None:
    plain = paint("green hills at noon")
    assert np.array_equal(plain, paint("green hills at noon", negative="watermark, elephant"))


def test_removing_trees_leaves_the_mountains_and_the_sky_alone() -> None:
    prompt = "mountains with a lake and pine trees at noon"
    with_trees, without = paint(prompt), paint(prompt, negative="trees, pine, forest")
    assert np.array_equal(with_trees[:40], without[:40])
    assert not np.array_equal(with_trees, without)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sea_takes_the_colour_of_the_hour(seed: int) -> None:
    sunset, noon = (
        bottom(paint("sea at sunset", seed=seed)),
        bottom(paint("sea at noon", seed=seed)),
    )
    assert sunset[..., 0].mean() > 1.05 * sunset[..., 2].mean()
    assert noon[..., 0].mean() < 0.95 * noon[..., 2].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_fog_softens_edges(seed: int) -> None:
    clear = edge_energy(paint("pine forest at noon", seed=seed)[100:200])
    assert edge_energy(paint("pine forest at noon, fog", seed=seed)[100:200]) < 0.85 * clear


@pytest.mark.parametrize("seed", SEEDS)
def test_rain_takes_colour_away(seed: int) -> None:
    dry = chroma(paint("green hills at noon", seed=seed))
    assert chroma(paint("green hills at noon, rain", seed=seed)) < 0.6 * dry


@pytest.mark.parametrize("seed", SEEDS)
def test_deserts_are_warm_and_seas_are_blue(seed: int) -> None:
    desert, sea = (
        bottom(paint("desert at noon", seed=seed)),
        bottom(paint("sea at noon", seed=seed)),
    )
    assert (desert[..., 0] > desert[..., 2] + 0.04).mean() > 0.6
    assert (sea[..., 2] > sea[..., 0] + 0.04).mean() > 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_snow_is_brighter_than_a_meadow(seed: int) -> None:
    assert brightness(bottom(paint("snow landscape at noon", seed=seed))) > 0.6
    assert brightness(bottom(paint("meadow at noon", seed=seed))) < 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_left_and_right_are_obeyed(seed: int) -> None:
    left = red_centre(paint("red house on the left, green meadow at noon", seed=seed))
    right = red_centre(paint("red house on the right, green meadow at noon", seed=seed))
    assert left < 0.4
    assert right > 0.6


def test_a_black_cat_is_darker_than_a_white_one() -> None:
    middle = np.s_[130:215, 96:160]
    black = [brightness(paint("black cat at noon", seed=s)[middle]) for s in SEEDS]
    white = [brightness(paint("white cat at noon", seed=s)[middle]) for s in SEEDS]
    assert median(black) < 0.75 * median(white)


def test_five_boats_cover_more_than_one() -> None:
    empty = paint("sea at noon, one sailboat", negative="boats")
    one = np.abs(paint("sea at noon, one sailboat") - empty).max(axis=2) > 0.1
    crowd = paint("sea at noon, five sailboats", negative="boats")
    five = np.abs(paint("sea at noon, five sailboats") - crowd).max(axis=2) > 0.1
    assert five.mean() > 1.2 * one.mean() > 0


def test_monochrome_has_no_colour() -> None:
    picture = paint("monochrome hills, sunset")
    assert float(np.ptp(picture, axis=2).max()) <= 2 / 255


@pytest.mark.parametrize("seed", SEEDS)
def test_guidance_strengthens_colour(seed: int) -> None:
    strong = chroma(paint("castle on a hill at noon", seed=seed, guidance=15.0))
    assert strong > 1.2 * chroma(paint("castle on a hill at noon", seed=seed, guidance=4.0))


def test_seeds_make_different_pictures() -> None:
    first, *others = [paint("castle on a hill", seed=s) for s in SEEDS]
    assert all(np.abs(first - other).mean() > 0.05 for other in others)
