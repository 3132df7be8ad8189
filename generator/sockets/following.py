"""What there is to say of a generation on PicFinder's socket: new pictures, and how it ended."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from accounts.models import User
from generator import result_cache
from generator.api.problems import GONE, problem_of_failure
from generator.dialects import Picture, Problem, Result, picfinder, picfinder_array
from generator.models import Generation
from generator.results import result_of, with_bytes

Body = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """A generation as it is now: pictures that were not sent, by position, and how it ended.

    `revision` is None once there is nothing left to wait for. `body` names the client's task.
    """

    body: Body
    revision: int | None
    pictures: tuple[tuple[int, Body], ...] = ()
    problem: Problem | None = None


def look(pk: uuid.UUID, user: User, sent: Collection[int], *, costs: bool) -> Look:
    """What `user` is to be told of it beyond the pictures at the positions `sent`."""
    generation = Generation.objects.of(user).filter(pk=pk).first()
    if generation is None:
        return Look({}, None, problem=GONE)
    body, finished = _named(generation), generation.is_finished
    if not finished and generation.delivered <= len(sent):
        return Look(body, generation.revision)
    result = result_of(pk, user)
    if result is None:
        return Look(body, None, problem=GONE)
    new = [picture for picture in result.pictures if picture.position not in sent]
    if generation.wire.get("base64"):
        # One at a time: together they may be large.
        finished = finished and len(new) <= 1
        new = with_bytes(new[:1])
    available = result_cache.total(user, result.request) if new else 0
    told = tuple((each.position, _message(each, result, available, costs=costs)) for each in new)
    missing = generation.count - generation.delivered
    problem = shortfall(result, missing) if finished else None
    return Look(body, None if finished else generation.revision, told, problem)


def _named(generation: Generation) -> Body:
    return {"taskType": picfinder_array.PAINT, "taskUUID": generation.wire.get("task", "")}


def _message(picture: Picture, result: Result, available: int, *, costs: bool) -> Body:
    if result.wire.get("array"):
        return picfinder_array.data([picfinder_array.image(picture, result)])
    image = picfinder.image(picture, result.wire.get("task", ""))
    if costs:
        image["cost"] = result.cost // result.count
    return picfinder.images([image], available)


def shortfall(result: Result, missing: int) -> Problem | None:
    """Why fewer pictures came than were asked for."""
    if not result.pictures:
        return problem_of_failure(result)
    if not missing:
        return None
    told = ngettext("%d picture was not made", "%d pictures were not made", missing) % missing
    message = f"{told} and not charged. {result.error}".strip()
    return Problem(status=500, code="incomplete", message=message, failed=True)
