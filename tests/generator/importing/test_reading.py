"""How a picture was made, read out of the files of four programs; nothing of it is trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.contract import ImageRequest, Lora
from generator.importing import a1111, comfyui, read
from generator.importing.found import Found
from generator.importing.texts import Texts
from tests.factories import picture_bytes
from tests.generator.importing import files

LIGHTHOUSE = {
    "negative_prompt": "blurry, people", "width": 832, "height": 1216, "seed": 2841090223,
    "steps": 28, "guidance_scale": 6.5, "sampler": "dpmpp-2m-karras", "model": "dreamer_v8",
    "clip_skip": 1, "loras": [{"model": "waves", "weight": 0.6}],
}  # fmt: skip


def found(data: bytes) -> Found:
    answer = read(data)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "data",
    [
        files.png(parameters=files.A1111),
        files.with_comment("WEBP", files.A1111),
        files.with_comment("JPEG", files.A1111),
    ],
    ids=["png", "webp", "jpeg"],
)
def test_the_web_uis_text_is_read_from_every_format(data: bytes) -> None:
    picture = found(data)
    assert (picture.program, picture.settings) == ("AUTOMATIC1111", LIGHTHOUSE)
    assert picture.prompt == "masterpiece, a lighthouse in a storm,\noil on canvas"


def test_invokeais_metadata_is_read() -> None:
    picture = found(files.png(invokeai_metadata=json.dumps(files.INVOKEAI)))
    assert (picture.program, picture.prompt) == ("InvokeAI", "a fox in the snow")
    assert picture.settings["sampler"] == "euler-a"
    assert picture.settings["model"] == "Juggernaut XL"
    assert picture.settings["loras"] == [{"model": "paper", "weight": 0.75}]
    assert (picture.settings["width"], picture.settings["height"]) == (1024, 768)


@pytest.mark.parametrize(
    "data",
    [files.png(prompt=json.dumps(files.comfyui())), files.comfyui_webp()],
    ids=["png", "webp"],
)
def test_the_sampler_that_paints_is_read_out_of_comfyuis_graph(data: bytes) -> None:
    picture = found(data)
    assert (picture.program, picture.prompt) == ("ComfyUI", "a castle of glass")
    assert picture.settings == {
        "negative_prompt": "cracks", "seed": 5, "steps": 25, "guidance_scale": 8.0,
        "sampler": "dpmpp-2m-karras", "model": "base_1.0", "width": 896, "height": 1152,
        "loras": [{"model": "ink", "weight": 0.5}],
    }  # fmt: skip


def test_a_graph_that_goes_in_circles_is_walked_once() -> None:
    graph = files.comfyui()
    graph["3"]["inputs"] = {"text": ["4", 0]}
    graph["4"]["inputs"] = {"text": ["3", 0]}
    assert comfyui.read(Texts({"prompt": json.dumps(graph)})) is None


def test_a_picture_without_texts_says_nothing() -> None:
    assert read(picture_bytes()) is None


def test_what_no_request_may_have_is_left_out_and_named() -> None:
    text = "a lake\nSteps: 900, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 513x100000"
    picture = found(files.png(parameters=text))
    assert picture.settings == {"sampler": "euler-a", "guidance_scale": 7.0, "seed": 1}
    assert picture.left_out == {"steps": "900", "width": "513", "height": "100000"}


def test_an_unknown_sampler_keeps_its_name() -> None:
    text = "a lake\nSteps: 9, Sampler: Restart"
    assert found(files.png(parameters=text)).settings["sampler"] == "Restart"


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_breaks_the_reader_of_parameters(text: str) -> None:
    for each in (text, f"a lake\nSteps: {text}"):
        picture = a1111.read(Texts({"parameters": each}))
        assert picture is None or isinstance(ImageRequest(prompt=picture.prompt), ImageRequest)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["prompt", "invokeai_metadata"]),
    key=st.sampled_from([*files.INVOKEAI, "6", "3"]),
    value=VALUES,
)
def test_no_value_breaks_a_reader(name: str, key: str, value: Any) -> None:
    written = files.comfyui() if name == "prompt" else dict(files.INVOKEAI)
    written[key] = value
    picture = read(files.png(**{name: json.dumps(written)}))
    if picture:
        fields = {**picture.settings, "prompt": picture.prompt}
        fields["loras"] = tuple(Lora(**each) for each in fields.get("loras", ()))
        assert ImageRequest(**fields)
