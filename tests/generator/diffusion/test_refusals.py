"""What cannot be painted is refused before anybody pays, without torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

from generator import availability
from generator.catalog.samplers import ALL
from generator.contract import Control, Lora
from generator.engines import Refusal
from generator.engines.diffusion import DiffusionEngine, Studio, refusals
from tests.generator.diffusion.conftest import ask

SD, FLUX, UNKNOWN = (
    {"hub": "a/b", "family": "sd"},
    {"hub": "a/b", "family": "flux"},
    {"hub": "a/b"},
)


def control(name: str) -> Control:
    return Control(preprocessor=name, guide="disc")


@pytest.mark.parametrize(
    ("options", "fields", "reason"),
    [
        (SD, {"sampler": "repaint"}, "needs a picture and a mask"),
        (FLUX, {"sampler": "ddim"}, "choose default, euler, euler-karras"),
        (FLUX, {"clip_skip": 1}, "Clip skip"),
        (SD, {"mask": "disc"}, "masks"),
        (FLUX, {"controls": (control("canny"),)}, "ControlNets work with"),
        ({"hub": "a/b", "family": "sdxl"}, {"controls": (control("mlsd"),)}, "family"),
        (SD, {"controls": (control("openpose"),)}, "not available"),
        (SD, {"controls": (control("inpaint_global_harmonious"),)}, "not available"),
        ({"hub": "a/b", "family": "dit"}, {}, "must be one of sd, sdxl, sd3, flux"),
        ({"path": "../x"}, {}, "no name of something"),
        ({}, {}, "Set the address"),
        (["a", "list"], {}, "JSON object"),
        ({"hub": "a/b", "family": ["sd"]}, {}, "must be text"),
    ],
)
def test_the_reason_is_told(options, fields, reason):
    assert reason in refusals.why_not(ask(**fields), options, None)


@pytest.mark.parametrize("options", [SD, FLUX, UNKNOWN])
def test_a_plain_request_is_taken(options):
    assert refusals.why_not(ask(), options, None) == ""


@pytest.mark.parametrize("sampler", [s.slug for s in ALL if not s.refused])
def test_every_sampler_that_can_paint_is_taken_for_sd(sampler):
    assert refusals.why_not(ask(sampler=sampler), SD, None) == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"loras": (Lora(model="ink"),)}, "loras/ink.safetensors"),
        ({"loras": (Lora(model="../../x"),)}, "no name of something"),
        ({"controls": (control("canny"),)}, "controlnets/sd/canny"),
    ],
)
def test_weights_that_are_not_installed_are_named_where_the_folder_is(tmp_path, fields, reason):
    assert reason in refusals.why_not(ask(**fields), SD, tmp_path)
    assert refusals.why_not(ask(**fields), SD, None) == ""


def test_a_preprocessor_that_needs_weights_says_where_they_go(tmp_path):
    net = tmp_path / "controlnets" / "sd" / "depth"
    net.mkdir(parents=True)
    (net / "config.json").touch()
    request = ask(controls=(control("depth_midas"),))
    assert "preprocessors/depth_midas" in refusals.why_not(request, SD, tmp_path)


def test_without_the_packages_every_job_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(refusals, "PACKAGES", ("django", "no_such_package"))
    studio = Studio(tmp_path, lambda slug: {}, {}.__getitem__)
    events = list(DiffusionEngine(studio).generate([ask(), ask()]))
    line = "no_such_package is not installed. Install them with “make diffusion”."
    assert events == [Refusal(0, line), Refusal(1, line)]
    assert refusals.what_is_missing(SD, tmp_path) == line


def test_what_is_missing_names_the_folder_and_is_silent_when_all_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(refusals, "PACKAGES", ("django",))
    assert "MODELS_DIR/gone" in refusals.what_is_missing({"path": "gone"}, tmp_path)
    assert refusals.what_is_missing(SD, tmp_path) == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"hub": "a/b"}, ""),
        ({"path": "not-on-this-machine"}, ""),
        ({"path": "../x"}, "no name of something"),
        ([], "JSON object"),
    ],
)
def test_where_another_machine_paints_only_the_options_are_looked_at(settings, options, told):
    settings.ENGINES_ELSEWHERE = ["diffusion"]
    line = availability.why_not("diffusion", options)
    assert told in line
    assert bool(line) == bool(told)


def test_a_model_that_lacks_its_packages_says_in_one_line_what_to_install(monkeypatch):
    monkeypatch.setattr(refusals, "PACKAGES", ("no_such_package",))
    assert "make diffusion" in availability.why_not("diffusion", SD)


def test_neither_the_web_process_nor_an_idle_engine_imports_torch(tmp_path):
    code = (
        "import django, sys; django.setup();"
        "import config.urls; from generator.engines import get_engine;"
        "assert get_engine('diffusion').batch >= 1;"
        "print([n for n in ('torch', 'diffusers', 'transformers') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
