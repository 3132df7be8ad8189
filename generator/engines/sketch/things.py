"""Placing drawn things: in the world by depth, or up front as the subject."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.engines.sketch.color import RGB, Floats, array, mix, parse, saturate
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.pen import Light, Pen, Sprite, shapes
from generator.engines.sketch.placing import AFLOAT, ALOFT
from generator.engines.sketch.reading import Thing
from generator.engines.sketch.scene import Placed
from generator.engines.sketch.trees import Grove, paint_tree, shadow
from generator.engines.sketch.words import COLORS

COATS = ("3a4a78", "8a3a44", "3f6a58", "b07a30", "6a4a80", "4a5058")  # who came in what


def light_of(frame: Frame, *, faithful: bool) -> Light:
    """The sprite light of a scene; `faithful` keeps ordered colours from turning pink."""
    scene, p = frame.scene, frame.palette
    keep = 0.35 if faithful else 0.8
    key = saturate(array(p["key"]), keep)
    ambient = saturate(array(p["ambient"]), keep)
    lift = 1.15 if scene.night else 1.0
    return Light(scene.side, _rgb(key * lift), _rgb(ambient), scene.night)


def _rgb(color: Floats) -> RGB:
    r, g, b = (float(v) for v in color)
    return r, g, b


def colors_of(thing: Thing | None) -> dict[str, RGB]:
    """Role colours that the prompt asked for."""
    if thing is None:
        return {}
    found = {"main": thing.color or thing.extra.get("dress"), **thing.extra}
    return {role: parse(COLORS[name]) for role, name in found.items() if name}


def sprite(frame: Frame, placed: Placed, height: int) -> Sprite:
    """A placed thing drawn `height` pixels high in this scene's light."""
    wanted = colors_of(placed.thing)
    light = light_of(frame, faithful=bool(wanted))
    if placed.shape in {"person", "woman"}:
        wanted.setdefault("main", parse(COATS[int(abs(placed.x) * 97) % len(COATS)]))
    return Pen(shapes()[placed.shape], height, light, wanted, flip=placed.flip).draw()


def paint_world(frame: Frame) -> Iterator[None]:
    """Trees and things standing in the world, far to near; yields between them."""
    scene = frame.scene
    big = max([12, *(int(t.size * frame.unit / t.z) for t in scene.trees)])
    grove = Grove(frame, min(big, frame.height, 640))
    levels = frame.levels([t.x for t in scene.trees], [t.z for t in scene.trees])
    items = [(t.z, i, t, True) for i, t in enumerate(scene.trees)]
    items += [(p.z, i, p, False) for i, p in enumerate(scene.placed)]
    items.sort(key=lambda item: (-item[0], item[1]))
    for _, index, placed, is_tree in items:
        if is_tree:
            paint_tree(frame, grove, placed, index, levels[index])
        elif placed.shape in shapes():
            paint_thing(frame, placed)
        yield


def paint_thing(frame: Frame, placed: Placed) -> None:
    """One building, vehicle or person at its place in the world."""
    tall = int(placed.size * frame.unit / placed.z)
    drawn = sprite(frame, placed, tall)
    if placed.shape in ALOFT:
        x, foot = frame.project(placed.x, 0.0, placed.z)
        foot = frame.horizon - (0.12 + 0.1 * (placed.z % 1.0)) * frame.height + tall * 0.4
    else:
        level = 0.0 if placed.shape in AFLOAT else frame.ground(placed.x, placed.z)
        x, foot = frame.project(placed.x, level, placed.z)
        x = _inside(frame, x, tall * shapes()[placed.shape].width * 0.5)
        if placed.shape not in AFLOAT:
            shadow(frame, x, foot, tall * 0.5 * shapes()[placed.shape].width, frame.haze(placed.z))
    if placed.shape == "lighthouse" and frame.scene.night:
        _beam(frame, x, foot - 0.81 * tall)
    haze = frame.haze(placed.z) * 0.85
    rgb = drawn.rgb + (array(frame.palette["haze"]) - drawn.rgb) * haze
    left, top = int(x - drawn.foot[0]), int(foot - drawn.foot[1] + tall * 0.015)
    frame.composite(rgb, drawn.alpha, left, top, placed.z, figure=True)
    shine_from(frame, drawn, left, top)


def _inside(frame: Frame, x: float, half: float) -> float:
    """`x` moved so that what is `half` wide to either side is in the picture."""
    if 2 * half >= frame.width:
        return frame.width / 2
    return min(max(x, half), frame.width - half)


def _beam(frame: Frame, x: float, y: float) -> None:
    """Light sweeping out of the lantern room to both sides, widening and fading."""
    h, w = frame.glow.shape[:2]
    f = frame.glow_factor
    ys = (np.arange(h, dtype=np.float32)[:, None] * f - y) / frame.unit
    xs = (np.arange(w, dtype=np.float32)[None, :] * f - x) / frame.unit
    spread = 0.008 + 0.085 * np.abs(xs)
    tilt = ys + 0.10 * xs * frame.scene.side
    light = np.exp(-((tilt / spread) ** 2)) * np.exp(-np.abs(xs) * 1.9) * 0.5
    frame.glow += light[..., None] * array((1.0, 0.93, 0.7))


def shine_from(frame: Frame, drawn: Sprite, left: int, top: int) -> None:
    """Let lit windows, lamps and fires glow into the air."""
    weight = drawn.light.sum(axis=2)
    total = float(weight.sum())
    if total < 1.0:
        return
    ys, xs = np.nonzero(weight > 0.2)
    if not len(ys):
        return
    color = mix(tuple(drawn.light[ys, xs].mean(axis=0).tolist()), (1.0, 0.7, 0.35), 0.3)
    spread = max(2.0, float(np.ptp(xs) + np.ptp(ys)) * 0.35)
    frame.shine(left + float(xs.mean()), top + float(ys.mean()), spread, color, 0.34)


def paint_subjects(frame: Frame) -> Iterator[None]:
    """The heroes in front, in picture coordinates."""
    for placed in frame.scene.subjects:
        tall = int(placed.size * frame.height)
        wide = shapes()[placed.shape].width
        share = len(frame.scene.subjects) if frame.scene.kind == "still" else 1
        tall = min(tall, int(frame.width * 0.92 / (max(0.3, wide) * share)))
        drawn = sprite(frame, placed, tall)
        x = _inside(frame, frame.width / 2 + placed.x * frame.width, tall * wide / 2)
        base = frame.height * (0.93 if frame.scene.kind != "still" else 0.86)
        if frame.scene.kind in {"deep", "space"}:
            base = frame.height * (0.5 + 0.45 * (placed.z - 1.5)) + tall * 0.45
        elif not placed.lift:
            shadow(frame, x, base - tall * 0.01, tall * 0.55 * wide, 0.0)
        base -= placed.lift * tall
        left, top = int(x - drawn.foot[0]), int(base - drawn.foot[1])
        frame.composite(drawn.rgb, drawn.alpha, left, top, placed.z, figure=True)
        shine_from(frame, drawn, left, top)
        yield
