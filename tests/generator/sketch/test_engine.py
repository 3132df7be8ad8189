"""The engine's events: steps, previews, pictures; the same bytes every time; quick to stop."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from generator.contract import ImageRequest
from generator.engines import Picture, Preview, Step
from generator.engines.sketch import SketchEngine
from tests.generator.sketch.looking import detail, paint

DIGEST = """
import hashlib
from generator.contract import ImageRequest
from generator.engines import Picture
from generator.engines.sketch import SketchEngine
for style in ("none", "fantasy-art", "isometric", "tile-texture"):
    job = ImageRequest(prompt="foxes by a lake, rain", seed=7, width=256, height=320, style=style)
    for event in SketchEngine().generate([job]):
        if isinstance(event, Picture):
            print(hashlib.sha256(event.image.pixels.tobytes()).hexdigest())
"""


def request(**fields: object) -> ImageRequest:
    values = {"prompt": "a boat on a lake at sunset", "width": 256, "height": 256, "seed": 3}
    return ImageRequest(**{**values, **fields})  # type: ignore[arg-type]


def digests(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_same_request_gives_the_same_bytes_in_every_process() -> None:
    first = digests("1")
    assert len(first.split()) == 4
    assert first == digests("2")


@pytest.mark.parametrize("steps", [1, 7, 20, 33])
def test_steps_run_from_one_to_the_number_asked_for(steps: int) -> None:
    events = list(SketchEngine().generate([request(steps=steps)]))
    counted = [e.step for e in events if isinstance(e, Step)]
    assert sorted(set(counted)) == list(range(1, steps + 1))
    assert counted == sorted(counted)


def test_a_preview_comes_before_any_step_and_most_before_the_picture() -> None:
    events = list(SketchEngine().generate([request()]))
    assert isinstance(events[0], Preview)
    assert isinstance(events[-1], Picture)
    assert sum(isinstance(e, Preview) for e in events) >= 6


def test_work_goes_on_between_events_so_that_it_can_be_stopped() -> None:
    seen = list(itertools.islice(SketchEngine().generate([request()]), 4))
    assert not any(isinstance(e, Picture) for e in seen)


def test_previews_are_small_and_come_nearer_to_the_picture() -> None:
    events = list(SketchEngine().generate([request()]))
    final = events[-1].image.pixels  # type: ignore[union-attr]
    previews = [e.pixels for e in events if isinstance(e, Preview)]
    assert all(p.mode == "RGB" and max(p.size) <= 256 for p in previews)
    errors = [apart(p, final) for p in previews]
    assert all(later <= earlier * 1.05 for earlier, later in itertools.pairwise(errors))
    assert errors[-1] < 0.1 * errors[0]


def apart(preview: Image.Image, final: Image.Image) -> float:
    small = np.asarray(final.resize(preview.size, Image.Resampling.BOX), np.float32)
    return float(((np.asarray(preview, np.float32) - small) ** 2).mean())


def test_every_picture_of_a_request_has_its_own_seed() -> None:
    events = SketchEngine().generate([request(count=3)])
    pictures = [e for e in events if isinstance(e, Picture)]
    assert [(p.position, p.image.seed) for p in pictures] == [(0, 3), (1, 4), (2, 5)]
    alone = next(e for e in SketchEngine().generate([request(seed=5)]) if isinstance(e, Picture))
    assert hashed(alone) == hashed(pictures[2])


def hashed(picture: Picture) -> str:
    return hashlib.sha256(picture.image.pixels.tobytes()).hexdigest()


def test_more_steps_bring_more_detail_and_twenty_finish() -> None:
    details = [detail(paint("castle on a hill", steps=k)) for k in (1, 6, 12, 16, 20)]
    assert all(later > earlier for earlier, later in itertools.pairwise(details))
    finished, longer = paint("castle on a hill", steps=20), paint("castle on a hill", steps=40)
    assert np.array_equal(finished, longer)


def test_a_picture_says_that_it_is_a_sketch_and_what_was_understood() -> None:
    events = SketchEngine().generate([request(prompt="a red fox by a zorgle, night")])
    meta = next(e for e in events if isinstance(e, Picture)).image.meta
    assert meta["engine"] == "sketch"
    assert "not AI" in meta["label"]
    assert {"fox", "night"} <= set(meta["scene"])
    assert meta["ignored"] == ["zorgle"]


@pytest.mark.parametrize("size", [(256, 2048), (2048, 256), (264, 1000)])
def test_any_size_is_painted_exactly(size: tuple[int, int]) -> None:
    events = SketchEngine().generate([request(width=size[0], height=size[1])])
    assert next(e for e in events if isinstance(e, Picture)).image.pixels.size == size


def test_a_large_picture_has_the_composition_of_the_small_one() -> None:
    large = paint("a boat on a lake at sunset, mountains", size=512)
    small = paint("a boat on a lake at sunset, mountains", size=256)
    reduced = large.reshape(256, 2, 256, 2, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 0.05
