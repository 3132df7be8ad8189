"""No name leads out of the models folder, and nothing pickled is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engines.diffusion import places
from generator.engines.diffusion.places import BadPlace, Kind

HOSTILE = [
    *("..", "../x", "a/../../x", "/etc/passwd", "~/x", "a//b", "", ".", ".hidden", "a/.", "a/ "),
    *("C:\\x", "a\\..\\b", "a\0b", "a\nb", "%2e%2e/x", "..\u2215x", "loras/../../x", "a" * 200),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_would_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(BadPlace):
        places.inside(tmp_path, name)
    with pytest.raises(BadPlace):
        places.lora_file(name, tmp_path)
    with pytest.raises(BadPlace):
        places.place_of({"path": name}, tmp_path)
    with pytest.raises(BadPlace):
        places.place_of({"hub": name}, tmp_path)


@given(name=st.text(max_size=60) | st.from_regex(r"[./\\~a]{1,12}", fullmatch=True))
def test_whatever_is_not_refused_lies_inside(tmp_path_factory, name):
    root = tmp_path_factory.getbasetemp()
    try:
        path = places.inside(root, name)
    except BadPlace:
        return
    assert path.resolve().is_relative_to(root.resolve())
    assert path.resolve() != root.resolve()


def test_a_link_that_leads_out_is_refused(tmp_path):
    root, outside = tmp_path / "models", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    with pytest.raises(BadPlace, match="leads out"):
        places.inside(root, "link/model")


def folder(root: Path, class_name: object = "StableDiffusionPipeline", *files: str) -> Path:
    """Something that looks like a model."""
    model = root / "model"
    model.mkdir(parents=True)
    (model / "model_index.json").write_text(json.dumps({"_class_name": class_name}))
    for file in files:
        (model / file).parent.mkdir(exist_ok=True)
        (model / file).write_bytes(b"")
    return model


def test_a_folder_with_safetensors_beside_pickled_files_is_taken(tmp_path):
    files = ("unet/w.safetensors", "unet/w.bin", "vae/w.safetensors", "tokenizer/vocab.json")
    places.check_folder(folder(tmp_path, "StableDiffusionPipeline", *files))


@pytest.mark.parametrize("suffix", places.PICKLED)
def test_a_folder_with_pickled_weights_only_is_refused(tmp_path, suffix):
    model = folder(tmp_path, "FluxPipeline", "vae/w.safetensors", f"transformer/w{suffix}")
    with pytest.raises(BadPlace, match="model/transformer holds pickled weights only"):
        places.check_folder(model)


def listing(model: Path) -> Path:
    """`model`, whose index lists a VAE, no checker and a scheduler."""
    index = {"_class_name": "StableDiffusionPipeline", "safety_checker": [None, None]}
    parts = {"vae": ["diffusers", "AutoencoderKL"], "scheduler": ["diffusers", "DDIMScheduler"]}
    (model / "model_index.json").write_text(json.dumps(index | parts))
    return model


def test_a_part_without_weights_is_named(tmp_path):
    model = listing(folder(tmp_path, "", "vae/config.json"))
    with pytest.raises(BadPlace, match="model/vae holds no weights"):
        places.check_folder(model)


def test_weights_of_one_variant_only_are_taken_as_that_variant(tmp_path):
    model = listing(folder(tmp_path, "", "vae/w.fp16-00001-of-00002.safetensors"))
    with pytest.raises(BadPlace, match="set the variant to fp16"):
        places.check_folder(model)
    places.check_folder(model, "fp16")


def test_plain_weights_beside_a_variant_need_none(tmp_path):
    files = ("vae/w.safetensors", "vae/w.fp16.safetensors")
    places.check_folder(listing(folder(tmp_path, "", *files)))


@pytest.mark.parametrize("name", ["x.ckpt", "x.safetensors", "sub/x.PT", "x.bin"])
def test_single_files_are_refused_with_the_way_out(tmp_path, name):
    with pytest.raises(BadPlace, match="convert it to a folder"):
        places.place_of({"path": name}, tmp_path)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"path": "a", "hub": "b/c"},
        {"path": 5},
        {"hub": "a/b/c"},
        {"path": "a", "variant": ["fp16"]},
        {"path": "a", "variant": "../../fp16"},
        {"hub": "a/b", "revision": "../../main"},
    ],
)
def test_options_that_name_no_place_are_refused(tmp_path, options):
    with pytest.raises(BadPlace):
        places.place_of(options, tmp_path)


def test_the_family_comes_from_the_options_or_the_folder(tmp_path):
    folder(tmp_path, "FluxPipeline")
    assert places.kind_of({"path": "model"}, tmp_path) == Kind.FLUX
    assert places.kind_of({"path": "model", "family": "flux"}, tmp_path) == Kind.FLUX
    assert places.kind_of({"path": "elsewhere", "family": "sd3"}, tmp_path) == Kind.SD3
    assert places.kind_of({"hub": "org/name", "family": "sd3"}, tmp_path) == Kind.SD3
    assert places.kind_of({"hub": "org/name"}, tmp_path) is None


def test_a_family_that_is_not_the_folders_is_refused(tmp_path):
    folder(tmp_path, "FluxPipeline")
    with pytest.raises(BadPlace, match="holds flux weights"):
        places.kind_of({"path": "model", "family": "sd3"}, tmp_path)


@pytest.mark.parametrize("name", ["KandinskyPipeline", ["mine", "Evil"], 5, None])
def test_pipelines_that_are_not_served_are_refused_by_name(tmp_path, name):
    folder(tmp_path, name)
    with pytest.raises(BadPlace, match="served are"):
        places.kind_of({"path": "model"}, tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_a_broken_index_is_refused(tmp_path, text):
    (folder(tmp_path) / "model_index.json").write_text(text)
    with pytest.raises(BadPlace, match="cannot be read"):
        places.kind_of({"path": "model"}, tmp_path)


def test_loras_are_found_by_name_and_by_every_form_of_an_air_id(tmp_path):
    air = tmp_path / "loras" / "civitai"
    air.mkdir(parents=True)
    for file in ("12@9.safetensors", "12@34.safetensors", "12@x.safetensors"):
        (air / file).touch()
    (tmp_path / "loras" / "ink.safetensors").touch()
    find = places.lora_file
    assert find("ink", tmp_path) == find("ink.safetensors", tmp_path)
    assert find("urn:air:sdxl:lora:civitai:12@9", tmp_path).name == "12@9.safetensors"
    assert find("civitai:12@9", tmp_path).name == "12@9.safetensors"
    assert find("civitai:12", tmp_path).name == "12@34.safetensors"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("none", "loras/none.safetensors"),
        ("civitai:5@6", "loras/civitai/5@6.safetensors"),
        ("evil.pt", "pickled"),
    ],
)
def test_a_lora_that_is_not_here_says_where_to_put_it(tmp_path, name, wanted):
    with pytest.raises(BadPlace, match=wanted):
        places.lora_file(name, tmp_path)
