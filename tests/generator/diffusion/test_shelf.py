"""Which models stay in memory, and which are refused on the way there."""

from __future__ import annotations

import json
import shutil

import pytest

from generator.engines.diffusion.places import BadPlace
from tests.generator.diffusion.conftest import ask, picture, refusal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]


def held(engine) -> list[str]:
    return [str(place) for place in engine.painter.shelf.models]


def test_the_model_used_longest_ago_makes_room(build):
    engine = build()
    shelf = engine.painter.shelf
    sizes = {name: shelf.get({"path": name}).size for name in ("sd", "sdxl", "flux")}
    shelf.budget = sum(sizes.values())
    shelf.get({"path": "sd"})
    shelf.get({"path": "sd3"})
    assert "sdxl" not in held(engine)
    assert held(engine)[-2:] == ["sd", "sd3"]


def test_a_model_larger_than_the_budget_is_painted_with_and_alone(build):
    engine = build(memory=1)
    for family in ("sd", "sdxl", "sd"):
        assert picture(engine, model=family).image.meta["family"] == family
        assert held(engine) == [family]


def test_changed_options_load_anew_and_rows_with_the_same_weights_share_them(build):
    shelf = build().painter.shelf
    first = shelf.get({"path": "sd"})
    assert shelf.get({"path": "sd", "family": "sd"}) is first
    assert shelf.get({"path": "sdxl"}) is not first


def test_a_hub_model_is_fetched_as_safetensors_into_the_models_folder(build, models, monkeypatch):
    from generator.engines.diffusion import loading

    asked = {}

    def download(name, **options):
        asked.update(options, name=name)
        return str(models / "sd")

    monkeypatch.setattr(loading.DiffusionPipeline, "download", download)
    shelf = build().painter.shelf
    shelf.get({"hub": "org/name"})
    assert asked["name"] == "org/name"
    assert asked["use_safetensors"] is True
    assert asked["cache_dir"] == models / "hub"


def test_what_a_hub_model_cannot_do_is_refused_once_its_family_is_known(build, models, monkeypatch):
    from generator.engines.diffusion import loading

    engine = build(options_of=lambda slug: {"hub": "org/name"})
    fetched = str(models / "flux")
    monkeypatch.setattr(loading.DiffusionPipeline, "download", lambda name, **more: fetched)
    assert "does not fit this model" in refusal(engine, model="far", sampler="ddim")
    assert picture(engine, model="far").image.meta["family"] == "flux"


def test_a_hub_that_cannot_be_reached_refuses_in_one_line(build, monkeypatch):
    from generator.engines.diffusion import loading

    def download(name, **options):
        raise OSError("no route to host\nand much more")

    monkeypatch.setattr(loading.DiffusionPipeline, "download", download)
    with pytest.raises(BadPlace, match=r"^org/name cannot be fetched: no route to host$"):
        build().painter.shelf.get({"hub": "org/name"})


def test_a_model_that_went_away_refuses_the_job_and_not_its_mates(build, models, tmp_path):
    shutil.copytree(models / "sd", tmp_path / "sd")
    engine = build(root=tmp_path)
    assert "There is no model in MODELS_DIR/gone" in refusal(engine, model="gone")
    (tmp_path / "sd" / "unet" / "config.json").unlink()
    assert "does not load" in refusal(engine, model="sd")


def test_damaged_weights_are_refused_and_not_run(build, models, tmp_path):
    shutil.copytree(models / "sd", tmp_path / "sd")
    [weights] = (tmp_path / "sd" / "unet").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:1000])
    assert "does not load" in refusal(build(root=tmp_path))


def test_code_beside_the_weights_is_not_run(build, models, tmp_path):
    shutil.copytree(models / "sd", tmp_path / "sd")
    index = tmp_path / "sd" / "model_index.json"
    (tmp_path / "sd" / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    parts = {**json.loads(index.read_text()), "unet": ["evil", "Evil"]}
    index.write_text(json.dumps(parts))
    events = list(build(root=tmp_path).generate([ask()]))
    assert [type(event).__name__ for event in events] == ["Refusal"]
    assert not (tmp_path / "ran").exists()
