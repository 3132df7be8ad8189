"""Tiny models in a models folder, and an engine that paints with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generator.contract import ImageRequest
from generator.engines import Event, Picture, Refusal
from generator.engines.diffusion import DiffusionEngine, Studio


@pytest.fixture(scope="session")
def torch() -> Any:
    """torch on one thread; skips, or fails where everything ought to be there."""
    if find_spec("torch") is None or find_spec("diffusers") is None:
        line = "the packages of the diffusion engine are missing: make diffusion"
        if os.environ.get("CI") == "true":
            pytest.fail(line, pytrace=False)
        pytest.skip(line)
    import torch

    torch.set_num_threads(1)
    return torch


@pytest.fixture(scope="session")
def models(torch: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MODELS_DIR with one model of each family, LoRAs and ControlNets."""
    from tests.generator.diffusion import tiny

    root = tmp_path_factory.mktemp("models")
    for name, save in tiny.SAVERS.items():
        save(root / name)
    for control in ("canny", "tile"):
        tiny.save_controlnet(root / "controlnets" / "sd" / control)
    tiny.save_lora(root / "loras" / "ink.safetensors", seed=1)
    tiny.save_lora(root / "loras" / "civitai" / "12@34.safetensors", seed=2)
    return root


GUIDES = {"disc": Image.radial_gradient("L"), "ramp": Image.linear_gradient("L")}


@pytest.fixture(scope="session")
def build(models: Path) -> Callable[..., DiffusionEngine]:
    """Makes an engine; a model's slug is its folder's name."""

    def build(root: Path = models, batch: int = 8, **more: Any) -> DiffusionEngine:
        studio = Studio(
            models_dir=root,
            fetch=GUIDES.__getitem__,
            batch=batch,
            device="cpu",
            **{"options_of": lambda slug: {"path": slug}, **more},
        )
        return DiffusionEngine(studio)

    return build


@pytest.fixture(scope="session")
def engine(build: Callable[..., DiffusionEngine]) -> DiffusionEngine:
    """One for all tests that do not change it: loading takes longer than painting."""
    return build()


def ask(prompt: str = "a red house", **fields: Any) -> ImageRequest:
    """A small request; sides are the smallest the contract allows."""
    small = {"width": 256, "height": 256, "steps": 2, "model": "sd"}
    return ImageRequest(prompt=prompt, **{**small, **fields})


def pictures(engine: DiffusionEngine, *jobs: ImageRequest) -> list[Picture]:
    """What comes of `jobs`, by job and position; a refusal fails the test."""
    events = list(engine.generate(jobs))
    assert [event.reason for event in events if isinstance(event, Refusal)] == []
    found = [event for event in events if isinstance(event, Picture)]
    return sorted(found, key=lambda picture: (picture.job, picture.position))


def picture(engine: DiffusionEngine, **fields: Any) -> Picture:
    [found] = pictures(engine, ask(**fields))
    return found


def refusal(engine: DiffusionEngine, **fields: Any) -> str:
    """The one reason why there is no picture."""
    events: Sequence[Event] = list(engine.generate([ask(**fields)]))
    assert not any(isinstance(event, Picture) for event in events)
    [reason] = [event.reason for event in events if isinstance(event, Refusal)]
    return reason


def difference(one: Picture, other: Picture) -> float:
    """The largest difference of any pixel, 0..255."""
    from PIL import ImageChops

    found = ImageChops.difference(one.image.pixels, other.image.pixels).getextrema()
    return max(high for _low, high in found)
