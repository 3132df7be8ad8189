"""InvokeAI's ``invokeai_metadata``: one JSON object with the names of its own graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.importing import found as words
from generator.importing.found import Found, found
from generator.importing.texts import Texts

PROGRAM = "InvokeAI"


def read(texts: Texts) -> Found | None:
    """From versions 3 to 6; those before wrote other names and are not read."""
    said = texts.json("invokeai_metadata")
    if not said:
        return None
    values = {
        "prompt": said.get("positive_prompt"),
        "negative_prompt": said.get("negative_prompt"),
        "width": words.whole(said.get("width")),
        "height": words.whole(said.get("height")),
        "seed": words.seed(said.get("seed")),
        "steps": words.whole(said.get("steps")),
        "guidance_scale": words.number(said.get("cfg_scale", said.get("guidance"))),
        "sampler": words.sampler(said.get("scheduler")),
        "model": _name(said.get("model")),
        "clip_skip": words.whole(said.get("clip_skip")),
        "loras": words.loras(_loras(said.get("loras"))),
    }
    return found(PROGRAM, values)


def _name(model: object) -> object:
    if isinstance(model, Mapping):
        return model.get("name") or model.get("model_name")
    return model


def _loras(listed: Any) -> Iterator[tuple[object, object]]:
    for row in listed if isinstance(listed, list) else []:
        if isinstance(row, Mapping):
            yield _name(row.get("model", row.get("lora"))), row.get("weight", 1)
