"""What each API is asked for, and what it is said to lose on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.models import User
from generator import examples
from generator.contract import MAX_SEED, Control, ImageRequest, Lora, OutputFormat, Safety
from generator.dialects import Defaults, asking, native
from generator.dialects.registry import FOREIGN
from generator.models import EngineModel
from tests.generator.orders import make_model

NAMES = [service.dialect.name for service in examples.SERVICES]
PICTURE = "6f1c9ad2-5d3e-4d52-9b5c-2f4f0c1d6d3a"
#: What every API can say.
PLAIN = {"width": 1024, "height": 1024, "steps": 20, "guidance_scale": 7.0, "model": "blank"}


@pytest.fixture(autouse=True)
def blank(db: None) -> EngineModel:
    """The only model, and so the default one."""
    EngineModel.objects.all().delete()
    return make_model("blank")


def wish(**fields: Any) -> ImageRequest:
    return ImageRequest(prompt="a fox", **{**PLAIN, **fields})


def example(user: User, name: str, *, seeded: bool = True, **fields: Any) -> examples.Example:
    found = examples.of(wish(**fields), user, seeded=seeded)
    return {each.name: each for each in found}[name]


def test_every_service_that_is_served_has_an_example() -> None:
    assert set(NAMES) >= {"native", *(dialect.name for dialect in FOREIGN)}


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_wish_is_said_whole_in_three_languages(alice: User, name: str) -> None:
    found = example(alice, name, seeded=False)
    assert (found.refused, found.lost) == ("", ())
    languages = (
        ["Python", "JavaScript"] if name == "picfinder" else ["curl", "Python", "JavaScript"]
    )
    assert [code.language for code in found.codes] == languages
    assert all("a fox" in code.text for code in found.codes)


def test_our_own_api_says_everything() -> None:
    everything = wish(
        negative_prompt="fog", width=512, height=640, seed=MAX_SEED, count=3, steps=33,
        guidance_scale=5.5, sampler="euler-a", style="anime", clip_skip=2,
        loras=(Lora(model="ink", weight=0.5),), initial_image="a", mask="b", strength=0.0,
        controls=(Control(preprocessor="canny", guide="c", weight=0.5, start=0.1, end=0.9),),
        prompt_weighting=True, output_format=OutputFormat.WEBP,
    )  # fmt: skip
    read = native.read(asking.native(everything), Defaults(model="other", seed=1))
    assert read == everything


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, 1),
        ({"initial_image": PICTURE}, 2),
        ({"initial_image": PICTURE, "mask": PICTURE, "strength": 0.5}, 3),
        ({"controls": (Control(preprocessor="canny", guide=PICTURE),)}, 9),
    ],
    ids=str,
)
def test_picfinder_says_what_is_worked_from(alice: User, fields: dict[str, Any], kind: int) -> None:
    assert asking.picfinder(wish(**fields))["taskType"] == kind
    assert example(alice, "picfinder", **fields).lost == ()


@pytest.mark.parametrize(
    ("name", "fields", "lost"),
    [
        ("openai", {"seed": 5}, "Seed: each call gets another"),
        ("openai", {"negative_prompt": "fog"}, "Negative prompt"),
        ("openai", {"steps": 25}, "Steps: 20 instead of 25"),
        ("openai", {"count": 16}, "Pictures: 10 instead of 16"),
        ("openai", {"style": "anime"}, "Style"),
        ("stubber", {"width": 512, "height": 512}, "Size: 1024 × 1024 instead of 512 × 512"),
        ("stubber", {"count": 2}, "Pictures: 1 instead of 2"),
        ("stubber", {"guidance_scale": 3.5}, "Guidance: 7 instead of 3.5"),
        ("aithriving", {"steps": 60}, "Steps: 50 instead of 60"),
        ("aithriving", {"loras": (Lora(model="ink"),)}, "LoRAs"),
        ("modelslab", {"sampler": "euler-a"}, "Sampler: Model's own instead of Euler ancestral"),
        ("modelslab", {"safety": Safety.OFF}, "Check for sensitive pictures"),
        ("a1111", {"output_format": OutputFormat.JPEG}, "File format: png instead of jpeg"),
        ("a1111", {"initial_image": "x"}, "Picture to begin with"),
        ("picfinder", {"width": 1536, "height": 640}, "Size: 1024 × 512 instead of 1536 × 640"),
        ("picfinder", {"guidance_scale": 12.0}, "Guidance: 10 instead of 12"),
        ("picfinder", {"style": "cinematic"}, "Style"),
    ],
    ids=str,
)
def test_what_an_api_cannot_say_is_named(
    alice: User, name: str, fields: dict[str, Any], lost: str
) -> None:
    assert lost in example(alice, name, **fields).lost


@pytest.mark.parametrize("name", ["a1111", "aithriving", "modelslab", "native", "picfinder"])
def test_a_seed_of_nothing_is_still_that_seed(alice: User, name: str) -> None:
    assert example(alice, name, seed=0).lost == ()


@pytest.mark.parametrize("name", NAMES)
def test_without_a_seed_none_is_sent(alice: User, name: str) -> None:
    texts = [code.text for code in example(alice, name, seeded=False, seed=4321).codes]
    assert not [text for text in texts if "4321" in text]


def test_another_model_that_would_paint_is_named(alice: User) -> None:
    make_model("scripted")
    EngineModel.objects.filter(slug="blank").update(is_default=True)
    found = example(alice, "aithriving", model="scripted")
    assert "Model: blank instead of scripted" in found.lost


def test_an_api_that_cannot_be_asked_says_why(alice: User) -> None:
    found = examples.of(ImageRequest(prompt="a" * 501, **PLAIN), alice)
    [ours] = [each for each in found if each.name == "native"]
    assert (ours.codes, ours.refused) == ((), "Must be between 1 and 500 characters.")


def test_a_size_that_the_model_does_not_paint_is_no_example(
    alice: User, blank: EngineModel
) -> None:
    blank.sizes = "512x512"
    blank.save()
    assert "512×512" in example(alice, "stubber", width=512, height=512).refused
    assert example(alice, "native", width=512, height=512).refused == ""


def test_no_text_holds_a_key(alice: User) -> None:
    told = json.dumps([code.text for each in examples.of(wish(), alice) for code in each.codes])
    assert "lim_" not in told
    assert told.count("LIMNER_KEY") >= 3 * len(NAMES) - 1
