"""The order of work: from an empty frame to a finished picture, yielding between parts."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from generator.engines.sketch import (
    abstract,
    city,
    deep,
    finish,
    flying,
    ground,
    indoors,
    isometric,
    sky,
    space,
    surface,
    things,
    tiling,
    water,
)
from generator.engines.sketch.color import Floats, saturate
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.strokes import Work
from generator.engines.sketch.styles import STYLES


def paint(frame: Frame, style: str) -> Iterator[float]:
    """Paint everything into `frame.rgb`; yields the fraction done (0..1), last 1.0."""
    parts = SPECIAL.get(style) or PAINTERS[frame.scene.kind]
    for done in parts(frame):
        yield done * 0.6
    things_glow(frame)
    yield 0.62
    if "mono" in frame.scene.reading.moods:
        frame.rgb = saturate(frame.rgb, 0.0)
    work = STYLES.get(style, STYLES["none"])(frame, np.clip(frame.rgb, 0, 1))
    frame.rgb = yield from _counted(work)
    if "mono" in frame.scene.reading.moods:
        frame.rgb = saturate(frame.rgb, 0.0)
    yield 1.0


def _counted(work: Work) -> Generator[float, None, Floats]:
    """A style's passes as fractions done; returns its pixels."""
    done = 0.62
    while True:
        try:
            next(work)
        except StopIteration as end:
            pixels: Floats = end.value
            return pixels
        done += (0.98 - done) * 0.2
        yield done


def things_glow(frame: Frame) -> None:
    """Lay the collected light over the picture."""
    frame.rgb = finish.add_glow(frame.rgb, frame.glow)


def paint_land(frame: Frame) -> Iterator[float]:
    """Sky, land, things far to near, water, what grows, the air, the subject, the weather."""
    sky.paint_gradient(frame)
    sky.paint_lights(frame)
    yield 0.15
    sky.paint_clouds(frame)
    sky.paint_named_moon(frame)
    flying.paint_sky_things(frame)
    if "rainbow" in frame.scene.features:
        sky.paint_rainbow(frame)
    if "lightning" in frame.scene.features or "storm" in frame.scene.features:
        sky.paint_bolt(frame)
    frame.sky = frame.rgb.copy()
    yield 0.3
    for _ in surface.paint_terrain(frame):
        yield 0.4
    flying.paint_lava(frame)
    flying.paint_fall(frame)
    if frame.scene.reading.has("city", "street"):
        city.paint_city(frame)
    yield 0.5
    for _ in things.paint_world(frame):
        yield 0.6
    water.paint_water(frame)
    yield 0.7
    ground.paint_grass(frame)
    ground.paint_flowers(frame)
    yield 0.8
    ground.paint_fog(frame)
    flying.paint_birds(frame)
    for _ in things.paint_subjects(frame):
        yield 0.9
    ground.paint_falling(frame)
    yield 1.0


SPECIAL = {"isometric": isometric.paint_isometric, "tile-texture": tiling.paint_tile}
PAINTERS = {
    "land": paint_land, "space": space.paint_space, "still": indoors.paint_still,
    "portrait": indoors.paint_portrait, "abstract": abstract.paint_abstract,
    "deep": deep.paint_deep,
}  # fmt: skip
