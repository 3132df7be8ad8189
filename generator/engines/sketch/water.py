"""Still and moving water: every column mirrored about its own shore."""

from __future__ import annotations

import numpy as np

from generator.engines.sketch.color import Floats, array, mix
from generator.engines.sketch.frame import SKY, Frame
from generator.engines.sketch.noise import smooth


def paint_water(frame: Frame) -> None:
    """Replace wet pixels by reflection, body colour, ripples and glitter."""
    wet_rows = np.flatnonzero(frame.water.any(axis=1))
    if not len(wet_rows):
        return
    top, bottom = int(wet_rows[0]), int(wet_rows[-1]) + 1
    wet = frame.water[top:bottom]
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    z = frame.unit / np.maximum(rows + 0.5 - frame.horizon, 0.5)
    x = (np.arange(frame.width, dtype=np.float32)[None, :] - frame.width / 2) * z / frame.unit
    wave = _waves(frame, x, z)
    mirrored = _mirror(frame, top, wave, z)
    grazing = np.clip(1.0 / np.sqrt(1.0 + (z * 0.55) ** 2), 0, 1)
    reflect = np.clip(0.93 - 0.75 * grazing + 0.12 * wave, 0.15, 0.95)[..., None]
    p = frame.palette
    body = array(mix(p.lit(p["deep"], 0.7), p["middle"], 0.25))
    near = array(mix(p.lit(p["shallow"], 0.8), p["middle"], 0.15))
    body = body + (near - body) * np.clip(grazing * 1.5 - 0.12, 0, 0.8)[..., None]
    rgb = body + (mirrored - body) * reflect
    rgb += (np.clip(wave, 0, 1) ** 2 * 0.12)[..., None] * array(p["horizon"])
    rgb += _glitter(frame, rows, wave)[..., None] * array(p["sun"])
    haze = (1 - np.exp(-np.clip(z - 3, 0, None) / (frame.scene.visibility * 1.6)))[..., None]
    rgb = rgb + (array(p["haze"]) - rgb) * haze * 0.6
    if "storm" in frame.scene.features:
        rgb = rgb * 0.72  # or sea and sky would run into each other
    target = frame.rgb[top:bottom]
    target[wet] = np.clip(rgb, 0, 1)[wet]
    _foam(frame, top, bottom, x, z)


def _waves(frame: Frame, x: Floats, z: Floats) -> Floats:
    """Ripples in world space, stretched across the view, calmer far away."""
    calm = "calm" in frame.scene.reading.moods
    rough = 0.45 if calm else 1.6 if "storm" in frame.scene.features else 1.0
    u, v = x * 1.1 / (1 + 0.03 * z), np.log(z) * 13.0
    wave = frame.noise.at(u, v) + 0.6 * frame.noise.at(u * 2.3 + 9, v * 2.1)
    wave = wave + 0.35 * frame.noise.at(u * 6.1, v * 4.0 + 5)
    result: Floats = (wave * (rough * 0.62)).astype(np.float32)
    return result


def _mirror(frame: Frame, top: int, wave: Floats, z: Floats) -> Floats:
    """Colours of what stands above the water, column by column, shaken by the waves."""
    bottom = top + len(z)
    rows = np.arange(top, bottom, dtype=np.int32)[:, None]
    dry = np.where(frame.water[top:bottom], np.int32(max(0, top - 1)), rows)
    shore = np.maximum.accumulate(dry, axis=0)
    below = (rows - shore).astype(np.float32)
    shake = wave * (0.004 * frame.unit + 0.13 * below * 0.35)
    source = shore - below * 1.02 + shake
    source = np.clip(source, 0, frame.height - 1).astype(np.int32)
    columns = np.arange(frame.width, dtype=np.float32)[None, :] + wave * (0.003 * frame.unit)
    columns = np.clip(columns, 0, frame.width - 1).astype(np.int32)
    above: Floats = frame.rgb[source, columns]
    seen = frame.depth[source, columns]
    bare = frame.water[source, columns] | (seen >= SKY) | (seen < z * 0.9)  # nearer than the water
    if bare.any() and frame.sky is not None:
        high = 2.0 * frame.horizon - rows + shake
        high = np.broadcast_to(np.clip(high, 0, frame.height - 1).astype(np.int32), bare.shape)
        above[bare] = frame.sky[high[bare], columns[bare]]
    return above


def _glitter(frame: Frame, rows: Floats, wave: Floats) -> Floats:
    """The sun's or moon's road on the water: a column of broken light."""
    light = frame.scene.sun or frame.scene.moon
    if light is None or frame.scene.time in {"grey", "storm"}:
        return np.zeros_like(wave)
    x = (
        np.arange(frame.width, dtype=np.float32)[None, :] / frame.unit
        - light[0] * frame.width / frame.unit
    )
    down = (rows - frame.horizon) / frame.unit
    width = 0.022 + 0.16 * np.clip(down, 0, None)
    column = np.exp(-((x / width) ** 2))
    low = 1.0 - 1.1 * max(0.0, 0.45 - light[1]) if frame.scene.sun else 0.75
    return (column * smooth(0.12, 0.5, wave + 0.25 * column) * 0.95 * max(low, 0.35)).astype(
        np.float32
    )


def _foam(frame: Frame, top: int, bottom: int, x: Floats, z: Floats) -> None:
    """A broken white line where small waves meet a beach."""
    if frame.scene.land.sea is None or frame.scene.land.sea < 1:
        return
    shore = z + 0.35 * frame.noise.at(x * 0.5, z * 0.35) - frame.scene.land.sea
    broken = frame.noise.fbm(x * 2.2, z * 2.2, 3)
    line = np.exp(-(((shore + 0.1 * broken - 0.12) / 0.10) ** 2)) + 0.6 * np.exp(
        -(((shore + 0.2 * broken - 0.6) / 0.1) ** 2)
    )
    a = (np.clip(line * (0.6 + broken), 0, 1) * 0.8)[..., None] * frame.water[top:bottom, :, None]
    target = frame.rgb[top:bottom]
    target += (array(mix(frame.palette["cloud"], frame.palette["haze"], 0.35)) - target) * a
