"""No prompt, style or size makes the painter stumble; warnings count as stumbling."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.contract import ImageRequest
from generator.engines import Picture
from generator.engines.sketch import SketchEngine, words
from generator.engines.sketch.pen import shapes
from generator.engines.sketch.reading import read
from generator.engines.sketch.styles import STYLES

KINDS = [words_.split()[0].replace("_", " ") for words_ in words.THINGS.values()]
CONDITIONS = [*words.TIMES, *words.SEASONS, *words.MOODS, *list(words.COLORS)[:12]]
PROMPTS = st.lists(
    st.sampled_from([*KINDS, *CONDITIONS, "three", "on the left", "no", ",", "zorgle"]),
    min_size=1, max_size=9,
).map(" ".join)  # fmt: skip
SIZES = st.sampled_from([256, 264, 320, 440])


def pictures(job: ImageRequest) -> list[Picture]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [e for e in SketchEngine().generate([job]) if isinstance(e, Picture)]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(prompt=PROMPTS, negative=PROMPTS, style=st.sampled_from(list(STYLES)), width=SIZES,
       height=SIZES, seed=st.integers(0, 2**64 - 1), steps=st.sampled_from([1, 8, 20]))  # fmt: skip
def test_anything_that_can_be_asked_is_painted(
    prompt: str, negative: str, style: str, width: int, height: int, seed: int, steps: int
) -> None:
    job = ImageRequest(
        prompt=prompt, negative_prompt=negative, style=style, width=width, height=height,
        seed=seed, steps=steps,
    )  # fmt: skip
    (picture,) = pictures(job)
    assert picture.image.pixels.size == (width, height)
    assert picture.image.pixels.mode == "RGB"


@given(text=st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text, text)
    assert not set(reading.things) & reading.removed


def test_the_vocabulary_is_wide_and_every_drawn_thing_has_a_drawing() -> None:
    assert len(words.THINGS) >= 60
    drawn = {**words.PROPS, **words.ANIMALS, **words.STILL, "robot": ""}
    assert set(drawn) - set(shapes()) == set()


@pytest.mark.parametrize("word", ["🦊🦊🦊", "狐狸在森林里", "ünïcödé", "((red:1.4)) fox", "-"])
def test_odd_prompts_are_painted(word: str) -> None:
    (picture,) = pictures(ImageRequest(prompt=word, width=256, height=256))
    assert picture.image.pixels.getextrema() != ((0, 0), (0, 0), (0, 0))


@pytest.mark.parametrize("style", ["none", "isometric", "tile-texture"])
def test_a_crowd_finds_room(style: str) -> None:
    prompt = "seven foxes, seven cats, seven dogs and seven owls"
    (picture,) = pictures(ImageRequest(prompt=prompt, style=style, width=256, height=256))
    assert picture.image.pixels.size == (256, 256)
