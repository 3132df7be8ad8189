"""What will be painted: a reading turned into a plan, with sizes in relative units.

World: x to the right, z away from the eye, the eye 1 above the water (y = 0).
Screen: fractions of width and height; `unit` lengths are fractions of sqrt(W*H).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from generator.engines.sketch import color, palette, words
from generator.engines.sketch.color import RGB
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.palette import Palette
from generator.engines.sketch.reading import Reading, Thing

WATERY = ("sea", "beach", "island", "lighthouse", "boat", "ship")
GROUNDED = (*words.LAND, *words.TREES, *words.FLOWERS, *words.PROPS, *words.ANIMALS, "robot")
NIGHTLY = {"stars", "moon", "crescent", "milkyway", "aurora", "fireworks", "meteor"}
INDOORS = (*words.STILL,)
OUTDOORS = (*words.LAND, *words.TREES, "house", "castle")


@dataclass
class Land:
    """The terms of the height field (world units)."""

    ground: str = "grass"  # grass, sand, snow, street
    roll: float = 0.25
    peaks: list[tuple[float, float, float, float]] = field(default_factory=list)  # x, z, h, w
    backdrop: float = 0.0  # soft hills far away
    rugged: float = 0.0  # height of the range behind
    snowline: float = 1e9
    lake: tuple[float, float] | None = None
    sea: float | None = None  # the shore's depth: water begins here
    islands: list[tuple[float, float, float, float]] = field(default_factory=list)  # x, z, r, h
    knolls: list[tuple[float, float, float, float]] = field(default_factory=list)
    river: bool = False
    road: bool = False
    dunes: float = 0.0
    mesa: float = 0.0
    cone: tuple[float, float, float, float] | None = None  # volcano: x, z, h, w
    fall: float = 0.0  # height of the rock that a waterfall comes down


@dataclass
class Placed:
    """A drawn thing: world position, height in world units, who asked for it."""

    shape: str
    x: float
    z: float
    size: float
    thing: Thing | None = None
    flip: bool = False
    lift: float = 0.0  # how far its foot is above the ground, in its own heights


@dataclass
class Scene:
    """A whole plan. `kind` chooses the painter: land, space, still, portrait, abstract, deep."""

    kind: str
    reading: Reading
    palette: Palette
    time: str
    aspect: float
    guidance: float
    horizon: float = 0.58
    sun: tuple[float, float] | None = None
    moon: tuple[float, float] | None = None
    clouds: float = 0.5
    stars: float = 0.0
    visibility: float = 60.0
    land: Land = field(default_factory=Land)
    placed: list[Placed] = field(default_factory=list)
    trees: list[Placed] = field(default_factory=list)
    flowers: list[str] = field(default_factory=list)
    subjects: list[Placed] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    @property
    def light(self) -> tuple[float, float]:
        """Where the light comes from, as fractions of the picture."""
        return self.sun or self.moon or (0.3, 0.2)

    @property
    def side(self) -> int:
        """-1 when the light comes from the left, else 1."""
        return -1 if self.light[0] < 0.5 else 1

    @property
    def night(self) -> bool:
        """Whether lamps and windows are lit."""
        return self.time in {"night", "dusk", "storm", "space"}


def plan(reading: Reading, streams: Streams, aspect: float, guidance: float) -> Scene:
    """Compose a scene for `reading`; `aspect` is width / height."""
    from generator.engines.sketch.composing import compose  # its steps need these classes

    gen = streams.get("light")
    time = _time(reading, gen)
    colors = _palette(reading, time, guidance, gen)
    scene = Scene(_kind(reading), reading, colors, time, aspect, guidance)
    scene.features = _features(reading)
    compose(scene, streams)
    return scene


def _kind(reading: Reading) -> str:
    has = reading.has
    if "abstract" in reading.moods and not has(*GROUNDED, *INDOORS):
        return "abstract"
    if has("portrait"):
        return "portrait"
    if has("underwater"):
        return "deep"
    if has("fish", "octopus", "mermaid", "shark") and not has(
        "boat", "ship", "bridge", "lighthouse"
    ):
        return "deep"
    if has("whale", "turtle") and not has(*WATERY, "lake", "river"):
        return "deep"
    grounded = has(*GROUNDED) and set(reading.things) - {"rocket", "ufo", "astronaut"}
    if has("planet", "rings", "space", "milkyway", "rocket", "ufo") and not _stands(
        reading, grounded
    ):
        return "space"
    if _indoors(reading):
        return "still"
    anything = reading.things or reading.time or reading.season
    return "land" if anything else "abstract"


def _indoors(reading: Reading) -> bool:
    """Things of a table, and nothing of the world outside; a beast may wear a crown there."""
    found = [kind for kind in INDOORS if reading.has(kind)]
    worn = found == ["crown"] and reading.has(*words.ANIMALS)
    return bool(found) and not worn and not reading.has(*OUTDOORS)


def _stands(reading: Reading, grounded: object) -> bool:
    """Whether something in a sky picture needs ground to stand on."""
    return bool(grounded) and reading.has(
        *words.LAND, *words.TREES, *words.FLOWERS, *words.ANIMALS, "robot", "house", "cabin",
        "tent", "campfire", "castle", "lighthouse", *(set(words.STANDING) - {"astronaut"}),
    )  # fmt: skip


def _time(reading: Reading, gen: np.random.Generator) -> str:
    draw = float(gen.random())
    if reading.has("storm", "lightning"):
        return "storm"
    if reading.time:
        return "grey" if reading.has("rain") and reading.time == "day" else reading.time
    if reading.asked & NIGHTLY or (reading.asked & {"campfire", "owl"} and draw < 0.7):
        return "night"
    if reading.has("rain") and not reading.has("rainbow"):
        return "grey"
    if "dark" in reading.moods:
        return "grey" if reading.has("fog") else "dusk" if draw < 0.6 else "storm"
    return "day" if draw < 0.5 else "morning" if draw < 0.72 else "sunset" if draw < 0.9 else "dawn"


def _palette(reading: Reading, time: str, guidance: float, gen: np.random.Generator) -> Palette:
    season = reading.season or ("winter" if reading.has("snow") else None)
    picks = (float(gen.random()), float(gen.random()))
    if _kind(reading) == "space":
        time = "space"
    chosen = palette.choose(time, season, picks)
    if time == "storm" and reading.time == "night":
        chosen.roles |= {r: color.scale(chosen[r], 0.78) for r in palette.ROLES if r != "sun"}
    wanted = [color.parse(words.COLORS[name]) for name in reading.colors]
    saturation = 1.3 if "vivid" in reading.moods else 0.7 if "pastel" in reading.moods else 1.0
    chosen = palette.adjust(chosen, wanted, guidance, saturation)
    _bind(chosen, reading)
    return chosen


BINDINGS = {
    "sky": ("zenith", "upper", "middle", "horizon"), "cloud": ("cloud",),
    "sea": ("deep", "shallow"), "lake": ("deep", "shallow"), "river": ("deep", "shallow"),
    "meadow": ("grass", "grass2", "dry"), "hill": ("grass", "grass2", "dry"),
    "forest": ("leaf", "pine"), "tree": ("leaf",), "pine": ("pine",),
    "desert": ("sand", "sand2"), "beach": ("sand", "sand2"), "snow": ("snow",),
    "mountain": ("rock", "rock2"), "cliff": ("rock", "rock2"), "canyon": ("mesa",),
    "road": ("road",), "fog": ("haze",), "sun": ("sun",),
}  # fmt: skip


def _bind(chosen: Palette, reading: Reading) -> None:
    """Colours given to the sky, the sea and so on, keeping each role's lightness in part."""
    for kind, roles in BINDINGS.items():
        name = reading.color(kind)
        if name is None:
            continue
        light, chroma, hue = color.to_lch(color.parse(words.COLORS[name]))
        for role in roles:
            old = color.to_lch(chosen[role])
            chosen.roles[role] = _toward(old, (light, chroma, hue))


def _toward(old: RGB, new: RGB) -> RGB:
    lightness = old[0] * 0.6 + new[0] * 0.4
    a = (old[1] * math.cos(old[2]), old[1] * math.sin(old[2]))
    b = (new[1] * math.cos(new[2]), new[1] * math.sin(new[2]))
    x, y = a[0] * 0.22 + b[0] * 0.7, a[1] * 0.22 + b[1] * 0.7
    return color.from_lch(lightness, math.hypot(x, y), math.atan2(y, x))


def _features(reading: Reading) -> set[str]:
    names = {"rain", "fog", "lightning", "rainbow", "aurora", "milkyway", "birds", "fireworks",
             "meteor", "planet", "snow", "storm"}  # fmt: skip
    return {name for name in names if reading.has(name)}
