"""The height field: every landform is a term of one function of the world."""

from __future__ import annotations

import numpy as np

from generator.engines.sketch.color import Floats
from generator.engines.sketch.noise import Noise, smooth
from generator.engines.sketch.scene import Land

FALL = 12.4  # depth of a waterfall


def height_at(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Ground height above the water at world points; `z` is (rows, 1), `x` (rows, columns)."""
    h = _plain(land, noise, x, z)
    if land.dunes:
        h = h + _dunes(land, noise, x, z)
    if land.mesa:
        h = h + _mesa(noise, x, z)
    if land.sea is None and not land.lake and not land.river:
        h = np.clip(h, 0.02, None)
    h = _wet(land, noise, x, z, h)
    if land.peaks or land.rugged:
        h = h + _peaks(land, noise, x, z)
    if land.cone:
        h = h + _cone(land.cone, noise, x, z)
    return h


def _plain(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Rolling ground, soft hills far off, knolls, and the rock that a waterfall comes down."""
    swell = noise.fbm(x * 0.16 + 5, z * 0.16, 4) + 0.2
    h: Floats = 0.13 + land.roll * swell * smooth(2, 9, z) * (0.4 + 0.06 * z)
    if land.backdrop:
        far = np.clip(0.35 + noise.fbm(x * 0.045 + 9, z * 0.05, 4), 0, None)
        h = h + land.backdrop * far * smooth(13, 34, z) * (0.5 + 0.04 * z)
    h = h + 0.02 * noise.at(x * 1.9, z * 1.9)
    for kx, kz, radius, lift in land.knolls:
        away = ((x - kx) ** 2 + ((z - kz) * 1.2) ** 2) * (1 / radius**2)
        h = h + lift * np.exp(-away)
    if land.fall:
        ledge = smooth(11.6, FALL + 0.5, z + 0.9 * noise.fbm(x * 0.35, z * 0.2, 3))
        h = h + ledge * land.fall * (0.8 + 0.35 * noise.fbm(x * 0.22, z * 0.3, 3))
    return h


def _dunes(land: Land, noise: Noise, x: Floats, z: Floats) -> Floats:
    """Sinuous crests, growing with distance, and fine ripples near the eye."""
    bend = noise.at(x * 0.05, z * 0.05) * 0.9
    crest = 1.0 - np.abs(noise.at(x * 0.075 + bend, z * 0.13 + bend + 4)) * 1.4
    crest = np.clip(crest, 0, None) ** 1.3
    second = np.clip(1.0 - np.abs(noise.at(x * 0.2 + bend + 20, z * 0.3)) * 1.4, 0, None)
    second = second * smooth(34, 14, z)
    lift = land.dunes * smooth(2.0, 8, z) * (0.5 + 0.06 * np.minimum(z, 28))
    ripple = 0.007 * np.sin(z * 9 + x * 2.2 + noise.at(x * 0.8, z * 0.8) * 5) * smooth(14, 4, z)
    result: Floats = (crest + 0.14 * second - 0.35) * lift + ripple
    return result


def _mesa(noise: Noise, x: Floats, z: Floats) -> Floats:
    """Terraced tables and buttes standing back from a flat floor."""
    raw = noise.fbm(x * 0.06 + 11, z * 0.05 + 3, 4, 0.42) + 0.3 * smooth(14, 34, z) - 0.12
    step = (
        smooth(0.04, 0.15, raw) * 0.5
        + smooth(0.2, 0.29, raw) * 0.32
        + smooth(0.36, 0.46, raw) * 0.3
    )
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
        inside = smooth(near - 0.5, near + 0.3, z + wobble) * smooth(
            far + 1, far - 1.2, z + wobble * 3
        )
        h = h + (-0.5 - h) * inside
    if land.river:
        away = np.abs(x - path(z, 1.3)) / (0.75 + 0.03 * z) + 0.12 * noise.at(x * 1.5, z * 1.5)
        bed = smooth(1.5, 0.75, away) * (smooth(FALL, 11.6, z) if land.fall else smooth(30, 16, z))
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
