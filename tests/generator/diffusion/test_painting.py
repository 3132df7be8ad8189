"""What the engine paints: every family, every wish, on tiny pipelines with random weights."""

from __future__ import annotations

import pytest

from generator.engines import Picture, Step
from tests.generator.diffusion.conftest import ask, difference, picture, refusal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]
FAMILIES = ["sd", "sdxl", "sd3", "flux"]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_paints_a_picture_of_the_size_and_seed_asked_for(engine, family):
    found = picture(engine, model=family, width=264, height=256, seed=9)
    assert found.image.pixels.size == (264, 256)
    assert (found.image.pixels.mode, found.image.seed) == ("RGB", 9)
    assert found.image.meta["family"] == family


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_request_gives_the_same_picture_and_another_seed_another(engine, family):
    first, again = (picture(engine, model=family, seed=3) for _ in range(2))
    other = picture(engine, model=family, seed=4)
    assert difference(first, again) == 0
    assert difference(first, other) > 8


@pytest.mark.parametrize("family", FAMILIES)
def test_prompt_steps_and_style_change_the_picture(engine, family):
    base = picture(engine, model=family)
    assert difference(base, picture(engine, model=family, steps=3)) > 8
    if family in {"sd", "sdxl"}:  # the tiny T5 knows no words
        assert difference(base, picture(engine, model=family, prompt="blue sea")) > 0
        assert difference(base, picture(engine, model=family, style="anime")) > 0


@pytest.mark.parametrize("family", ["sd", "sdxl"])
def test_guidance_and_the_negative_prompt_change_the_picture(engine, family):
    base = picture(engine, model=family)
    unguided = picture(engine, model=family, guidance_scale=1.0)
    assert difference(base, unguided) > 0
    assert difference(base, picture(engine, model=family, negative_prompt="dull grey")) > 0
    without = picture(engine, model=family, guidance_scale=1.0, negative_prompt="dull grey")
    assert difference(unguided, without) == 0


def test_flux_says_that_it_left_the_negative_prompt_and_the_emphasis_out(engine):
    found = picture(
        engine, model="flux", prompt="(red) house", negative_prompt="fog", prompt_weighting=True
    )
    notes = " ".join(found.image.meta["notes"])
    assert "no negative prompt" in notes
    assert "no emphasis" in notes


@pytest.mark.parametrize("family", ["sd3", "flux"])
def test_sides_that_a_family_cannot_paint_are_painted_larger_and_cropped(engine, family):
    found = picture(engine, model=family, width=264, height=256)
    assert found.image.pixels.size == (264, 256)
    assert found.image.meta["notes"] == ["painted at 272x256 and cropped"]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_initial_picture_is_kept_to_the_degree_asked_for(engine, family):
    fields = {"model": family, "initial_image": "disc", "steps": 4}
    weak = picture(engine, strength=0.25, **fields)
    strong = picture(engine, strength=1.0, **fields)
    plain = picture(engine, model=family, steps=4)
    assert difference(weak, strong) > 8
    assert difference(weak, plain) > 8


def test_a_strength_of_nothing_still_takes_one_step(engine):
    assert picture(engine, initial_image="disc", strength=0.0).image.pixels.size == (256, 256)


@pytest.mark.parametrize("family", ["sd", "sdxl"])
def test_clip_skip_leaves_layers_out(engine, family):
    first, second = (picture(engine, model=family, clip_skip=skip) for skip in (0, 1))
    assert difference(first, second) > 0


def test_words_beyond_clips_window_still_count(engine):
    long = "a very long story " * 12
    first, second = (picture(engine, prompt=long + end) for end in ("red", "blue"))
    assert difference(first, second) > 0


def test_progress_rises_evenly_to_the_end_for_several_pictures(engine):
    events = list(engine.generate([ask(count=3, steps=4, sampler="ddim")]))
    told = [event.position * 4 + event.step for event in events if isinstance(event, Step)]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (3, 12)


@pytest.mark.parametrize("sampler", ["heun", "pndm"])
def test_progress_fits_samplers_that_run_the_model_more_often(engine, sampler):
    events = list(engine.generate([ask(sampler=sampler, steps=4)]))
    told = [event.step for event in events if isinstance(event, Step)]
    assert told == sorted(told)
    assert (max(told), len(told) > 4) == (4, True)


def test_an_unknown_guide_refuses_that_job_alone(engine):
    events = list(engine.generate([ask(initial_image="nowhere"), ask()]))
    assert [event.job for event in events if isinstance(event, Picture)] == [1]
    assert "nowhere" in refusal(engine, initial_image="nowhere")
