"""The land: a height field seen in perspective, column by column (voxel space)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.engines.sketch.color import RGB, array, mix
from generator.engines.sketch.frame import SKY, Frame, Ground
from generator.engines.sketch.noise import Floats, Noise, resize, smooth
from generator.engines.sketch.scene import Land, Scene

COLUMNS = 520
FAR = 95.0


def height_at(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Ground height above the water at world points; `z` is (rows, 1), `x` (rows, columns)."""
    h = 0.13 + land.roll * (noise.fbm(x * 0.16 + 5, z * 0.16, 4) + 0.2) * smooth(2, 9, z) * (0.4 + 0.06 * z)
    if land.backdrop:
        far = 0.35 + noise.fbm(x * 0.045 + 9, z * 0.05, 4)
        h = h + land.backdrop * np.clip(far, 0, None) * smooth(13, 34, z) * (0.5 + 0.04 * z)
    h = h + 0.02 * noise.at(x * 1.9, z * 1.9)
    for kx, kz, radius, lift in land.knolls:
        away = ((x - kx) ** 2 + ((z - kz) * 1.2) ** 2) * (1 / radius**2)
        h = h + lift * np.exp(-away)
    if land.dunes:
        h = h + _dunes(land, noise, x, z)
    if land.mesa:
        h = h + _mesa(noise, x, z)
    if land.sea is None and not land.lake and not land.river:
        h = np.maximum(h, 0.02)
    h = _wet(land, noise, x, z, h)
    if land.peaks or land.rugged:
        h = h + _peaks(land, noise, x, z)
    if land.cone:
        h = h + _cone(land.cone, noise, x, z)
    return h


def _dunes(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Sinuous crests, growing with distance, and fine ripples near the eye."""
    bend = noise.at(x * 0.05, z * 0.05) * 0.9
    crest = 1.0 - np.abs(noise.at(x * 0.075 + bend, z * 0.13 + bend + 4)) * 1.25
    crest = np.clip(crest, 0, None) ** 1.6
    second = np.clip(1.0 - np.abs(noise.at(x * 0.2 + bend + 20, z * 0.3)) * 1.4, 0, None)
    lift = land.dunes * smooth(2.2, 9, z) * (0.45 + 0.055 * np.minimum(z, 26))
    ripple = 0.007 * np.sin(z * 9 + x * 2.2 + noise.at(x * 0.8, z * 0.8) * 5) * smooth(14, 4, z)
    result: Floats = (crest + 0.14 * second - 0.35) * lift + ripple
    return result


def _mesa(noise: Noise, x: Floats, z: Floats) -> Floats:
    """Terraced tables and buttes standing back from a flat floor."""
    raw = noise.fbm(x * 0.06 + 11, z * 0.05 + 3, 4, 0.42) + 0.3 * smooth(14, 34, z) - 0.12
    step = smooth(0.04, 0.15, raw) * 0.5 + smooth(0.2, 0.29, raw) * 0.32 + smooth(0.36, 0.46, raw) * 0.3
    result: Floats = step * np.minimum(z, 34) * 0.24 * smooth(9, 15, z)
    return result


def _wet(land: Land, noise: Noise, x: Floats, z: Floats, h: Floats) -> Floats:
    """Press lakes, the sea and rivers below the water; raise the islands."""
    if land.sea is not None:
        shore = z + 0.35 * noise.at(x * 0.5, z * 0.35) - land.sea
        h = h * 0.5 + (-0.6 - h * 0.5) * smooth(-0.5, 0.7, shore)
    if land.lake:
        near, far = land.lake
        wobble = noise.at(x * 0.4, z * 0.3 + 9) * 0.5
        inside = smooth(near - 0.5, near + 0.3, z + wobble) * smooth(far + 1, far - 1.2, z + wobble * 3)
        h = h + (-0.5 - h) * inside
    if land.river:
        away = np.abs(x - path(z, 1.3)) / (0.75 + 0.03 * z) + 0.12 * noise.at(x * 1.5, z * 1.5)
        bed = smooth(1.5, 0.75, away) * smooth(30, 16, z)
        h = h + (-0.12 - h) * bed
    for ix, iz, radius, lift in land.islands:
        away = np.sqrt((x - ix) ** 2 + ((z - iz) * 1.6) ** 2) * (1 / radius)
        away = away + 0.22 * noise.fbm(x * 0.6 + 3, z * 0.7, 3)
        rise = smooth(1.0, 0.25, away) * lift * (1 + 0.25 * noise.fbm(x * 1.4, z * 1.4 + 8, 3))
        h = np.maximum(h, rise * 1.15 - 0.06)
    return h


def path(z: Floats, bend: float) -> Floats:
    """The middle line of a river or road at depth `z`."""
    result: Floats = bend * (np.sin(z * 0.42) * 0.8 + np.sin(z * 0.17 + 1.0)) * smooth(1.5, 7, z)
    return result


def _peaks(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Summits broken by ridges, only where they stand; finer octaves only where seen."""
    result = np.zeros_like(x)
    first = int(np.searchsorted(z[:, 0], 9.0)) if _sorted(z) else 0
    x, z = x[first:], z[first:]
    envelope = np.zeros_like(x)
    for px, pz, lift, width in land.peaks:
        away = np.abs(x - px) / width + np.abs(z - pz) / (width * 1.3) * 0.55
        envelope += lift * np.exp(-(away**1.5) * 1.25)
    behind = land.rugged * smooth(24, 40, z) * (0.7 + 0.6 * noise.at(x * 0.045 + 2, z * 0.03))
    envelope += np.clip(behind, 0, None)
    ridges, weight, total = np.zeros_like(x), 1.0, 0.0
    for octave in range(6):
        f = 0.11 * 2.07**octave
        seen = slice(0, int(np.searchsorted(z[:, 0], 75 / f))) if _sorted(z) else slice(None)
        u, v = x[seen] * f + 7.7 * octave, z[seen] * f * 0.9 + 3.1 * octave
        part = np.clip(1.0 - np.abs(noise.at(u, v)) * 1.6, 0, None)
        ridges[seen] += weight * part * smooth(75 / f, 25 / f, z[seen])
        total += weight
        weight *= 0.5
    result[first:] = envelope * (0.42 + 0.74 * ridges / total) * smooth(12, 21, z)
    return result


def _sorted(z: Floats) -> bool:
    """Whether the rows go from near to far, as a frame's do (loose points may not)."""
    return bool(np.all(z[1:] >= z[:-1]))


def _cone(cone: tuple[float, float, float, float], noise: Noise, x: Floats, z: Floats) -> Floats:
    """A volcano: concave slopes with gullies, and a crater."""
    cx, cz, lift, width = cone
    away = np.sqrt((x - cx) ** 2 + (z - cz) ** 2) * (1 / width)
    angle = np.arctan2(z - cz, x - cx)
    gully = 0.05 * noise.fbm(angle * 4, away * 1.5, 3) * smooth(0.05, 0.4, away)
    body = np.clip(1.0 - away + gully, 0, None) ** 1.5
    result: Floats = lift * np.minimum(body, 0.80 - 1.2 * np.clip(0.14 - away, 0, None))
    return result


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


def _enlarge(frame: Frame, rgb: Floats, depth: Floats, wet: NDArray[np.bool_], alpha: Floats) -> None:
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
    facing = np.clip((-slope_x * lx + ly - slope_z * lz) * up, 0.0, 1.0)
    facing *= _shadow(s, lx, ly)
    albedo = _albedo(frame, s, steep)
    light = facing[..., None] * array(p["key"]) * 0.95
    light += (0.35 + 0.4 * up)[..., None] * array(p["ambient"])
    rgb = albedo * light
    haze = (1.0 - np.exp(-np.clip(s.z - 2.0, 0, None) / scene.visibility)).astype(np.float32)
    return (rgb + (array(p["haze"]) - rgb) * haze[..., None]).astype(np.float32)


def _light(scene: Scene) -> tuple[float, float, float]:
    """Direction towards the light; it comes over the painter's shoulder, from the sun's side."""
    sx, sy = scene.sun or scene.moon or (0.3, 0.15)
    x = -0.75 if sx < 0.5 else 0.75
    y = 0.75 - 0.7 * min(0.55, sy)
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
    rgb = array(a) + (array(b) - array(a)) * np.clip(0.5 + 0.9 * patch + 0.12 * fine, 0, 1)[..., None]
    if land.mesa:
        bands = 0.5 + 0.5 * np.sin(s.h * 7 + patch * 2)
        strata = array(p["mesa"]) * (0.75 + 0.4 * bands[..., None])
        rgb = _blend(rgb, strata, smooth(0.15, 0.6, s.h))
    stone = array(p["rock"]) + (array(p["rock2"]) - array(p["rock"])) * np.clip(0.5 + patch + 0.3 * fine, 0, 1)[..., None]
    if land.cone:
        rgb = _blend(rgb, stone * 0.7, smooth(1.0, 3.0, s.h + patch))
    if land.peaks or land.islands or land.cliff:
        rgb = _blend(rgb, stone, smooth(0.35, 1.0, np.sqrt(steep) + 0.2 * patch) * (land.ground != "sand"))
    if land.peaks and land.ground != "snow":
        rgb = _blend(rgb, stone, smooth(1.2, 2.6, s.h + patch * 0.8))
    if land.peaks or land.ground == "snow":
        cover = smooth(land.snowline - 0.3, land.snowline + 0.6, s.h + patch * 0.9) if land.snowline > 0 else np.ones_like(s.h)
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
