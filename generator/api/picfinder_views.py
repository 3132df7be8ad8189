"""PicFinder's address over HTTP: its later dialect, an array of tasks by POST.

The answer comes when all tasks are done, and no thread waits for it. Anything but a POST is
told that there is a WebSocket here.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.api.access import admit
from accounts.api.answers import ApiError, answer, refusal
from accounts.api.reading import read_any
from accounts.authentication import bearer_token
from accounts.models import ApiKey, Scope
from generator.api import foreign, pictures
from generator.api.problems import FAULTS, GONE, headers_of, problem_of
from generator.dialects import Problem, picfinder_array
from generator.models import Generation
from generator.sockets.asking import Asker, Reply, handle
from generator.sockets.following import shortfall
from generator.sockets.handlers import ARRAYS
from generator.sockets.picfinder import MOST_TASKS, NO_TASKS
from generator.waiting import until_finished

HERE_IS_A_SOCKET = (
    "PicFinder's newTask is served here, over a WebSocket. For the HTTP API see /docs/api/."
)
#: Pictures that one answer holds as files: all of them are in the memory at once.
MOST_FILES = 16
TOO_MANY_FILES = Problem(
    status=413,
    code="too_large",
    message=f"One answer holds {MOST_FILES} pictures as files at most; links have no such bound.",
)
#: Tasks that ask for nothing; all else must name a task that is known.
BESIDES = ("ping", picfinder_array.GREETING)
Body = dict[str, Any]


@dataclass
class Told:
    """What the answer says so far. `status` is that of the first error."""

    data: list[Body]
    errors: list[Body]
    status: int = 200

    def complain(self, problem: Problem, task: object) -> None:
        if not self.errors:
            self.status = problem.status
        self.errors += picfinder_array.errors(problem, task)


@csrf_exempt
@login_not_required
async def serve(request: HttpRequest) -> HttpResponse:
    """All pictures of an array of tasks, or 426: another protocol is spoken at this address."""
    if request.method == "OPTIONS":
        return answer(request, None, 204, foreign.PREFLIGHT)
    if request.method != "POST":
        return answer(request, {"message": HERE_IS_A_SOCKET}, 426, {"Upgrade": "websocket"})
    try:
        key, tasks = await sync_to_async(_admitted)(request)
        told = await _paint(Asker(key, uuid.uuid4()), tasks)
    except FAULTS as error:
        return _refused(request, problem_of(error), headers_of(error))
    parts = {"data": told.data, "errors": told.errors}
    body = {name: found for name, found in parts.items() if found or name == "data"}
    return answer(request, body, 200 if told.data else told.status, foreign.ANY_ORIGIN)


def _refused(request: HttpRequest, problem: Problem, headers: Mapping[str, str]) -> HttpResponse:
    task = {"taskType": picfinder_array.GREETING} if problem.status == 401 else None
    body = picfinder_array.error_about(problem, task)
    return answer(request, body, problem.status, {**headers, **foreign.ANY_ORIGIN})


def _admitted(request: HttpRequest) -> tuple[ApiKey, list[Any]]:
    """The key of the header or, without one, of the array; and the array."""
    token = bearer_token(request)
    key = admit(request, token, Scope.GENERATE) if token else None
    if token and key is None:
        raise _unknown()
    tasks = read_any(request, most=pictures.LARGEST_BODY)
    if not isinstance(tasks, list) or not 1 <= len(tasks) <= MOST_TASKS:
        raise refusal(400, NO_TASKS)
    key = key or admit(request, _token_among(tasks), Scope.GENERATE)
    if key is None:
        raise _unknown()
    return key, tasks


def _unknown() -> ApiError:
    return refusal(401, "Invalid API key", {"WWW-Authenticate": "Bearer"})


def _token_among(tasks: Sequence[Any]) -> str | None:
    greetings = [each for each in tasks if picfinder_array.type_of(each) == BESIDES[1]]
    token = greetings[0].get("apiKey") if greetings else None
    return token if isinstance(token, str) else None


async def _paint(asker: Asker, tasks: Sequence[Any]) -> Told:
    """Begin all that the tasks ask for, and wait until it is done."""
    told, files = Told([], []), 0
    begun: list[tuple[Body, uuid.UUID]] = []
    for task in tasks:
        kind = picfinder_array.type_of(task)
        if kind in BESIDES:
            _answer_beside(told, asker, kind)
            continue
        more = picfinder_array.files(task) if kind == picfinder_array.PAINT else 0
        fits = files + more <= MOST_FILES
        reply = await _begin(kind, asker, task) if fits else TOO_MANY_FILES
        if isinstance(reply, Problem):
            told.complain(reply, task)
            continue
        files += more
        told.data += [each for message in reply.messages for each in message["data"]]
        if reply.follow:
            begun.append((task, reply.follow))
    deadline = time.monotonic() + foreign.LONGEST_WAIT
    for task, pk in begun:
        await until_finished(pk, deadline - time.monotonic())
        await sync_to_async(_tell)(told, asker, task, pk)
    return told


async def _begin(kind: str, asker: Asker, task: Any) -> Reply | Problem:
    handler = ARRAYS.handlers.get(kind)
    if handler is None:
        message = f"“{kind[:60]}” is no task that is understood here."
        return Problem(status=400, code="bad_request", message=message)
    return await handle(handler, asker, task)


def _answer_beside(told: Told, asker: Asker, kind: str) -> None:
    session = picfinder_array.session(str(asker.session))
    told.data += (picfinder_array.PONG if kind == "ping" else session)["data"]


def _tell(told: Told, asker: Asker, task: Body, pk: uuid.UUID) -> None:
    """The pictures of a generation, and what is missing of them."""
    generation = Generation.objects.of(asker.user).filter(pk=pk).first()
    found = foreign.outcome(picfinder_array, generation) if generation else GONE
    if isinstance(found, Problem) or generation is None:
        told.complain(found if isinstance(found, Problem) else GONE, task)
        return
    told.data += [picfinder_array.image(each, found) for each in found.pictures]
    generation.refresh_from_db(fields=["delivered"])
    if problem := shortfall(found, generation.count - generation.delivered):
        told.complain(problem, task)
