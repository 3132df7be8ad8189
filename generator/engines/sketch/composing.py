"""Composition: where land, water, things and subjects go. Everything is drawn by the seed."""

from __future__ import annotations

import numpy as np

from generator.engines.sketch import heroes, placing, words
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.placing import side, uniform
from generator.engines.sketch.scene import Scene

Gen = np.random.Generator
# how far down the sky the sun stands, as a fraction of the picture's height
SUN_HEIGHT = {
    "day": 0.16, "morning": 0.3, "dawn": 0.44, "sunset": 0.42, "grey": 0.2, "space": 0.2,
}  # fmt: skip


# buildings that need a headland when they stand by the sea
ASHORE = (
    "castle", "house", "cabin", "tower", "church", "temple", "pagoda", "windmill", "village",
)  # fmt: skip


def compose(scene: Scene, streams: Streams) -> None:
    """Fill in `scene` layer by layer, each from its own stream."""
    _sky(scene, streams.get("sky"))
    if scene.kind == "land":
        _land(scene, streams.get("land"))
        _water(scene, streams.get("water"))
    placing.place(scene, streams)
    heroes.arrange(scene, streams.get("subjects"))
    scene.flowers = [k for k in words.FLOWERS if scene.reading.has(k)]
    if _named(scene, "meadow", "garden") and not scene.flowers:
        scene.flowers = ["flower"]


def _named(scene: Scene, kind: str, word: str) -> bool:
    """Whether `word` was used for a thing of `kind`."""
    thing = scene.reading.things.get(kind)
    return thing is not None and word in thing.words


def _sky(scene: Scene, gen: Gen) -> None:
    has = scene.reading.has
    scene.horizon = uniform(gen, 0.55, 0.64)
    x, height = 0.5 + side(gen, scene.reading.things.get("sun")), uniform(gen, 0.0, 1.0)
    _lights(scene, x, height)
    scene.clouds = uniform(gen, 0.3, 0.62) * (0.6 if scene.time in {"night", "dusk"} else 1.0)
    if has("cloud", "storm", "rain", "lightning"):
        scene.clouds = 0.95 if has("storm", "rain", "lightning") else 0.75
    if "cloud" in scene.reading.removed or "clear" in scene.reading.moods:
        scene.clouds = 0.0
    scene.visibility = 14.0 if has("fog") else 26.0 if has("rain") else 60.0


def _lights(scene: Scene, x: float, height: float) -> None:
    """Sun, moon and stars: `x` 0..1 across, `height` 0..1 within what the hour allows."""
    has, removed = scene.reading.has, scene.reading.removed
    if scene.time in SUN_HEIGHT and "sun" not in removed:
        scene.sun = (x, SUN_HEIGHT[scene.time] + 0.1 * height)
    moon = scene.time in {"night", "dusk"} or has("moon", "crescent")
    if moon and not removed & {"moon", "crescent"}:
        scene.moon = (1 - x, 0.14 + 0.14 * height)
    scene.stars = {"night": 1.0, "dusk": 0.3, "space": 1.3}.get(scene.time, 0.0)
    if has("stars", "milkyway") and scene.stars:
        scene.stars = 1.4
    if "stars" in removed:
        scene.stars = 0.0


def _land(scene: Scene, gen: Gen) -> None:
    land, has = scene.land, scene.reading.has
    _ground(scene)
    if has("mountain", "volcano", "valley") and not (has("sea") and not has("mountain")):
        _mountains(scene, gen)
    if has("hill"):
        land.roll, scene.horizon = 0.62, scene.horizon - 0.04
    land.river = has("river", "waterfall") or (has("bridge") and not has("lake", "sea", "street"))
    land.road = has("road", "car", "street") and land.ground != "snow"
    if has("waterfall"):
        land.fall = uniform(gen, 3.0, 4.2)
    if has("hill") and not has("sea"):
        x = side(gen, None) * scene.aspect
        land.knolls.append((x * 7.5, 8.0, 3.0, 0.62))
    if not has("city", "sea", "ice", "desert"):
        land.backdrop = uniform(gen, 0.35, 0.9) * (0.5 if land.peaks else 1.0)
    land.snowline = 0.0 if land.ground == "snow" else uniform(gen, 3.4, 6.0)


def _ground(scene: Scene) -> None:
    land, has = scene.land, scene.reading.has
    if has("snow", "ice", "snowman") or scene.reading.season == "winter":
        land.ground = "snow"
    elif (
        has("desert", "pyramid")
        or _named(scene, "planet", "mars")
        or (has("cactus") and not has("meadow"))
    ):
        land.ground, land.dunes, land.roll = "sand", 1.5, 0.12
    elif has("canyon"):
        land.ground, land.mesa, land.roll = "sand", 1.0, 0.1
    elif has("city", "street") and has("street", "road", "car"):
        land.ground, land.roll = "street", 0.0
    elif has("city"):
        land.ground, land.roll = "grass", 0.04
    elif has("sea", "beach") and not has("meadow", "hill", "village"):
        land.ground = "sand" if has("beach", "palm") else "grass"


def _mountains(scene: Scene, gen: Gen) -> None:
    """One hero summit on a third, smaller companions, a range behind."""
    land = scene.land
    x = side(gen, scene.reading.things.get("mountain")) * scene.aspect
    z = uniform(gen, 24, 31)
    lift = {"volcano": 1.0}.get("volcano" if scene.reading.has("volcano") else "", 0.0)
    if lift:
        land.cone = (x * z * 0.5, z, z * 0.30, z * 0.42)
        return
    if scene.reading.has("valley") and not scene.reading.has("mountain"):
        for s in (-1, 1):
            land.peaks.append((s * z * scene.aspect * 0.42, z, z * uniform(gen, 0.2, 0.3), z * 0.3))
        land.rugged = uniform(gen, 1.0, 2.0)
        return
    land.peaks = [(x * z, z, z * uniform(gen, 0.3, 0.4), z * uniform(gen, 0.28, 0.38))]
    for _ in range(3):
        away = uniform(gen, -0.75, 0.75) * scene.aspect
        far = z * uniform(gen, 1.1, 1.7)
        land.peaks.append((away * far, far, far * uniform(gen, 0.14, 0.26), far * 0.22))
    land.rugged = uniform(gen, 1.6, 3.0)


def _water(scene: Scene, gen: Gen) -> None:
    land, has = scene.land, scene.reading.has
    near, far = uniform(gen, 3.4, 4.2), uniform(gen, 11, 15)
    x = side(gen, scene.reading.things.get("island")) * scene.aspect
    if "sea" in scene.reading.removed:
        return
    if has("island"):
        land.sea = 0.1
        land.islands.append((x * 9, 10.0, uniform(gen, 2.6, 3.3), 0.55))
    elif has("lighthouse", "cliff") and not has("mountain", "hill"):
        land.sea = 0.1
        land.islands.append((x * 8, 9.0, 2.5, 0.75))
    elif has("sea") and has(*ASHORE):
        land.sea = 0.1
        x = side(gen, next(scene.reading.things[k] for k in ASHORE if has(k))) * scene.aspect
        land.islands.append((x * 9, 10.0, 4.6, 0.6))
    elif has("sea", "beach", "ship") or (has("boat") and not has("lake", "river")):
        land.sea = 3.3 if has("beach", "palm") else 0.1
    elif (
        has("lake")
        or (has("city", "torii") and not has("street", "road", "car", "meadow"))
        or has("boat")
    ):
        land.lake = (near, far)
    if has("ice") and not has("mountain") and land.sea is None:
        land.roll = 0.1
