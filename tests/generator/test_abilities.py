"""What each model can do beyond a prompt, and that nothing else is charged for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from generator import abilities
from generator.contract import Control, Lora
from generator.engines.abilities import Abilities
from generator.models import EngineModel
from generator.submission import Refusal
from tests.factories import make_upload
from tests.generator.orders import make_model, submit

pytestmark = pytest.mark.django_db


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def diffusion(family: str = "sd1", **fields: Any) -> EngineModel:
    return EngineModel(engine="diffusion", address="hub:org/name", family=family, **fields)


def remote(provider: str) -> EngineModel:
    return EngineModel(engine="remote", options={"provider": provider})


@pytest.fixture
def weights(settings: Any, tmp_path: Path) -> Path:
    settings.MODELS_DIR = tmp_path
    return tmp_path


def test_sketch_can_do_nothing_of_it() -> None:
    assert abilities.of(EngineModel(engine="sketch")) == Abilities()


def test_a_diffusion_model_works_from_a_picture_and_wears_what_is_installed(weights: Path) -> None:
    touch(weights / "loras" / "ink.safetensors")
    touch(weights / "loras" / "civitai" / "12@34.safetensors")
    touch(weights / "loras" / "pickled.ckpt")
    found = abilities.of(diffusion())
    assert found.initial_image
    assert found.loras == ("ink", "civitai:12@34")
    assert found.preprocessors == ()


def test_a_preprocessor_is_offered_when_its_control_net_is_there(weights: Path) -> None:
    touch(weights / "controlnets" / "sd" / "canny" / "config.json")
    touch(weights / "controlnets" / "sd" / "depth" / "config.json")
    assert abilities.of(diffusion()).preprocessors == ("canny",)
    assert abilities.of(diffusion("sdxl")).preprocessors == ()
    touch(weights / "preprocessors" / "depth_midas" / "config.json")
    assert abilities.of(diffusion()).preprocessors == ("canny", "depth_midas")


@pytest.mark.parametrize("family", ["sd3", "flux"])
def test_models_that_do_not_read_with_clip_skip_none_of_it(weights: Path, family: str) -> None:
    found = abilities.of(diffusion(family))
    assert (found.clip_skip, found.prompt_weighting, found.initial_image) == (False, False, True)


def test_where_another_machine_paints_any_lora_may_be_written(settings: Any) -> None:
    settings.ENGINES_ELSEWHERE = ["diffusion"]
    found = abilities.of(diffusion())
    assert found.loras is None
    assert "canny" in found.preprocessors


@pytest.mark.parametrize(
    ("provider", "loras"), [("a1111", None), ("picfinder", None), ("openai", ()), ("horde", ())]
)
def test_a_provider_is_asked_for_what_it_knows(
    provider: str, loras: tuple[str, ...] | None
) -> None:
    found = abilities.of(remote(provider))
    assert found.loras == loras
    assert not found.guides


def test_options_that_say_nothing_can_do_nothing() -> None:
    assert abilities.of(remote("nobody")) == Abilities()
    broken = EngineModel(engine="diffusion", options={"family": "x"})
    assert abilities.of(broken) == Abilities()


def test_what_any_of_several_can_do_is_what_a_page_without_scripts_shows(weights: Path) -> None:
    found = abilities.of_any([EngineModel(engine="sketch"), diffusion(), remote("picfinder")])
    assert found.initial_image
    assert found.loras is None
    assert abilities.of_any([]) == Abilities()


@pytest.mark.parametrize(
    ("engine", "options", "wish"),
    [
        ("sketch", {}, "initial_image"),
        ("sketch", {}, "mask"),
        ("sketch", {}, "controls"),
        ("sketch", {}, "loras"),
        ("remote", {"provider": "horde"}, "initial_image"),
        ("remote", {"provider": "horde"}, "loras"),
    ],
)
def test_what_a_model_cannot_do_is_refused_before_anybody_pays(
    alice: User, engine: str, options: dict[str, str], wish: str
) -> None:
    EngineModel.objects.all().delete()
    EngineModel.objects.create(slug="it", name="It", engine=engine, options=options)
    picture = str(make_upload(alice).pk)
    control = Control(preprocessor="canny", guide=picture)
    values = {"controls": (control,), "loras": (Lora(model="ink"),)}
    with pytest.raises(Refusal) as refused:
        submit(alice, model="it", **{wish: values.get(wish, picture)})
    alice.wallet.refresh_from_db()
    assert (refused.value.code, refused.value.status) == ("not_possible", 422)
    assert alice.wallet.balance == 200


def test_engines_that_are_not_ours_are_not_judged(alice: User) -> None:
    make_model("blank")
    assert submit(alice, loras=(Lora(model="ink"),)).pk
