"""What there is to say of a generation on PicFinder's socket: new pictures, and how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import ngettext

from accounts.models import User
from generator import result_cache
from generator.api.foreign import GONE
from generator.api.problems import problem_of_failure
from generator.dialects import Picture, Problem, Result, picfinder
from generator.models import Generation
from generator.models.status import UNFINISHED
from generator.results import result_of, with_files

Body = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """A generation as it is now: pictures that were not sent, by position, and how it ended.

    `revision` is None once there is nothing left to wait for. `task` is the client's id of it.
    """

    task: str
    revision: int | None
    pictures: tuple[tuple[int, Body], ...] = ()
    problem: Problem | None = None


def look(pk: uuid.UUID, user: User, sent: Collection[int], *, costs: bool) -> Look:
    """What `user` is to be told of it beyond the pictures at the positions `sent`."""
    row = Generation.objects.of(user).filter(pk=pk)
    found = row.values("wire", "revision", "status", "delivered").first()
    if found is None:
        return Look("", None, problem=GONE)
    task, finished = found["wire"].get("task", ""), found["status"] not in UNFINISHED
    if not finished and found["delivered"] <= len(sent):
        return Look(task, found["revision"])
    result = result_of(pk, user)
    if result is None:
        return Look(task, None, problem=GONE)
    new = [picture for picture in result.pictures if picture.position not in sent]
    if result.wire.get("base64"):
        # One at a time: together they may be large.
        finished = finished and len(new) <= 1
        new = list(with_files(replace(result, pictures=tuple(new[:1]))).pictures)
    available = result_cache.total(user, result.request) if new else 0
    told = tuple((each.position, _message(each, result, available, costs=costs)) for each in new)
    problem = _missing(result) if finished else None
    return Look(task, None if finished else found["revision"], told, problem)


def _message(picture: Picture, result: Result, available: int, *, costs: bool) -> Body:
    image = picfinder.image(picture, result.wire.get("task", ""))
    if picture.data:
        image["imageBase64Data"] = picture.base64
    if costs:
        image["cost"] = result.cost // result.count
    return picfinder.images([image], available)


def _missing(result: Result) -> Problem | None:
    """Why fewer pictures came than were asked for."""
    if not result.pictures:
        return problem_of_failure(result)
    missing = result.refunded // max(1, result.cost // result.count) if result.cost else 0
    if not missing:
        return None
    told = ngettext("%d picture was not made", "%d pictures were not made", missing) % missing
    message = f"{told} and not charged. {result.error}".strip()
    return Problem(status=500, code="incomplete", message=message, failed=True)
