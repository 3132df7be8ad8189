"""The heroes in front: who they are, how large, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.engines.sketch import words
from generator.engines.sketch.placing import UPRIGHT, uniform
from generator.engines.sketch.reading import Thing
from generator.engines.sketch.scene import Placed, Scene

Gen = np.random.Generator
# how large among others
LITTLE = {"candle": 0.6, "strawberry": 0.6, "apple": 0.75, "orange_fruit": 0.7, "banana": 0.75,
          "bread": 0.9, "heart": 0.7, "bulb": 0.7}  # fmt: skip


def arrange(scene: Scene, gen: Gen) -> None:
    """The heroes in front: their height is a fraction of the picture's height."""
    heroes: list[Thing] = []
    if (
        scene.kind == "deep"
        and not scene.reading.has(*words.ANIMALS)
        and "fish" not in scene.reading.removed
    ):
        heroes = [Thing("fish", ["fish"])] * 3
    tables = {**words.ANIMALS, "robot": "", **(words.STILL if scene.kind != "portrait" else {})}
    named = [t for kind, t in scene.reading.things.items() if kind in tables]
    for thing in named:
        count = thing.count if thing.counted else 3 if thing.plural and scene.kind != "deep" else 1
        heroes += [thing] * min(count, 7)
    heroes = heroes[:9]
    scene.subjects += list(_arranged(scene, heroes, gen))
    if scene.reading.astride:
        _mount(scene)
    _crown(scene)


def _mount(scene: Scene) -> None:
    """Whoever was placed sits on the beast up front; drawn first, so that it hides the legs."""
    beast = next((p for p in scene.subjects if p.shape in words.ANIMALS), None)
    rider = next((p for p in scene.placed if p.shape in UPRIGHT), None)
    if beast is None or rider is None:
        return
    slender = beast.shape in {"horse", "unicorn", "deer"}
    height, seat = (0.62, 0.32) if slender else (0.5, 0.6)
    x = beast.x + (0.05 if beast.flip else -0.05) * beast.size
    sitting = Placed(rider.shape, x, beast.z, beast.size * height, rider.thing, beast.flip)
    sitting.lift = seat / height
    scene.placed.remove(rider)
    scene.subjects.insert(scene.subjects.index(beast), sitting)


def _crown(scene: Scene) -> None:
    """One beast and one crown: it wears it."""
    if {hero.shape for hero in scene.subjects} <= {*words.ANIMALS, "crown"}:
        beasts = [hero for hero in scene.subjects if hero.shape != "crown"]
        crowns = [hero for hero in scene.subjects if hero.shape == "crown"]
        if len(beasts) == len(crowns) == 1:
            beast, crown = beasts[0], crowns[0]
            beast.x, beast.size = 0.0, max(beast.size, 0.54)
            crown.x, crown.size = 0.0, beast.size * 0.2
            crown.lift = 0.93 * beast.size / crown.size
            scene.subjects = [beast, crown]


def _arranged(scene: Scene, heroes: list[Thing], gen: Gen) -> Iterator[Placed]:
    """Side by side; swimmers are strewn."""
    total = len(heroes)
    beast = any(thing.kind in words.ANIMALS for thing in heroes)
    for i, thing in enumerate(heroes):
        aside = _aside(scene) if total == 1 else 0.0
        x = ((i + 0.5) / total - 0.5) * 0.94 if total > 1 else aside
        x += uniform(gen, -0.05, 0.05)
        if thing.place:
            x = {"left": -0.24, "right": 0.24, "center": 0.0}[thing.place] + x * 0.3
        grown = (0.56 + 0.006 * min(scene.guidance, 15)) / (1 + 0.26 * (total - 1))
        size = grown * min(1.0, max(0.62, scene.aspect) ** 0.5)
        z = 1.5
        if total > 1:
            size *= 0.55 if beast and thing.kind in words.STILL else LITTLE.get(thing.kind, 1.0)
        elif aside:
            size *= 0.86
        if scene.kind == "deep" and total > 1:
            size, z = size * 0.55, 1.5 + ((i * 0.618) % 1.0 - 0.5)
        hero = Placed(thing.kind, x, z, size, thing, bool(gen.random() < 0.3))
        if hero.shape == "eagle" and scene.kind == "land":
            hero.lift = 0.75
        yield hero


def _aside(scene: Scene) -> float:
    """A single hero leaves the view of what stands behind it free."""
    behind = [p for p in scene.placed if p.shape not in UPRIGHT]
    if scene.kind != "land" or not behind:
        return 0.0
    return -0.17 if behind[0].x > 0 else 0.17
