"""Runware's later dialect at PicFinder's address: arrays of tasks, by WebSocket or by HTTP.

Source: runware.ai/docs (how to connect, image inference, image upload), and the service's Python
client 0.5. Each task names its `taskType`; answers are `{"data": [...]}`, and `{"errors": [...]}`.
What is asked for by a field that is not named in `picfinder_array_fields` is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.contract import (
    MAX_NAME,
    Control,
    ControlMode,
    ImageRequest,
    InvalidRequest,
    OutputFormat,
    picture_seed,
)
from generator.dialects import Defaults, Picture, Problem, Result
from generator.dialects import fields as tables
from generator.dialects.fields import build, read_fields
from generator.dialects.picfinder_array_fields import BESIDES, FIELDS
from generator.dialects.picfinder_array_fields import UPLOAD as UPLOAD_FIELDS

#: Where it is served; with a slash or without, as the socket is.
PATHS = frozenset({"/v1", "/v1/"})
PAINT, UPLOAD = "imageInference", "imageUpload"
GREETING = "authentication"
PONG = {"data": [{"taskType": "ping", "pong": True}]}
#: Its clients match errors by task, and need no cure.
NEEDS_CURE = False
INVALID_KEY = "invalidApiKey"
#: Stands for the id of a picture that is sent as a link or a file.
_SENT = "sent"
_SENSITIVE = "sensitive"
_FORMATS = {"JPG": OutputFormat.JPEG, "PNG": OutputFormat.PNG, "WEBP": OutputFormat.WEBP}
#: Where each kind of answer has the picture.
_PLACES = {"URL": "imageURL", "base64Data": "imageBase64Data", "dataURI": "imageDataURI"}


@dataclass(frozen=True)
class Wish:
    """What a task says beside the picture. `output` is one of URL, base64Data and dataURI."""

    task: str
    output: str
    costs: bool
    check: bool
    endpoint: str


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that an imageInference spells; raises `InvalidRequest` under the wire's names.

    Where it works from pictures, `pictures` has them; whoever serves this puts ids in their places.
    """
    values, errors = read_fields(FIELDS, payload)
    besides = {target: values.pop(target) for target in BESIDES if target in values}
    values["seed"] = values.get("seed") or defaults.seed
    values["output_format"] = _FORMATS[besides.get("format", "JPG")]
    for name in ("initial_image", "mask"):
        if name in besides:
            values[name] = _SENT
    values["controls"] = tuple(
        _control(each, number, values.get("steps", 20), errors)
        for number, each in enumerate(besides.get("controls", ()))
    )
    return build(FIELDS, values, errors)


def wish(payload: Mapping[str, Any]) -> Wish:
    """The rest of a task that `read` found right."""
    values, _ = read_fields(FIELDS, payload)
    return Wish(
        task=values["task"],
        output=values.get("output", "URL"),
        costs=values.get("costs", False),
        check=values.get("check", False),
        endpoint=values.get("endpoint", ""),
    )


def pictures(payload: Mapping[str, Any]) -> dict[str, str]:
    """What a task that `read` found right works from, by field: an id, a link, or the file."""
    values, _ = read_fields(FIELDS, payload)
    controls = enumerate(values.get("controls", ()))
    found = {"seedImage": values.get("initial_image"), "maskImage": values.get("mask")}
    found |= {f"controlNet.{number}.guideImage": each["guide"] for number, each in controls}
    return {field: text for field, text in found.items() if text}


def files(payload: Mapping[str, Any]) -> int:
    """How many pictures an answer to a task holds as files; those that are links are none."""
    values, _ = read_fields(FIELDS, payload)
    return 0 if values.get("output", "URL") == "URL" else int(values.get("count", 1))


def sent_in(payload: Mapping[str, Any]) -> tuple[str, str]:
    """The id of an imageUpload, and its picture as a link or a file; raises `InvalidRequest`."""
    values, errors = read_fields(UPLOAD_FIELDS, payload)
    if errors:
        raise InvalidRequest(errors)
    return values["task"], values["image"]


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """What is left to the model."""
    decided = {"width", "height", "steps", "guidance_scale", "sampler", "clip_skip"}
    return tables.omitted(FIELDS, payload) & decided


def any_model(payload: Mapping[str, Any]) -> bool:
    """Whether the default model may serve the model named, which is an AIR."""
    return ":" in str(payload.get("model"))


def keep(wish: Wish) -> dict[str, Any]:
    """What the answers must echo or heed."""
    flags = {"costs": wish.costs, "check": wish.check, "base64": wish.output != "URL"}
    chosen = {name: True for name, value in flags.items() if value}
    return {"array": True, "task": wish.task, "output": wish.output, **chosen}


def type_of(task: object) -> str:
    """What a task of an array is called; "" where it does not say."""
    named = task.get("taskType") if isinstance(task, Mapping) else None
    return named if isinstance(named, str) else ""


def embeds(result: Result) -> bool:
    """Whether the answer holds the files."""
    return bool(result.wire.get("base64"))


def session(session_id: str) -> dict[str, Any]:
    """The answer to an authentication."""
    return {"data": [{"taskType": GREETING, "connectionSessionUUID": session_id}]}


def image(picture: Picture, result: Result) -> dict[str, Any]:
    """One picture, as an entry of `data`."""
    wire = result.wire
    output = wire.get("output", "URL")
    kind = picture.asset.get("mediaType", "image/png")
    shown = {
        "URL": picture.url,
        "base64Data": picture.base64,
        "dataURI": f"data:{kind};base64,{picture.base64}",
    }
    told = {
        "taskType": PAINT,
        "taskUUID": wire.get("task", ""),
        "imageUUID": picture.asset["id"],
        _PLACES[output]: shown[output],
        "seed": picture_seed(result.request.seed, picture.position),
    }
    if wire.get("check"):
        told["NSFWContent"] = picture.asset.get("rating") == _SENSITIVE
    if wire.get("costs"):
        told["cost"] = result.cost // result.count
    return told


def uploaded(picture: str, url: str, task: str) -> dict[str, Any]:
    """The answer to an imageUpload: the id to name the picture by, and where it lies."""
    told = {"taskType": UPLOAD, "taskUUID": task, "imageUUID": picture, "imageURL": url}
    return data([told])


def data(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Entries as a message."""
    return {"data": found}


def error_about(problem: Problem, task: object) -> dict[str, Any]:
    """What went wrong with `task`, an element of an array as it was sent."""
    return {"errors": errors(problem, task)}


def errors(problem: Problem, task: object) -> list[dict[str, Any]]:
    """One entry for each field that is wrong, else one for the whole."""
    sent = task if isinstance(task, Mapping) else {}
    named = {
        name: sent[name]
        for name in ("taskType", "taskUUID")
        if isinstance(sent.get(name), str) and len(sent[name]) <= MAX_NAME
    }
    if not problem.errors:
        code = INVALID_KEY if problem.status == 401 else problem.code
        place = "apiKey" if problem.status == 401 else "taskType"
        return [{"code": code, "message": problem.message, "parameter": place, **named}]
    wire = {field.target: field.name for field in FIELDS}
    found = []
    for target, messages in problem.errors.items():
        field = wire.get(target, target)
        first = field.partition(".")[0]
        code = f"invalid{first[:1].upper()}{first[1:]}"
        found.append({"code": code, "message": " ".join(messages), "parameter": field, **named})
    return found


def _control(
    sent: Mapping[str, Any], number: int, steps: int, errors: dict[str, list[str]]
) -> Control:
    begin, end = (_part(sent, edge, steps) for edge in ("start", "end"))
    if not begin <= end <= 1:
        wrong = "Must not end before it starts, nor after the last step."
        errors[f"controlNet.{number}.endStep"] = [wrong]
        begin, end = 0.0, 1.0
    return Control(
        preprocessor=sent["preprocessor"].slug,
        guide=_SENT,
        weight=sent.get("weight", 1.0),
        start=begin,
        end=end,
        mode=ControlMode(sent.get("mode", ControlMode.BALANCED)),
    )


def _part(control: Mapping[str, Any], edge: str, steps: int) -> float:
    """Where a control begins or ends, 0..1, from a step or a percentage."""
    if (percent := control.get(edge)) is not None:
        return float(percent) / 100
    step = control.get(f"{edge}_step")
    if step is None:
        return 0.0 if edge == "start" else 1.0
    return float(step / steps)
