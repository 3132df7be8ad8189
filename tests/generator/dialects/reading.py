"""How each service's dialect reads one documented field: a small body, and where a value lands."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from generator.contract import ImageRequest
from generator.dialects import Defaults, aithriving, modelslab, native, picfinder, stubber
from tests.documents import Row, table

Body = dict[str, Any]

DEFAULTS = Defaults(model="sketch", seed=5)
GUIDE = "87e9f0eb-ab36-4c17-95ca-4ae4ac48e383"
#: What a request of each service must hold, and no more.
SMALLEST: Mapping[str, Body] = {
    "goneural": {"prompt": "A fox", "ratio": "1:1 square 1024x1024"},
    "picfinder": {
        "taskUUID": GUIDE,
        "promptText": "A fox",
        "numberResults": 1,
        "sizeId": 1,
        "taskType": 1,
        "modelId": "18",
    },
    "stubber": {"tasktype": "generate_image", "params": {"prompt": "A fox"}},
    "aithriving": {"prompt": "A fox", "width": 512, "height": 512},
    "modelslab": {"key": "k", "prompt": "A fox"},
}
#: The least that an object in one of PicFinder's lists must hold.
LISTED: Mapping[str, Body] = {
    "lora": {"modelId": "civitai:1@2", "weight": 1},
    "controlNet": {"preprocessor": "canny", "weight": 1, "guideImageUUID": GUIDE},
}
READ: Mapping[str, Callable[[Mapping[str, Any], Defaults], ImageRequest]] = {
    "goneural": native.read,
    "picfinder": picfinder.read,
    "stubber": stubber.read,
    "aithriving": aithriving.read,
    "modelslab": modelslab.read,
}
KEEP = {"stubber": stubber.keep, "aithriving": aithriving.keep, "modelslab": modelslab.keep}
#: Fields that stand in place of another one.
INSTEAD = {"controlNet.guideImageUrl": "guideImageUUID"}

FIELDS = table("request_fields")


def body(service: str, name: str, value: Any = ...) -> Body:
    """The smallest body of `service` with `value` under `name`; without it for `...`."""
    made = copy.deepcopy(dict(SMALLEST[service]))
    place, key = _place(made, service, name)
    if name in INSTEAD:
        place.pop(INSTEAD[name])
    place.pop(key, None)
    if value is not ...:
        place[key] = value
    return made


def _place(made: Body, service: str, name: str) -> tuple[Body, str]:
    """The object that holds the field `name`, made where it is in a list, and its key there."""
    if service == "stubber":
        return made["params"], name
    listed, dot, key = name.partition(".")
    if not dot:
        return made, name
    made[listed] = [dict(LISTED[listed])]
    return made[listed][0], key


def read(service: str, sent: Body) -> ImageRequest:
    return READ[service](sent, DEFAULTS)


def all_of(service: str, sent: Body) -> tuple[ImageRequest, Any]:
    """The request that was read, and what is done with it besides; no is the same as nothing."""
    request = read(service, sent)
    if service == "picfinder":
        return request, picfinder.wish(sent)
    kept = KEEP[service](sent) if service in KEEP else {}
    defaults = {"model": "dall-e-3"} if service == "stubber" else {}
    return request, {**defaults, **{name: value for name, value in kept.items() if value}}


def landed(service: str, sent: Body, path: str) -> Any:
    """What stands under `path` once `sent` was read: of the request, or of what is kept beside."""
    if path == "token":
        return modelslab.token({}, sent)
    request = read(service, sent)
    first, _, rest = path.partition(".")
    if first == "wish":
        return getattr(picfinder.wish(sent), rest)
    if first == "kept":
        return KEEP[service](sent)[rest]
    found: Any = asdict(request)
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else found[part]
    return found


def cell(row: Row, column: str) -> Any:
    """The JSON in a cell of a table; `...` for an empty one."""
    return json.loads(row[column]) if row[column] else ...


def error_name(name: str) -> str:
    """What a refusal calls the field."""
    listed, dot, key = name.partition(".")
    return f"{listed}.0.{key}" if dot else name
