"""One pass for several pictures: who shares it changes nothing, nor does running out of memory."""

from __future__ import annotations

import dataclasses

import pytest

from generator.engines import Picture, Step
from generator.engines.diffusion.painting import TOO_LARGE
from tests.generator.diffusion.conftest import ask, difference, picture, pictures, refusal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]
COMPANY = [
    {"prompt": "a red house", "seed": 1},
    {"prompt": "the sea", "seed": 2, "negative_prompt": "ships"},
    {"prompt": "a fox", "seed": 3, "style": "anime", "count": 2},
]


@pytest.mark.parametrize("family", ["sd", "sdxl", "sd3", "flux"])
def test_a_picture_alone_is_the_picture_in_company(engine, family):
    jobs = [ask(model=family, **fields) for fields in COMPANY]
    together = pictures(engine, *jobs)
    assert [p.image.meta["batch"] for p in together] == [4] * 4
    for number, job in enumerate(jobs[:2]):
        [alone] = pictures(engine, job)
        assert alone.image.meta["batch"] == 1
        assert difference(alone, together[number]) <= 1


@pytest.mark.parametrize("sampler", ["default", "euler-a", "dpmpp-2m-sde-karras", "lcm"])
def test_before_rounding_alone_and_in_company_agree_to_a_thousandth(engine, torch, sampler):
    # The pipeline's own latents, since a finished picture has 8 bits.
    vae = engine.painter.shelf.get({"path": "sd"}).base.vae
    kept, decode = [], vae.decode

    def keep(latents, *args, **more):
        if latents.shape[-1] == 256 // 8:  # and not what previews are fitted to
            kept.append(latents.detach().clone())
        return decode(latents, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vae, "decode", keep)
        jobs = [ask(sampler=sampler, steps=4, **fields) for fields in COMPANY]
        list(engine.generate(jobs))
        list(engine.generate(jobs[1:2]))
    together, alone = kept
    assert float((together[1] - alone[0]).abs().max()) < 1e-3


def test_what_does_not_fit_together_is_painted_in_passes_of_its_own(engine):
    jobs = [ask(), ask(steps=3), ask(width=264), ask(guidance_scale=2.0), ask()]
    found = pictures(engine, *jobs)
    assert [p.image.meta["batch"] for p in found] == [2, 1, 1, 1, 2]


def test_a_long_prompt_does_not_change_the_picture_of_a_short_one(engine):
    short, long = ask("a red house"), ask("a very long story " * 12)
    together = pictures(engine, short, long)
    assert [p.image.meta["batch"] for p in together] == [1, 1]
    assert difference(together[0], picture(engine)) == 0


def test_a_pass_is_never_larger_than_told(build):
    engine = build(batch=3)
    found = pictures(engine, ask(count=5), ask())
    assert [p.image.meta["batch"] for p in found] == [3, 3, 3, 3, 3, 3]
    assert [p.image.seed for p in found] == [0, 1, 2, 3, 4, 0]


@pytest.fixture
def cramped(build, torch):
    """An engine whose card has room for two pictures; what it was asked at once is in `.tried`."""
    engine = build()
    shelf = engine.painter.shelf
    pipe = shelf.get({"path": "sd"}).base
    forward = pipe.unet.forward
    engine.tried, engine.room = [], 2

    def limited(sample, *args, **more):
        pictures = len(sample) // 2  # with and without the prompt
        if not engine.tried or engine.tried[-1] != pictures:
            engine.tried.append(pictures)
        if pictures > engine.room:
            raise torch.OutOfMemoryError("CUDA out of memory. (a test says so)")
        return forward(sample, *args, **more)

    pipe.unet.forward = limited
    return engine


def test_out_of_memory_halves_the_pass_and_nobody_loses_a_picture(cramped, engine):
    jobs = [ask(seed=seed) for seed in range(7)]
    found = pictures(cramped, *jobs)
    assert [p.image.seed for p in found] == list(range(7))
    assert cramped.tried == [7, 3, 1]
    assert difference(found[6], picture(engine, seed=6)) <= 1


def test_the_size_that_fitted_is_remembered(cramped):
    pictures(cramped, *[ask(seed=seed) for seed in range(4)])
    cramped.tried.clear()
    pictures(cramped, *[ask(seed=seed) for seed in range(4)])
    assert cramped.tried == [2]


def test_one_picture_too_many_puts_other_models_away_before_it_gives_up(cramped):
    pictures(cramped, ask(model="sdxl"))
    cramped.room = 0
    assert refusal(cramped) == TOO_LARGE
    assert [str(place) for place in cramped.painter.shelf.models] == ["sd"]
    assert cramped.painter.shelf.models.popitem()[1].base.vae.use_tiling


def test_other_errors_are_not_taken_for_a_lack_of_memory(cramped):
    pipe = cramped.painter.shelf.get({"path": "sd"}).base
    pipe.unet.forward = lambda *args, **more: 1 / 0
    with pytest.raises(ZeroDivisionError):
        list(cramped.generate([ask(), ask()]))


def test_closing_the_iterator_stops_the_pipeline_between_two_steps(build):
    engine = build()
    vae = engine.painter.shelf.get({"path": "sd"}).base.vae
    decoded = []
    vae.decode = lambda *args, **more: decoded.append(1)
    events = engine.generate([ask(steps=30, sampler="ddim")])
    first = next(event for event in events if isinstance(event, Step))
    events.close()
    assert first.step < 30
    assert decoded == []
    assert not engine.painter.painting.locked()


def test_the_engine_paints_on_after_it_was_stopped(build, engine):
    stopped = build()
    events = stopped.generate([ask(steps=30)])
    next(events)
    events.close()
    assert difference(picture(stopped), picture(engine)) == 0


def test_pictures_come_as_their_pass_ends_not_at_the_very_end(build):
    events = list(build(batch=1).generate([ask(count=2)]))
    kinds = [type(event) for event in events]
    assert kinds.index(Picture) < len(kinds) - 1 - kinds[::-1].index(Step)


def test_a_request_is_read_as_it_is_and_not_changed(engine):
    job = ask(prompt="(a) fox", prompt_weighting=True, style="anime")
    before = dataclasses.asdict(job)
    pictures(engine, job)
    assert dataclasses.asdict(job) == before
