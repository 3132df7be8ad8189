"""PicFinder, later Runware: `newTask` over a WebSocket, one JSON object per text frame.

Sources: PicFinder, Text to image; for what surrounds it (greeting, errors, pings) the service's
own SDKs of early 2024. Numbers may come as text, null means nothing was said, and what is not
named here is passed over. An error is followed by the greeting's answer once more: two of the SDKs
take any error for a failed greeting, and that is what sets them right again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.catalog import samplers
from generator.catalog.limits import PICFINDER_GUIDANCE, PICFINDER_STEPS
from generator.catalog.task_types import TaskType
from generator.contract import (
    MAX_NAME,
    Control,
    ControlMode,
    ImageRequest,
    InvalidRequest,
    narrow_seed,
)
from generator.dialects import Defaults, Picture, Problem
from generator.dialects.fields import build, read_fields
from generator.dialects.fields import told as told_fields
from generator.dialects.picfinder_fields import BESIDES, FIELDS

name = "picfinder"

INVALID_KEY = 19
PONG = {"pong": True}
#: After an error the session is told once more.
NEEDS_CURE = True
#: What stands between what is wished for and what is not, in `promptText`.
UNWANTED = " -no "
#: The other messages, by the task type that a client might send in a newTask instead.
OTHER_MESSAGES = {
    4: "newReverseImageClip",
    5: "newPromptEnhance",
    6: "newUpscaleGan",
    7: "newImageUpload",
    8: "newRemoveBackground",
    11: "newPreProcessControlNet",
}
#: A model that a client of the service names beside those of the list (Civitai's).
_NAMED_BY_CLIENTS = {"3"}
_SENSITIVE = "sensitive"
#: Every field that somebody might find wrong, by the contract's name.
_TOLD = (
    *FIELDS,
    *(
        replace(field, target=side)
        for field in FIELDS
        if field.name == "sizeId"
        for side in ("width", "height")
    ),
)


@dataclass(frozen=True)
class Wish:
    """What a newTask says beside the picture. `seed` is as sent, 0 when it is left to us."""

    task: str
    seed: int
    use_cache: bool
    save_to_cache: bool
    offset: int
    endpoint: str
    base64: bool


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that a newTask spells; raises `InvalidRequest` under the wire's names."""
    values, errors = read_fields(FIELDS, payload)
    besides = {target: values.pop(target) for target in BESIDES if target in values}
    values["seed"] = narrow_seed(values.get("seed") or defaults.seed)
    values.setdefault("steps", PICFINDER_STEPS.default)
    values.setdefault("guidance_scale", PICFINDER_GUIDANCE.default)
    if "prompt" in values:
        values["prompt"], values["negative_prompt"] = split(values["prompt"])
    values |= _named(besides, errors)
    values["controls"] = _controls(besides.get("controls", ()), values["steps"], errors)
    if besides.get("save_to_cache") is False and "endpoint" not in besides:
        errors["saveToCache"] = ["Cannot be false without an uploadEndpoint."]
    if kind := besides.get("kind"):
        _check_kind(kind, values, errors)
    return build(FIELDS, values, errors)


def wish(payload: Mapping[str, Any]) -> Wish:
    """The rest of a newTask that `read` found right."""
    values, _ = read_fields(FIELDS, payload)
    return Wish(
        task=values["task"],
        seed=values.get("seed", 0),
        use_cache=values.get("use_cache", True),
        save_to_cache=values.get("save_to_cache", True),
        offset=values.get("offset", 0),
        endpoint=values.get("endpoint", ""),
        base64=values.get("base64", False),
    )


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """The sampler, when it is left to the model. All else has a documented default."""
    chosen = payload.get("schedulerId") is not None or payload.get("scheduler") is not None
    return frozenset() if chosen else frozenset({"sampler"})


def any_model(payload: Mapping[str, Any]) -> bool:
    """Whether the default model may serve the model named: an AIR, or one that clients name."""
    sent = str(payload.get("modelId"))
    return sent in _NAMED_BY_CLIENTS or ":" in sent


def split(text: str) -> tuple[str, str]:
    """What is wished for and what is not."""
    wanted, _, unwanted = f"{text} ".partition(UNWANTED)
    return wanted.strip(), unwanted.strip().replace(UNWANTED, ", ")


def session(session_id: str) -> dict[str, Any]:
    """The answer to a greeting."""
    return {"newConnectionSessionUUID": {"connectionSessionUUID": session_id}}


def image(picture: Picture, task: str, alt_text: str = "") -> dict[str, Any]:
    """One picture, with exactly the documented keys: an SDK refuses any other.

    `alt_text` is for those from the cache; `imageBase64Data` comes with its bytes alone.
    """
    data = {"imageBase64Data": picture.base64} if picture.data else {}
    return {
        "imageSrc": picture.url,
        "imageUUID": picture.asset["id"],
        "bNSFWContent": picture.asset.get("rating") == _SENSITIVE,
        **({"imageAltText": alt_text} if alt_text else {}),
        "taskUUID": task,
        **data,
    }


def images(found: list[dict[str, Any]], available: int) -> dict[str, Any]:
    """Pictures, and how many the cache has for the prompt."""
    return {"newImages": {"images": found, "totalAvailableResults": available}}


def error(problem: Problem, task: str | None = None) -> dict[str, Any]:
    """What went wrong, with the task it befell. `errorId` is 19 for a key, else HTTP's status."""
    named = {} if task is None else {"taskUUID": task}
    number = INVALID_KEY if problem.status == 401 else problem.status
    return {"error": True, "errorId": number, "errorMessage": told(problem), **named}


def error_about(problem: Problem, body: object) -> dict[str, Any]:
    """The same for a message as it was sent."""
    return error(problem, task_of(body))


def told(problem: Problem) -> str:
    """Everything that is wrong, under the wire's names."""
    return told_fields(_TOLD, problem)


def task_of(body: object) -> str | None:
    """The task that a message names, whatever else it holds."""
    task = body.get("taskUUID") if isinstance(body, Mapping) else None
    return task if isinstance(task, str) and len(task) <= MAX_NAME else None


def _named(besides: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    """What the document's tables stand for, in the contract's words."""
    found: dict[str, Any] = {}
    if size := besides.get("size"):
        found |= {"width": size.width, "height": size.height}
    if language := besides.get("language"):
        found["prompt_language"] = language.code
    if style := besides.get("style"):
        found["style"] = style.slug
    sampler = besides.get("sampler")
    if sampler is None and "sampler_name" in besides:
        try:
            sampler = samplers.by_picfinder_name(besides["sampler_name"])
        except InvalidRequest as unknown:
            errors.update(unknown.errors)
    return {**found, "sampler": sampler.slug} if sampler else found


def _controls(
    sent: Iterable[Mapping[str, Any]], steps: int, errors: dict[str, list[str]]
) -> tuple[Control, ...]:
    """The guides, with steps told as parts of `steps`; a link stands where an id would."""
    found = []
    for number, each in enumerate(sent):
        place = f"controlNet.{number}"
        guide = each.get("guide") or each.get("guide_url")
        if guide is None:
            errors[f"{place}.guideImageUUID"] = [
                "Name the picture by guideImageUUID or guideImageUrl."
            ]
            continue
        begin, end = (_part(each, edge, steps) for edge in ("start", "end"))
        if begin > 1 or end > 1:
            errors[f"{place}.endStep"] = [f"There are {steps} steps."]
        elif begin > end:
            errors[f"{place}.startStep"] = ["A control cannot end before it starts."]
        else:
            mode = ControlMode(each.get("mode", ControlMode.CONTROLNET))
            weight, slug = each.get("weight", 1.0), each["preprocessor"].slug
            found.append(
                Control(
                    preprocessor=slug, guide=guide, weight=weight, start=begin, end=end, mode=mode
                )
            )
    return tuple(found)


def _part(control: Mapping[str, Any], edge: str, steps: int) -> float:
    """Where a control begins or ends, 0..1, from a part or a step."""
    if edge in control:
        return float(control[edge])
    step = control.get(f"{edge}_step")
    if step is None:
        return 0.0 if edge == "start" else 1.0
    return float(step / steps)


def _check_kind(kind: TaskType, values: Mapping[str, Any], errors: dict[str, list[str]]) -> None:
    """A newTask paints, and has what its kind of painting cannot do without."""
    if not kind.paints:
        other = OTHER_MESSAGES[kind.picfinder_id]
        errors["taskType"] = [f"{kind.name} is asked for by the message {other}."]
    names = {field.target: field.name for field in FIELDS}
    for target in kind.inputs:
        if not values.get(target) and names[target] not in errors:
            errors.setdefault(names[target], [f"{kind.name} needs this."])
