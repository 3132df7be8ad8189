"""The sky: gradient, sun, moon, stars, galaxy, aurora, clouds, rainbow."""

from __future__ import annotations

import math

import numpy as np

from generator.engines.sketch.color import RGB, Floats, array, mix
from generator.engines.sketch.frame import Frame, clip_box
from generator.engines.sketch.noise import field, resize, smooth


def paint_gradient(frame: Frame) -> None:
    """Four stops from the horizon up, and the warmth around the sun."""
    p, horizon = frame.palette, frame.horizon
    rows = np.arange(frame.height, dtype=np.float32)
    t = np.clip((horizon - rows) / horizon, 0.0, 1.0) ** 0.85
    stops = [0.0, 0.26, 0.6, 1.0]
    names = ("horizon", "middle", "upper", "zenith")
    for channel in range(3):
        values = [p[name][channel] for name in names]
        frame.rgb[..., channel] = np.interp(t, stops, values)[:, None]
    if frame.scene.sun and frame.scene.time not in {"grey", "storm", "space"}:
        _halo(frame, frame.scene.sun)


def _halo(frame: Frame, sun: tuple[float, float]) -> None:
    """Warm air around the sun, wider than high; computed small."""
    sx, sy = sun
    h, w = max(8, frame.height // 6), max(8, frame.width // 6)
    y = (np.arange(h, dtype=np.float32)[:, None] / h - sy) * (frame.height / frame.unit)
    x = (np.arange(w, dtype=np.float32)[None, :] / w - sx) * (frame.width / frame.unit)
    near = np.exp(-(x * x + y * y) * 30) * 0.55 + np.exp(-(x * x * 2.4 + y * y * 9)) * 0.26
    halo = resize(near.astype(np.float32), frame.height, frame.width)[..., None]
    frame.rgb += (
        array(mix(frame.palette["sun"], frame.palette["horizon"], 0.3)) - frame.rgb
    ) * halo


def paint_lights(frame: Frame) -> None:
    """Galaxy, stars, aurora, sun disc and moon, behind the clouds."""
    scene = frame.scene
    if "milkyway" in scene.features and scene.stars:
        paint_galaxy(frame, 1.15)
    elif scene.stars >= 1:
        paint_galaxy(frame, 0.45)
    if scene.stars > 0:
        paint_stars(frame, scene.stars)
    if "aurora" in scene.features:
        paint_aurora(frame)
    if scene.sun and scene.time not in {"grey", "storm", "space"}:
        _disc(frame, scene.sun, 0.042, frame.palette["sun"])
    if scene.moon and not scene.reading.has("moon", "crescent"):
        paint_moon(frame, scene.moon)


def _disc(frame: Frame, at: tuple[float, float], size: float, color: RGB) -> None:
    radius = size * frame.unit
    alpha, left, top = disc_mask(at[0] * frame.width, at[1] * frame.height, radius)
    frame.composite(np.broadcast_to(array(color), (*alpha.shape, 3)), alpha, left, top, None)


def disc_mask(x: float, y: float, radius: float) -> tuple[Floats, int, int]:
    """An antialiased disc: its mask, left column and top row."""
    left, top = int(x - radius - 2), int(y - radius - 2)
    n = int(2 * radius) + 5
    ys = np.arange(top, top + n, dtype=np.float32)[:, None] + 0.5 - y
    xs = np.arange(left, left + n, dtype=np.float32)[None, :] + 0.5 - x
    return np.clip(radius - np.sqrt(xs * xs + ys * ys) + 0.5, 0.0, 1.0), left, top


def paint_moon(frame: Frame, at: tuple[float, float]) -> None:
    """A full disc with seas, or a crescent when one was asked for."""
    x, y, radius = at[0] * frame.width, at[1] * frame.height, 0.06 * frame.unit
    alpha, left, top = disc_mask(x, y, radius)
    n = alpha.shape[0]
    grid = np.linspace(0, 5, n, dtype=np.float32)
    seas = smooth(-0.15, 0.5, frame.noise.fbm(grid[None, :] + 3.0, grid[:, None] + 7.0, 4))
    color = array(frame.palette["sun"]) * (1.0 - 0.26 * seas[..., None])
    if frame.scene.reading.has("crescent"):
        span = (np.arange(n, dtype=np.float32) - n / 2) / radius
        away = np.sqrt((span[None, :] - 0.46) ** 2 + (span[:, None] + 0.2) ** 2)
        alpha = alpha * np.clip((away - 0.94) * radius + 0.5, 0, 1)
    frame.composite(color.astype(np.float32), alpha, left, top, None)
    _aura(frame, x, y)


def _aura(frame: Frame, x: float, y: float) -> None:
    """Light around the moon, part of the sky so that land hides it."""
    reach = int(0.3 * frame.unit)
    box = clip_box(
        int(x) - reach, int(y) - reach, int(x) + reach, int(y) + reach, frame.width, frame.height
    )
    if box is None:
        return
    x0, y0, x1, y1 = box
    ys = (np.arange(y0, y1, dtype=np.float32)[:, None] - y) / (0.11 * frame.unit)
    xs = (np.arange(x0, x1, dtype=np.float32)[None, :] - x) / (0.11 * frame.unit)
    light = np.exp(-(xs * xs + ys * ys))[..., None] * 0.3
    target = frame.rgb[y0:y1, x0:x1]
    target += (1 - target) * light * array(frame.palette["key"])


def paint_stars(frame: Frame, amount: float) -> None:
    """Points of light, some large enough for a small cross."""
    gen = frame.streams.get("stars")
    count = int(230 * amount)
    limit = frame.height if frame.scene.kind == "space" else frame.horizon
    xs, ys = gen.random(count) * (frame.width - 1), gen.random(count) * max(1.0, limit - 1)
    power, tint = gen.random(count) ** 5, gen.random(count)
    r0 = frame.unit / 900
    for x, y, p, t in zip(xs.tolist(), ys.tolist(), power.tolist(), tint.tolist(), strict=True):
        warm = mix((0.8, 0.87, 1.0), (1.0, 0.93, 0.78), t)
        alpha, left, top = disc_mask(x, y, max(0.62, r0 * (0.7 + 1.9 * p)))
        fade = min(1.0, 0.5 + 0.6 * p + 0.2 * t) * (0.45 + 0.55 * min(1.0, 2 - 2 * y / limit))
        body = np.broadcast_to(array(warm), (*alpha.shape, 3))
        frame.composite(body, alpha * min(1.0, fade), left, top, None)
        if p > 0.45:
            halo, left, top = disc_mask(x, y, frame.unit * 0.006)
            frame.composite(
                np.broadcast_to(array(warm), (*halo.shape, 3)), halo * 0.16 * p, left, top, None
            )


def paint_galaxy(frame: Frame, strength: float = 1.0) -> None:
    """A tilted band of dust and light."""
    gen = frame.streams.get("galaxy")
    h, w = frame.height // 2, frame.width // 2
    tilt = (gen.random() - 0.5) * 1.6
    y = np.linspace(-0.5, 0.5, h, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :]
    across = y * math.cos(tilt) + x * math.sin(tilt) + 0.12 + 0.05 * field(gen, h, w, 2, 3)
    band = np.exp(-((across * 3.6) ** 2))
    cloud = np.clip(field(gen, h, w, 4, 6) * 0.55 + 0.5, 0, 1)
    lane = smooth(0.1, 0.7, np.clip(field(gen, h, w, 5, 5) * 0.6 + 0.5, 0, 1))
    light = resize(
        (band * cloud * (0.35 + 0.65 * lane)).astype(np.float32), frame.height, frame.width
    )
    light = np.clip(light * 0.85, 0, 0.9)[..., None] * strength
    pink = mix(frame.palette["horizon"], (0.85, 0.6, 0.8), 0.5)
    frame.rgb += light * array(pink) * 0.8 + light**3 * array((1.0, 0.95, 0.9)) * 0.25


def paint_aurora(frame: Frame) -> None:
    """Curtains: folded lines whose light climbs and fades."""
    gen = frame.streams.get("aurora")
    h, w = frame.height // 2, frame.width // 2
    x = np.linspace(0, 1, w, dtype=np.float32)
    y = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    total = np.zeros((h, w, 3), np.float32)
    low, high = array((0.25, 0.95, 0.55)), array((0.45, 0.35, 0.85))
    for i in range(3):
        seed = float(gen.random()) * 60
        foot = 0.40 - 0.07 * i + 0.10 * frame.noise.fbm(x * 2.2 + seed, i * 5.0, 3)
        rays = 0.6 + 0.42 * frame.noise.fbm(x * 15 + seed, i + 9.5, 3)
        climb = (foot[None, :] - y) / (0.25 + 0.06 * rays[None, :])
        light = np.where(climb > 0, np.exp(-1.9 * climb), np.exp(9 * climb)) * np.clip(
            rays, 0.12, 1.3
        )
        blend = np.clip(climb * 0.75, 0, 1)[..., None]
        total += (light * (0.8 - 0.18 * i))[..., None] * (low + (high - low) * blend)
    for channel in range(3):
        frame.rgb[..., channel] += (
            np.clip(resize(total[..., channel], frame.height, frame.width), 0, 1.4) * 0.85
        )


def paint_clouds(frame: Frame) -> None:
    """Clouds on a plane overhead, lit by a second sample towards the sun; half size."""
    scene = frame.scene
    if scene.clouds <= 0.02 or scene.kind == "space":
        return
    h, w = max(8, int(frame.horizon * 0.5)), max(8, frame.width // 2)
    density, light = _cloud_fields(frame, h, w)
    rows = int(frame.horizon)
    a = np.clip(resize(density, rows, frame.width), 0, 1)[..., None]
    lit = np.clip(resize(light, rows, frame.width), 0, 1)[..., None]
    bright, shade = _cloud_colors(frame)
    target = frame.rgb[:rows]
    target += (array(shade) + (array(bright) - array(shade)) * lit - target) * a


def _cloud_fields(frame: Frame, h: int, w: int) -> tuple[Floats, Floats]:
    gen, noise, scene = frame.streams.get("clouds"), frame.noise, frame.scene
    ox, oy = float(gen.random()) * 60, float(gen.random()) * 60
    up = (np.arange(h, 0, -1, dtype=np.float32)[:, None] / h) * (frame.horizon / frame.unit)
    x = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :] * (frame.width / frame.unit)
    reach = 1.0 / (up + 0.16)
    u, v = x * reach * 0.95 + ox, reach * 1.25 + oy
    warp = noise.at(u * 0.9 + 31, v * 0.9) * 0.35
    base = noise.fbm(u * 0.75 + warp, v * 0.9, 5, 0.52)
    puffs = (
        0.5
        - np.abs(noise.at(u * 3.1 + warp, v * 3.4))
        + 0.5 * (0.5 - np.abs(noise.at(u * 6.5, v * 7)))
    )
    shape = base + 0.22 * puffs
    cover = 0.62 - 1.12 * scene.clouds
    fade = smooth(0.015, 0.09, up)
    density = smooth(cover, cover + 0.42, shape) * fade * min(1.0, 0.7 + scene.clouds * 0.4)
    sx, sy = scene.light
    dx, dy = (sx - 0.5) * 2 - x * 1.4, np.float32(-0.5)
    toward = noise.fbm(u * 0.75 + warp + 0.16 * dx, v * 0.9 + 0.2 * dy + 0.05 * (sy > 0.3), 4, 0.52)
    light = np.clip(
        0.62 + 1.05 * (base - toward) + 0.45 * puffs - 0.4 * (shape - cover - 0.3), 0, 1
    )
    return density.astype(np.float32), light.astype(np.float32)


def _cloud_colors(frame: Frame) -> tuple[RGB, RGB]:
    p, time = frame.palette, frame.scene.time
    if time in {"dawn", "sunset"}:
        return mix(p["horizon"], p["sun"], 0.35), mix(p["upper"], p["middle"], 0.3)
    if time in {"night", "storm", "dusk"}:
        return mix(p["horizon"], p["key"], 0.18), mix(p["zenith"], p["upper"], 0.6)
    if time == "grey":
        return mix(p["horizon"], p["cloud"], 0.3), p["zenith"]
    return mix(p["cloud"], p["horizon"], 0.25), mix(p["shade"], p["middle"], 0.45)


def paint_named_moon(frame: Frame) -> None:
    """A moon that was asked for stands before the clouds."""
    if frame.scene.moon and frame.scene.reading.has("moon", "crescent"):
        paint_moon(frame, frame.scene.moon)


def paint_rainbow(frame: Frame) -> None:
    """One soft bow, its foot behind the land."""
    w, h = frame.width, frame.height
    cx, cy, radius = w * 0.55, frame.horizon + 0.12 * frame.unit, 0.46 * frame.unit
    y = np.arange(h, dtype=np.float32)[:, None] - cy
    x = np.arange(w, dtype=np.float32)[None, :] - cx
    t = (np.sqrt(x * x + y * y) - radius) / (0.045 * frame.unit)
    bands = [(0.9, (0.95, 0.3, 0.3)), (0.45, (1.0, 0.75, 0.3)), (0.0, (0.5, 0.9, 0.4)),
             (-0.45, (0.35, 0.65, 1.0)), (-0.9, (0.65, 0.4, 0.9))]  # fmt: skip
    fade = np.clip(
        (frame.horizon - np.arange(h, dtype=np.float32)) / (0.3 * frame.unit) + 0.45, 0, 1
    )
    for centre, tint in bands:
        a = (np.exp(-(((t - centre) * 2.6) ** 2)) * 0.34 * fade[:, None])[..., None]
        frame.rgb += (array(tint) - frame.rgb) * a


def paint_bolt(frame: Frame) -> None:
    """Lightning: a jagged path with branches, and the light around it."""
    gen = frame.streams.get("lightning")
    x, y = frame.width * (0.25 + 0.5 * float(gen.random())), 0.0
    stack = [(x, y, frame.unit / 150, frame.horizon)]
    with frame.drawn(0, int(frame.horizon) + 2) as pen:
        while stack:
            x, y, width, end = stack.pop()
            while y < end:
                nx = x + (float(gen.random()) - 0.5) * 0.09 * frame.unit
                ny = y + (0.02 + 0.04 * float(gen.random())) * frame.unit
                pen.line((x, y, nx, min(ny, end)), fill=(240, 246, 255), width=max(1, int(width)))
                frame.shine(nx, ny, 0.05 * frame.unit, (0.55, 0.7, 1.0), 0.12)
                if gen.random() < 0.3 and len(stack) < 4 and width > 0.8:
                    stack.append((nx, ny, width * 0.5, ny + 0.16 * frame.unit))
                x, y = nx, ny


__all__ = ["clip_box", "disc_mask"]
