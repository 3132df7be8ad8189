"""Where things, trees and subjects stand in a composed scene."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.engines.sketch import words
from generator.engines.sketch.noise import Streams
from generator.engines.sketch.reading import Reading, Thing
from generator.engines.sketch.scene import Placed, Scene
from generator.engines.sketch.terrain import path

Gen = np.random.Generator

# shape -> height as a fraction of the unit, and the depths where it stands
SIZES = {
    "house": (0.29, 5.8, 6.8), "cabin": (0.27, 5.8, 6.8), "barn": (0.32, 6.5, 7.5),
    "castle": (0.44, 10.0, 12.0), "tower": (0.5, 8.0, 9.0), "lighthouse": (0.42, 8.0, 9.0),
    "windmill": (0.46, 7.0, 8.0), "church": (0.42, 7.5, 9.0), "temple": (0.3, 7.5, 9.0),
    "pagoda": (0.5, 8.5, 10.0), "torii": (0.5, 5.2, 6.0), "pyramid": (0.34, 12.0, 15.0),
    "bridge": (0.16, 6.0, 7.0), "tent": (0.28, 4.4, 4.8), "campfire": (0.12, 3.4, 3.6),
    "boat": (0.36, 5.8, 7.4), "ship": (0.42, 6.5, 8.0), "car": (0.16, 3.1, 3.4),
    "train": (0.15, 5.5, 6.5), "plane": (0.13, 8.0, 12.0), "balloon": (0.36, 7.0, 12.0),
    "rocket": (0.5, 6.0, 9.0), "ufo": (0.12, 8.0, 12.0), "snowman": (0.42, 3.4, 3.8),
    "rock": (0.13, 3.6, 4.6), "fence": (0.08, 3.8, 4.2), "lantern": (0.4, 3.8, 4.4),
    "person": (0.42, 3.1, 3.4), "woman": (0.42, 3.1, 3.4), "astronaut": (0.42, 3.1, 3.4),
    "wizard": (0.5, 3.1, 3.4), "knight": (0.5, 3.1, 3.4), "samurai": (0.5, 3.1, 3.4),
    "santa": (0.44, 3.1, 3.4), "umbrella": (0.4, 3.1, 3.4), "ball": (0.12, 3.0, 3.2),
    "bicycle": (0.3, 3.1, 3.4), "motorcycle": (0.26, 3.1, 3.4), "eiffel": (0.62, 8.0, 9.0),
    "shop": (0.46, 5.8, 6.4), "alien": (0.46, 3.1, 3.4),
}  # fmt: skip
CROWNING = {"castle", "temple", "church", "tower", "pagoda"}
ALOFT = {"balloon", "plane", "ufo", "rocket"}
AFLOAT = {"boat", "ship"}
FEMALE = {"woman", "girl", "lady", "women", "girls", "ladies"}
UPRIGHT = (*words.STANDING, "woman")


def uniform(gen: Gen, low: float, high: float) -> float:
    """One number between the bounds."""
    return low + (high - low) * float(gen.random())


def side(gen: Gen, thing: Thing | None) -> float:
    """A horizontal position (-.5...5): where it was asked, else about a third from the edge."""
    draw = uniform(gen, 0.0, 1.0)
    if thing and thing.place == "left":
        return -0.30 + 0.08 * draw
    if thing and thing.place == "right":
        return 0.22 + 0.08 * draw
    if thing and thing.place == "center":
        return 0.06 * (draw - 0.5)
    return (-1 if draw < 0.5 else 1) * (0.1 + 0.16 * abs(2 * draw - 1))


def place(scene: Scene, streams: Streams) -> None:
    """Put everything that was named into `scene`, each kind from its own stream."""
    _things(scene, streams)
    _trees(scene, streams.get("trees"))


def _things(scene: Scene, streams: Streams) -> None:
    """Buildings, vehicles and people, as many as asked for, each kind from its own stream."""
    if scene.kind not in {"land", "space"}:
        return
    wanted = [t for kind, t in scene.reading.things.items() if kind in SIZES]
    if scene.reading.has("village") and not scene.reading.has("house", "cabin"):
        wanted.append(Thing("house", ["village"], count=7, counted=True))
    for thing in wanted:
        gen = streams.get(f"thing {thing.kind}")
        count = thing.count if thing.counted else 3 if thing.plural else 1
        scene.placed.extend(_spread(scene, thing, min(count, 12), gen))
    _beside_the_tent(scene.placed)
    _under_the_umbrella(scene.placed)


def _beside_the_tent(placed: list[Placed]) -> None:
    """A camp fire burns next to its tent, not inside."""
    tent = next((p for p in placed if p.shape == "tent"), None)
    for fire in placed:
        if tent and fire.shape == "campfire":
            fire.z = tent.z * 0.85
            fire.x = tent.x * 0.85 + (1.15 if tent.x < 0 else -1.15)


def _under_the_umbrella(placed: list[Placed]) -> None:
    """Whoever stands by an umbrella holds it."""
    umbrella = next((p for p in placed if p.shape == "umbrella"), None)
    holder = next((p for p in placed if p.shape in UPRIGHT), None)
    if umbrella and holder:
        umbrella.x, umbrella.z = holder.x * 1.01, holder.z * 1.01
        umbrella.size = holder.size * 1.16


def _spread(scene: Scene, thing: Thing, count: int, gen: Gen) -> Iterator[Placed]:
    """`count` of one kind: the first is the largest, the others stand farther back."""
    fraction, near, far = SIZES[thing.kind]
    fraction *= min(1.0, 1.12 / scene.aspect**0.5)  # not taller than a wide picture
    village = "village" in thing.words
    centre = side(gen, thing)
    if count > 1:
        fraction *= 0.5 if village else 0.86 - 0.05 * min(count, 6)
    first = uniform(gen, near, far) * (1.25 if village else 1.0)
    first = _afloat_or_behind(scene, thing.kind, first)
    for i in range(count):
        across = centre
        if count > 1:
            across = ((i * 0.382 + 0.25) % 1.0 - 0.5) * 0.86 + uniform(gen, -0.04, 0.04)
            across = centre + across * 0.35 if thing.place else across
        step = 0.09 if village else 0.16
        z = first * (1.0 + step * i * (count > 1) + 0.03 * float(gen.random()))
        z = _afloat_or_behind(scene, thing.kind, z)
        flip = bool(gen.random() < 0.5)
        x, z = _perch(scene, thing, across * z * scene.aspect**0.5, z, i)
        shape = "woman" if set(thing.words) & FEMALE else thing.kind
        yield Placed(shape, x, z, fraction * first * (1 - 0.05 * (i % 3)), thing, flip)


def _afloat_or_behind(scene: Scene, kind: str, z: float) -> float:
    """Boats on the water; houses behind a lake, people before it."""
    lake, sea = scene.land.lake, scene.land.sea
    if sea is not None and sea > 1 and kind not in AFLOAT | ALOFT:
        return min(z, sea - 0.45)
    if lake is None or kind in ALOFT or kind == "torii":
        return z
    if kind in AFLOAT:
        return lake[0] + 0.42 * (lake[1] - lake[0])
    return lake[1] + 1.4 if z > 4.9 else min(z, lake[0] - 0.5)


def _perch(scene: Scene, thing: Thing, x: float, z: float, i: int) -> tuple[float, float]:
    """On the island or the hill when there is one; the first knoll grows under a castle."""
    land = scene.land
    if thing.kind in ALOFT | AFLOAT:
        return x, z
    if thing.kind == "bridge" and land.river:
        return path_at(z, 1.3), z
    if thing.kind == "car" and land.road:
        return 0.28 if land.ground == "street" else path_at(z), z
    if land.islands and thing.kind not in {*words.STANDING, "torii"}:
        ix, iz, radius, _ = land.islands[0]
        return ix + (0.2 * radius if i == 0 else (x / z) * radius * 1.2), iz - 0.1
    if thing.kind in CROWNING and i == 0 and not land.lake:
        land.knolls.append((x, z + 0.6, 3.2, 0.5))
    elif land.knolls and i == 0 and thing.place is None and thing.kind != "car":
        return land.knolls[0][0], land.knolls[0][1] - 0.3
    return x, z


def path_at(z: float, bend: float = 1.1) -> float:
    """The middle of the road (or river, by its bend) at depth `z`."""
    return float(path(np.full((1, 1), z, np.float32), bend)[0, 0])


def _trees(scene: Scene, gen: Gen) -> None:
    reading = scene.reading
    kinds = _species(reading)
    if not kinds or scene.kind != "land":
        return
    single = reading.things.get("tree")
    if single and not single.plural and not reading.has("forest") and not reading.has("village"):
        x = side(gen, single)
        z = 5.5
        x *= z * scene.aspect**0.5
        if scene.land.knolls:
            x, z = scene.land.knolls[0][0], scene.land.knolls[0][1] - 0.2
        scene.trees.append(Placed("tree", x, z, 0.42 * z, single))
        return
    thick = 64 if reading.has("forest") else 16
    for i in range(thick):
        kind = kinds[int(gen.random() * len(kinds))]
        tree = _tree(scene, kind, gen, i / thick)
        if tree is not None:
            scene.trees.append(tree)


def _species(reading: Reading) -> list[str]:
    kinds = [k for k in ("tree", "pine", "palm", "cherry", "cactus") if reading.has(k)]
    kinds = ["palm" if k == "tree" and reading.has("palm") else k for k in kinds]
    if "tree" in reading.removed or "forest" in reading.removed:
        return []
    cold = reading.has("mountain", "snow", "cabin", "aurora")
    if not kinds and reading.has("beach"):
        kinds = ["palm"]
    if not kinds and reading.has("forest"):
        kinds = ["pine"] if cold else ["tree"]
    bare = reading.has("desert", "sea", "ice", "city", "street", "canyon", "volcano", "cliff",
                       "planet")  # fmt: skip
    if not kinds and not bare and "pine" not in reading.removed:
        kinds = ["pine"] if cold else ["tree"]
    return kinds


def _tree(scene: Scene, kind: str, gen: Gen, rank: float) -> Placed | None:
    """A place for one tree: woods leave the middle open, islands keep theirs ashore."""
    land, wood = scene.land, scene.reading.has("forest")
    z = (3.9 + 14 * rank**1.1) if wood else 8 + 9 * rank + uniform(gen, 0, 3)
    draw, size = uniform(gen, -1, 1), uniform(gen, 0.75, 1.25)
    across = (
        0.58 * draw
        if rank > 0.4 or not wood
        else (0.2 + 0.36 * abs(draw)) * (1 if draw > 0 else -1)
    )
    x = across * z * scene.aspect**0.5
    if land.islands:
        ix, iz, radius, _ = land.islands[0]
        x, z = ix + draw * radius * 0.62, iz + uniform(gen, -0.5, 0.8)
    elif land.sea is not None and land.sea > 1:
        side_of = -scene.side
        x, z = (0.26 + 0.22 * abs(draw)) * 3 * side_of * scene.aspect**0.5, 2.85 + 0.3 * rank
        return Placed(kind, x, z, 1.75 * size) if rank < 0.2 else None
    elif land.sea is not None:
        return None
    elif land.lake and land.lake[0] - 0.3 < z < land.lake[1] + 1.5:
        z = land.lake[1] + 1.5 + 3 * rank
    if land.fall and 10.5 < z < 14:
        return None
    tall = {"tree": 1.35, "pine": 1.7, "palm": 2.0, "cherry": 1.15, "cactus": 1.15}[kind]
    tall *= (
        1.35 if wood else 0.95 if land.islands and kind == "palm" else 0.75 if land.islands else 1
    )
    return Placed(kind, x, z, tall * size)
