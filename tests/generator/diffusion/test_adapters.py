"""LoRAs, ControlNets and the safety checker."""

from __future__ import annotations

import shutil

import pytest

from generator.contract import Control, ControlMode, Lora, Safety
from tests.generator.diffusion.conftest import ask, difference, picture, pictures, refusal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]
INK, AIR = "ink", "urn:air:sd1:lora:civitai:12@34"


def test_a_lora_changes_the_picture_by_its_weight(engine):
    base = picture(engine)
    full, half = (picture(engine, loras=(Lora(model=INK, weight=w),)) for w in (1.0, 0.5))
    assert difference(base, full) > 0
    assert difference(full, half) > 0
    assert difference(base, picture(engine, loras=(Lora(model=INK, weight=0.0),))) <= 1


def test_several_loras_add_up_and_one_is_found_by_its_air_id(engine):
    both = (Lora(model=INK), Lora(model=AIR, weight=-0.5))
    found = picture(engine, loras=both)
    assert difference(found, picture(engine, loras=both[:1])) > 0
    assert difference(found, picture(engine, loras=both[1:])) > 0


def test_the_next_picture_wears_no_lora_of_the_one_before(engine):
    before = picture(engine)
    picture(engine, loras=(Lora(model=INK),))
    assert difference(before, picture(engine)) == 0


@pytest.mark.parametrize("family", ["sdxl", "flux"])
def test_a_lora_of_another_family_is_refused_and_leaves_the_model_usable(engine, family):
    before = picture(engine, model=family)
    assert "does not fit" in refusal(engine, model=family, loras=(Lora(model=INK),))
    assert difference(before, picture(engine, model=family)) == 0


def canny(**fields) -> Control:
    return Control(preprocessor="canny", guide="disc", **fields)


def test_a_control_changes_the_picture_by_weight_and_time(engine):
    base = picture(engine, steps=4)
    full = picture(engine, steps=4, controls=(canny(),))
    assert difference(base, full) > 0
    assert difference(full, picture(engine, steps=4, controls=(canny(weight=0.3),))) > 0
    assert difference(full, picture(engine, steps=4, controls=(canny(end=0.3),))) > 0


def test_the_mode_that_follows_the_guide_changes_the_picture(engine):
    balanced, following = (
        picture(engine, controls=(canny(mode=mode),))
        for mode in (ControlMode.BALANCED, ControlMode.CONTROLNET)
    )
    assert difference(balanced, following) > 0


def test_two_controls_work_together_in_a_shared_pass_and_on_an_initial_picture(engine):
    controls = (canny(), Control(preprocessor="tile_gaussian", guide="ramp", weight=0.5))
    first, second = pictures(engine, *(ask(controls=controls, seed=seed) for seed in (1, 2)))
    assert first.image.meta["batch"] == 2
    alone = picture(engine, controls=controls, seed=2)
    assert difference(second, alone) <= 1
    started = picture(engine, controls=controls, initial_image="disc", steps=4)
    assert started.image.pixels.size == (256, 256)


@pytest.fixture(params=[True, False], ids=["alarmed", "calm"])
def watched(request, build, models, tmp_path):
    """A model with a safety checker that finds everything sensitive, or nothing."""
    from tests.generator.diffusion import tiny

    shutil.copytree(models / "sd", tmp_path / "sd")
    tiny.save_checker(tmp_path / "safety-checker", alarmed=request.param)
    return build(root=tmp_path), request.param


def test_the_checker_rates_blanks_or_keeps_quiet_as_asked(watched):
    engine, alarmed = watched
    kept, blanked, unseen = (picture(engine, safety=safety) for safety in Safety)
    assert kept.image.meta["rating"] == ("sensitive" if alarmed else "safe")
    assert kept.image.pixels.getbbox()
    assert (blanked.image.pixels.getbbox() is None) == alarmed
    assert "rating" not in unseen.image.meta
