"""Every row of every list of values in the five documents, sent through its dialect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from generator.catalog import models
from generator.contract import ImageRequest, InvalidRequest, narrow_seed
from generator.dialects import openai_images, picfinder_messages
from generator.dialects.fields import read_fields
from tests.documents import Row, table, table_names
from tests.generator.catalog.readings import landed
from tests.generator.dialects.reading import (
    DEFAULTS,
    GUIDE,
    KEEP,
    SMALLEST,
    body,
    error_name,
    read,
)

#: Where the values of each table are sent, and by which column.
SENT: dict[str, tuple[str, str, str]] = {
    "aithriving_clip_guidance_presets": ("aithriving", "clip_guidance_preset", "name"),
    "aithriving_samplers": ("aithriving", "sampler", "name"),
    "aithriving_style_presets": ("aithriving", "style_preset", "name"),
    "goneural_ratios": ("goneural", "ratio", "name"),
    "picfinder_control_modes": ("picfinder", "controlNet.controlMode", "name"),
    "picfinder_languages": ("picfinder", "promptLanguageId", "id"),
    "picfinder_models": ("picfinder", "modelId", "id"),
    "picfinder_preprocessors": ("picfinder", "controlNet.preprocessor", "name"),
    "picfinder_schedulers": ("picfinder", "schedulerId", "id"),
    "picfinder_sizes": ("picfinder", "sizeId", "id"),
    "picfinder_styles": ("picfinder", "styleId", "id"),
    "picfinder_task_types": ("picfinder", "taskType", "id"),
    "stubber_qualities": ("stubber", "quality", "name"),
    "stubber_sizes": ("stubber", "size", "name"),
}
#: Walked by tests of their own, below or beside this file.
ELSEWHERE = {"limits", "named_models", "picfinder_preprocessor_types"}
ELSEWHERE |= {"request_fields", "answer_fields"}
#: What a task of each type needs besides.
INPUTS: dict[str, Any] = {
    "initial_image": ("imageInitiatorUUID", GUIDE),
    "mask": ("imageMaskInitiatorUUID", GUIDE),
    "controls": ("controlNet", [{"preprocessor": "canny", "weight": 1, "guideImageUUID": GUIDE}]),
}
TASKS = "picfinder_task_types"
PAINTING = {"1", "2", "3", "9", "10"}
DOCUMENTED = {"id", "name", "label", "family", "service"}


def rows(*names: str) -> list[Any]:
    return [
        pytest.param(name, row, id=f"{name}-{number}")
        for name in names
        for number, row in enumerate(table(name))
        if name != TASKS or row["id"] in PAINTING
    ]


def said(name: str, row: Row, value: Any) -> dict[str, Any]:
    """The smallest body that says this value of this table."""
    service, field, _ = SENT[name]
    made = body(service, field, value)
    for needed in filter(None, row.get("inputs", "").split(", ")):
        wire, sample = INPUTS[needed]
        made[wire] = sample
    return made


def fields_of(request: ImageRequest) -> dict[str, Any]:
    """As `readings.landed` wants them: without pictures that the request does not have."""
    found = {name: value for name, value in asdict(request).items() if value not in (None, ())}
    return {**found, "controls": request.controls} if request.controls else found


def test_every_table_is_walked() -> None:
    assert {*SENT, *ELSEWHERE} == set(table_names())


@pytest.mark.parametrize(("name", "row"), rows(*SENT))
def test_a_listed_value_is_read_as_what_it_stands_for(name: str, row: Row) -> None:
    service, _, column = SENT[name]
    value: Any = int(row["id"]) if column == "id" else row["name"]
    found = fields_of(read(service, said(name, row, value)))
    expected = {column: value for column, value in row.items() if column not in DOCUMENTED}
    assert {column: landed(found, column) for column in expected} == expected


@pytest.mark.parametrize(("name", "row"), rows(*(n for n, sent in SENT.items() if sent[2] == "id")))
def test_an_id_may_come_as_text(name: str, row: Row) -> None:
    as_number, as_text = (said(name, row, kind(row["id"])) for kind in (int, str))
    assert read("picfinder", as_number) == read("picfinder", as_text)


@pytest.mark.parametrize("row", table(TASKS), ids=lambda row: row["name"])
def test_a_task_without_what_its_type_needs_or_of_another_message_is_refused(row: Row) -> None:
    sent = body("picfinder", "taskType", int(row["id"]))
    if row["id"] == "1":
        assert read("picfinder", sent)
        return
    with pytest.raises(InvalidRequest) as refusal:
        read("picfinder", sent)
    wires = {INPUTS[needed][0] for needed in filter(None, row["inputs"].split(", "))}
    assert set(refusal.value.errors) == (wires if row["id"] in PAINTING else {"taskType"})


def beside(name: str) -> list[Any]:
    """Values like those of a table that are not in it."""
    column = SENT[name][2]
    listed = {row[column] for row in table(name)}
    if column == "id":
        highest = max(map(int, listed))
        numbers = (number for number in range(-1, highest + 3) if str(number) not in listed)
        return [*numbers, 10**30, 1.5, "", "one"]
    changed: list[Callable[[str], str]] = [str.swapcase, lambda word: word[:-1], "x{}".format]
    others = {change(word) for word in listed for change in changed} - listed
    return [*sorted(others), "", "none of these"]


#: A model that no list holds is refused where the models of this installation are known.
CLOSED = [name for name in SENT if name != "picfinder_models"]


@pytest.mark.parametrize("name", CLOSED)
def test_a_value_that_no_document_lists_is_refused_on_its_field(name: str) -> None:
    service, field, _ = SENT[name]
    for value in beside(name):
        if service == "stubber" or value != "":
            with pytest.raises(InvalidRequest) as refusal:
                read(service, body(service, field, value))
            assert list(refusal.value.errors) == [error_name(field)]


@pytest.mark.parametrize("row", table("aithriving_clip_guidance_presets"), ids=lambda r: r["name"])
def test_a_preset_is_kept_with_the_request(row: Row) -> None:
    sent = body("aithriving", "clip_guidance_preset", row["name"])
    assert KEEP["aithriving"](sent) == {"clip_guidance_preset": row["name"]}


@pytest.mark.parametrize("row", table("picfinder_preprocessor_types"), ids=lambda row: row["name"])
def test_a_short_name_of_a_preprocessor_is_read(row: Row) -> None:
    sent = {"taskUUID": GUIDE, "preProcessorType": row["name"]}
    values, errors = read_fields(picfinder_messages.PREPROCESS, sent)
    assert (values["kind"].slug, errors) == (row["preprocessor"], {})


@pytest.mark.parametrize("row", table("named_models"), ids=lambda row: row["name"])
def test_a_model_that_a_document_names_is_asked_for_under_our_name(row: Row) -> None:
    request = model_request(row["service"], row["name"])
    known = models.by_name(request.model)
    assert known is not None
    assert known.slug == row["model"]


def model_request(service: str, name: str) -> ImageRequest:
    if service == "openai":
        return openai_images.read({"prompt": "A fox", "model": name}, DEFAULTS)
    if service == "aithriving":
        return read(service, dict(SMALLEST[service]))
    return read(service, body(service, "model_id" if service == "modelslab" else "model", name))


@dataclass(frozen=True)
class Bounded:
    """A field with limits, and where it lands."""

    constant: str
    service: str
    name: str
    target: str


BOUNDED = [
    Bounded("GONEURAL_PROMPT", "goneural", "prompt", "prompt"),
    Bounded("GONEURAL_NEGATIVE_PROMPT", "goneural", "negativePrompt", "negative_prompt"),
    Bounded("PICFINDER_SEED", "picfinder", "seed", "seed"),
    Bounded("PICFINDER_GUIDANCE", "picfinder", "gScale", "guidance_scale"),
    Bounded("PICFINDER_STEPS", "picfinder", "steps", "steps"),
    Bounded("PICFINDER_CLIP_SKIP", "picfinder", "clipSkip", "clip_skip"),
    Bounded("PICFINDER_LORA_WEIGHT", "picfinder", "lora.weight", "loras"),
    Bounded("PICFINDER_CONTROL_WEIGHT", "picfinder", "controlNet.weight", "controls"),
    Bounded("PICFINDER_CONTROL_FRACTION", "picfinder", "controlNet.endStepPercentage", "controls"),
    Bounded("AITHRIVING_SIDE", "aithriving", "width", "width"),
    Bounded("AITHRIVING_SIDE", "aithriving", "height", "height"),
    Bounded("AITHRIVING_GUIDANCE", "aithriving", "cfg_scale", "guidance_scale"),
    Bounded("AITHRIVING_STEPS", "aithriving", "steps", "steps"),
    Bounded("MODELSLAB_SIDE", "modelslab", "width", "width"),
    Bounded("MODELSLAB_SIDE", "modelslab", "height", "height"),
    Bounded("MODELSLAB_SAMPLES", "modelslab", "samples", "count"),
    Bounded("MODELSLAB_STEPS", "modelslab", "num_inference_steps", "steps"),
    Bounded("MODELSLAB_GUIDANCE", "modelslab", "guidance_scale", "guidance_scale"),
]
LIMITS = {row["constant"]: row for row in table("limits")}


def test_every_limit_is_walked() -> None:
    assert {each.constant for each in BOUNDED} == set(LIMITS)


def ends(bounded: Bounded) -> list[Any]:
    """The lowest and the highest value that the document allows."""
    row = LIMITS[bounded.constant]
    found = [
        float(row[side]) if "." in row[side] else int(row[side])
        for side in ("low", "high")
        if row[side]
    ]
    return ["x" * end for end in found] if "PROMPT" in bounded.constant else found


def outside(bounded: Bounded) -> list[Any]:
    """Values just beyond."""
    row = LIMITS[bounded.constant]
    if "PROMPT" in bounded.constant:
        return ["x" * (int(row["high"]) + 1), *([""] if int(row["low"]) else [])]
    step = float(row["step"] or 0.01)
    low = [float(row["low"]) - step] if row["low"] and bounded.name != "seed" else []
    found = [*low, *([float(row["high"]) + step] if row["high"] else []), -1]
    if bounded.name == "seed":
        found = [-1, int(row["high"]) + 1]
    return [int(each) if row["step"] else each for each in found]


@pytest.mark.parametrize("bounded", BOUNDED, ids=lambda each: f"{each.service}-{each.name}")
def test_both_documented_ends_are_taken(bounded: Bounded) -> None:
    for value in ends(bounded):
        request = read(bounded.service, body(bounded.service, bounded.name, value))
        found = getattr(request, bounded.target)
        if bounded.target in ("loras", "controls"):
            found = found[0].weight if bounded.name.endswith("weight") else found[0].end
        assert found == (narrow_seed(value) if bounded.name == "seed" else value)


@pytest.mark.parametrize("bounded", BOUNDED, ids=lambda each: f"{each.service}-{each.name}")
def test_what_lies_beyond_a_documented_end_is_refused(bounded: Bounded) -> None:
    for value in outside(bounded):
        with pytest.raises(InvalidRequest) as refusal:
            read(bounded.service, body(bounded.service, bounded.name, value))
        assert list(refusal.value.errors) == [error_name(bounded.name)]
