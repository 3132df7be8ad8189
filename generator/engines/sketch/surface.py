"""The land made visible: the height field projected column by column (voxel space), and lit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.engines.sketch.color import RGB, Floats, array, mix
from generator.engines.sketch.frame import SKY, Frame, Ground
from generator.engines.sketch.noise import resize, smooth
from generator.engines.sketch.scene import Scene
from generator.engines.sketch.terrain import height_at, path

COLUMNS = 520
FAR = 95.0


@dataclass
class Samples:
    """The height field as sampled: one line per depth."""

    x: Floats
    z: Floats
    h: Floats
    row: Floats


def paint_terrain(frame: Frame) -> Iterator[None]:
    """Sample, shade and project the land; fills `depth` and `water`."""
    s = _sample(frame)
    yield
    shaded = _shade(frame, s)
    yield
    index, top = _visible(frame, s)
    columns = index.shape[1]
    lines = np.arange(columns)[None, :]
    seen = np.clip(index, 0, len(s.z) - 1)
    rgb = shaded[seen, lines]
    depth = np.where(index < len(s.z), s.z[seen, 0], SKY).astype(np.float32)
    wet = (s.h[seen, lines] <= 0) & (index < len(s.z))
    rows = np.arange(frame.height, dtype=np.float32)[:, None]
    alpha = np.clip(rows + 1.0 - top[None, :], 0.0, 1.0).astype(np.float32)
    _enlarge(frame, rgb, depth, wet, alpha)
    frame.levels = _ground(frame)


def _sample(frame: Frame) -> Samples:
    """Depths dense in rows near the eye and dense in z far away."""
    below = frame.height - frame.horizon
    rows = np.arange(below + 6, 0.02 * frame.unit, -max(1.0, frame.unit / 420), dtype=np.float32)
    near = frame.unit / rows
    near = near[near < 9.0]
    far = np.geomspace(float(near[-1]) * 1.01, FAR, 230, dtype=np.float32)
    z = np.concatenate([near, far])[:, None]
    columns = min(COLUMNS, frame.width)
    across = (np.arange(columns, dtype=np.float32)[None, :] + 0.5) / columns - 0.5
    x = across * (frame.width / frame.unit) * z
    h = height_at(frame.scene.land, frame.noise, x, z).astype(np.float32)
    row = frame.horizon + frame.unit * (1.0 - np.maximum(h, 0.0)) / z
    return Samples(x, z, h, row.astype(np.float32))


def _visible(frame: Frame, s: Samples) -> tuple[NDArray[np.int64], Floats]:
    """For every pixel of every column the nearest line that covers it, and the skyline."""
    lines, columns = s.row.shape
    high = np.minimum.accumulate(s.row, axis=0)
    cell = np.clip(np.ceil(high - 0.5), 0, frame.height).astype(np.int64)
    flat = cell * columns + np.arange(columns)[None, :]
    counts = np.bincount(flat.ravel(), minlength=(frame.height + 1) * columns)
    counts = counts.reshape(frame.height + 1, columns)
    # lines whose top lies at or above row r: those are seen at or before it
    covered = np.cumsum(counts[: frame.height], axis=0)
    return lines - covered, high[-1]


def _enlarge(
    frame: Frame, rgb: Floats, depth: Floats, wet: NDArray[np.bool_], alpha: Floats
) -> None:
    h, w = frame.height, frame.width
    if rgb.shape[1] != w:
        rgb = np.stack([resize(rgb[..., c], h, w) for c in range(3)], axis=-1)
        alpha = np.clip(resize(alpha, h, w), 0, 1)
        columns = np.minimum(np.arange(w) * depth.shape[1] // w, depth.shape[1] - 1)
        depth, wet = depth[:, columns], wet[:, columns]
    frame.rgb += (rgb - frame.rgb) * alpha[..., None]
    frame.depth = depth
    frame.water = wet


def _ground(frame: Frame) -> Ground:
    land, noise = frame.scene.land, frame.noise

    def ground(x: Sequence[float], z: Sequence[float]) -> list[float]:
        """Heights of the visible surface (the water's is 0)."""
        xs = np.array(x, np.float32)[:, None]
        h = height_at(land, noise, xs, np.array(z, np.float32)[:, None])
        return [max(0.0, v) for v in h[:, 0].tolist()]

    return ground


def _shade(frame: Frame, s: Samples) -> Floats:
    """Albedo under key and ambient light, with cast shadows and haze."""
    scene, p = frame.scene, frame.palette
    dx = s.x[:, 1:2] - s.x[:, :1]
    slope_x = np.empty_like(s.h)
    slope_x[:, 1:-1] = (s.h[:, 2:] - s.h[:, :-2]) / (2 * dx)
    slope_x[:, 0], slope_x[:, -1] = slope_x[:, 1], slope_x[:, -2]
    slope_z = np.gradient(s.h, s.z[:, 0], axis=0).astype(np.float32)
    steep = slope_x * slope_x + slope_z * slope_z
    up = 1.0 / np.sqrt(1.0 + steep)
    lx, ly, lz = _light(scene)
    # near sand shows every slope
    relief = 1.0 + 1.3 * smooth(26, 9, s.z) if scene.land.dunes else np.ones_like(s.z)
    facing = np.clip((-slope_x * lx * relief + ly - slope_z * lz) * up, 0.0, 1.0)
    facing *= _shadow(s, lx, ly)
    albedo = _albedo(frame, s, steep)
    light = facing[..., None] * array(p["key"]) * 0.95
    light += (0.35 + 0.4 * up)[..., None] * array(p["ambient"])
    rgb = albedo * light
    haze = (1.0 - np.exp(-np.clip(s.z - 2.0, 0, None) / scene.visibility)).astype(np.float32)
    return (rgb + (array(p["haze"]) - rgb) * haze[..., None]).astype(np.float32)


def _light(scene: Scene) -> tuple[float, float, float]:
    """Direction towards the light; it comes over the painter's shoulder, from the sun's side."""
    x = 0.75 * scene.side
    y = 0.75 - 0.7 * min(0.55, scene.light[1])
    z = -0.30
    norm = math.sqrt(x * x + y * y + z * z)
    return x / norm, y / norm, z / norm


def _shadow(s: Samples, lx: float, ly: float) -> Floats:
    """0.35 in cast shadow, 1 in the sun: the light travels along each line of samples."""
    if lx < 0:
        ray = s.h + s.x * (ly / -lx)
        top = np.maximum.accumulate(ray, axis=1)
    else:
        ray = s.h - s.x * (ly / lx)
        top = np.maximum.accumulate(ray[:, ::-1], axis=1)[:, ::-1]
    result: Floats = 1.0 - 0.65 * smooth(0.02, 0.25, (top - ray) / (0.2 + s.z * 0.04))
    return result


def _albedo(frame: Frame, s: Samples, steep: Floats) -> Floats:
    land, p, noise = frame.scene.land, frame.palette, frame.noise
    patch = noise.fbm(s.x * 0.35 + 3, s.z * 0.35, 4)
    fine = noise.at(s.x * 5, s.z * 3)
    a, b = _covers(frame)
    rgb = (
        array(a) + (array(b) - array(a)) * np.clip(0.5 + 0.9 * patch + 0.12 * fine, 0, 1)[..., None]
    )
    if land.mesa:
        bands = 0.5 + 0.5 * np.sin(s.h * 7 + patch * 2)
        strata = array(p["mesa"]) * (0.75 + 0.4 * bands[..., None])
        rgb = _blend(rgb, strata, smooth(0.15, 0.6, s.h))
    stone = (
        array(p["rock"])
        + (array(p["rock2"]) - array(p["rock"]))
        * np.clip(0.5 + patch + 0.3 * fine, 0, 1)[..., None]
    )
    if land.cone:
        rgb = _blend(rgb, stone * 0.7, smooth(1.0, 3.0, s.h + patch))
    if land.peaks or land.islands or land.fall:
        rgb = _blend(
            rgb, stone, smooth(0.35, 1.0, np.sqrt(steep) + 0.2 * patch) * (land.ground != "sand")
        )
    if land.peaks and land.ground != "snow":
        rgb = _blend(rgb, stone, smooth(1.2, 2.6, s.h + patch * 0.8))
    if land.peaks or land.ground == "snow":
        cover = (
            smooth(land.snowline - 0.3, land.snowline + 0.6, s.h + patch * 0.9)
            if land.snowline > 0
            else np.ones_like(s.h)
        )
        cover = cover * smooth(2.3, 1.3, np.sqrt(steep) + 0.25 * fine)
        rgb = _blend(rgb, array(p["snow"]), cover)
    return _wet_edges(frame, s, rgb)


def _covers(frame: Frame) -> tuple[RGB, RGB]:
    p, ground = frame.palette, frame.scene.land.ground
    if ground == "sand":
        return p["sand"], p["sand2"]
    if ground == "snow":
        return p["snow"], mix(p["snow"], p["ambient"], 0.2)
    if ground == "street":
        return mix(p["rock"], (0.62, 0.62, 0.64), 0.6), mix(p["rock2"], (0.5, 0.5, 0.53), 0.6)
    return p["grass"], mix(p["grass2"], p["dry"], 0.25)


def _wet_edges(frame: Frame, s: Samples, rgb: Floats) -> Floats:
    """Sand along the shore, and the road."""
    land, p = frame.scene.land, frame.palette
    if land.lake or land.sea is not None or land.river:
        shore = p["sand"] if land.ground != "snow" else p["snow"]
        rgb = _blend(rgb, array(mix(shore, p["soil"], 0.35)), smooth(0.11, 0.02, s.h) * 0.8)
    if land.road:
        straight = land.ground == "street"
        off = np.abs(s.x - path(s.z, 0.0 if straight else 1.1)) * (0.55 if straight else 1.0)
        near = (s.z < 16).astype(np.float32)
        if not straight:
            rgb = _blend(rgb, array(mix(p["soil"], p["dry"], 0.4)), smooth(0.62, 0.5, off) * near)
        rgb = _blend(rgb, array(p["road"]), smooth(0.52, 0.49, off) * near)
        dash = (off < 0.02) & ((s.z * 1.3) % 1.0 < 0.5) & (s.z < 16)
        edge = (np.abs(off - 0.45) < 0.015) & (s.z < 16)
        rgb = _blend(rgb, array((0.93, 0.9, 0.8)), (dash | edge).astype(np.float32))
    return rgb


def _blend(base: Floats, over: Floats, weight: Floats) -> Floats:
    result: Floats = base + (over - base) * weight[..., None]
    return result
