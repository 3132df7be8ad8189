"""Every sampler of the catalog either paints or says why it does not."""

from __future__ import annotations

import pytest

from generator.catalog.samplers import ALL, SAMPLERS
from generator.engines.diffusion.refusals import FLOW_SAMPLERS
from tests.generator.diffusion.conftest import ask, difference, picture, pictures, refusal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]
SLUGS = [sampler.slug for sampler in SAMPLERS]


@pytest.mark.parametrize("sampler", SLUGS)
def test_it_paints_with_its_own_scheduler_and_repeats_the_seed(engine, sampler):
    first, again = pictures(engine, ask(sampler=sampler, steps=4), ask(sampler=sampler, steps=4))
    assert difference(first, again) <= 1
    assert difference(first, picture(engine, sampler=sampler, steps=4)) <= 1
    wanted = next(s.scheduler for s in ALL if s.slug == sampler) or "PNDMScheduler"
    assert first.image.meta["scheduler"] == wanted


@pytest.mark.parametrize("sampler", SLUGS)
def test_it_paints_in_a_single_step(engine, sampler):
    assert picture(engine, sampler=sampler, steps=1).image.pixels.getbbox()


@pytest.mark.parametrize("sampler", [s.slug for s in ALL if s.refused])
def test_what_cannot_paint_from_text_is_refused_with_the_reason(engine, sampler):
    reason = next(s.refused for s in ALL if s.slug == sampler)
    assert reason in refusal(engine, sampler=sampler)


@pytest.mark.parametrize("family", ["sd3", "flux"])
def test_a_model_that_follows_a_flow_takes_the_samplers_made_for_it(engine, family):
    for sampler in sorted(FLOW_SAMPLERS):
        found = picture(engine, model=family, sampler=sampler)
        assert found.image.meta["scheduler"] == "FlowMatchEulerDiscreteScheduler"
    assert "does not fit this model" in refusal(engine, model=family, sampler="ddim")
