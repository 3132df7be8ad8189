"""The rows of models: what the migrations leave, and where an address may lead."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from generator import addresses
from generator.catalog.models import MODELS
from generator.engines.diffusion import places
from generator.engines.diffusion.places import BadPlace
from generator.models import EngineModel

moving = import_module("generator.migrations.0005_addresses")
DOCUMENTED = [
    *("sdxl-1.0", "rev-animated-1.2.2", "absolutereality-1.8.1", "cyberrealistic-3.2"),
    *("dreamshaper-7.0", "ghostmix-2.0", "samaritan-3d-3.0", "sd-1.6", "flux", "dall-e-3"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", DOCUMENTED)
def test_each_documented_model_has_a_row_that_is_switched_off(slug):
    row = EngineModel.objects.get(slug=slug)
    row.full_clean()
    assert not row.enabled
    assert slug in {model.slug for model in MODELS}


def test_every_number_of_picfinder_leads_to_such_a_row():
    numbered = {model.slug for model in MODELS if model.picfinder_id}
    assert len(numbered) == 7
    assert numbered <= set(DOCUMENTED)


def make(engine: str, **options: object) -> EngineModel:
    return EngineModel.objects.create(slug="old", name="Old", engine=engine, options=options)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("engine", "options", "address", "family", "rest"),
    [
        ("diffusion", {"path": "mine", "variant": "fp16"}, "mine", "other", {"variant": "fp16"}),
        ("diffusion", {"hub": "a/b", "family": "sdxl"}, "hub:a/b", "sdxl", {}),
        ("diffusion", {"path": "x", "family": "sd"}, "x", "sd1", {}),
        ("remote", {"provider": "horde"}, "", "other", {"provider": "horde"}),
        (
            "remote",
            {"provider": "a1111", "url": "http://10.0.0.7"},
            "http://10.0.0.7",
            "other",
            {"provider": "a1111"},
        ),
    ],
)
def test_moving_addresses_tells_the_engine_the_same_as_before(
    engine, options, address, family, rest
):
    make(engine, **options)
    moving.move(apps, None)
    row = EngineModel.objects.get(slug="old")
    assert (row.address, row.family, row.options) == (address, family, rest)
    assert row.engine_options == options


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("engine", "options"),
    [
        ("diffusion", {"hub": "a/b", "family": "sdxl", "variant": "fp16"}),
        ("diffusion", {"path": "mine"}),
        ("remote", {"provider": "a1111", "url": "http://10.0.0.7"}),
    ],
)
def test_moving_addresses_can_be_undone(engine, options):
    make(engine, **options)
    moving.move(apps, None)
    moving.put_back(apps, None)
    assert EngineModel.objects.get(slug="old").options == options


_names = st.text(max_size=60) | st.from_regex(r"(hub:)?[./\\~a:]{1,14}", fullmatch=True)


@given(address=_names, variant=_names, revision=_names)
def test_no_address_leads_out_of_the_models_folder(tmp_path_factory, address, variant, revision):
    root: Path = tmp_path_factory.getbasetemp() / "models"
    options = {"variant": variant, "revision": revision}
    told = addresses.told("diffusion", address, "other", options)
    try:
        place = places.place_of(told, root)
    except BadPlace:
        return
    if place.folder is None:
        assert place.hub.count("/") == 1
    else:
        assert root.resolve() in place.folder.resolve().parents
    for part in filter(None, (place.variant, place.revision)):
        assert (root / part).resolve().is_relative_to(root.resolve())


@given(address=_names, options=st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_an_address_wins_over_whatever_the_options_say(address, options):
    told = addresses.told("diffusion", "mine", "sdxl", {**options, "path": "theirs"})
    assert (told["path"], told["family"]) == ("mine", "sdxl")
    assert addresses.told("remote", "", "other", options) == options


@pytest.mark.parametrize("options", [None, [], "text", 3])
def test_options_that_are_no_object_are_left_for_the_check_to_name(options):
    assert addresses.told("diffusion", "mine", "sdxl", options) == options
