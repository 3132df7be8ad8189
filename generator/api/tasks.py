"""Tasks: submit, look, list, wait, cancel, try again."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from accounts.api.access import caller, key_of, may_generate, may_read
from accounts.api.answers import answer, dress, errors_declared, wrong_fields
from accounts.api.reading import BODY_ERRORS, only_parameters
from gallery.listing import BadCursor
from generator import submission
from generator.api import pages
from generator.api.problems import DECLINED
from generator.api.schemas import Task, TaskPage, TaskQuery, TooLate, WaitQuery
from generator.api.submitting import IDEMPOTENCY_KEY, declined, submit_body
from generator.dialects import native
from generator.models import Generation, Status
from generator.models.idempotency import MAX_LENGTH
from generator.results import result_of, results
from generator.waiting import until_finished

router = Router(tags=["Tasks"])

#: Seconds an answer is held back at most.
LONGEST_WAIT = 60
_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?=[,;]|$)", re.IGNORECASE)


def _header(name: str, schema: Mapping[str, Any], about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": schema, "description": about}


_PREFER = _header(
    "Prefer",
    {"type": "string", "examples": ["wait=30"]},
    "`wait=N`: hold the answer until the task is finished, at most N (60) seconds.",
)
_KEY = _header(
    IDEMPOTENCY_KEY,
    {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH},
    "Repeating a request with the same key, within two days, gives the same task.",
)
_BODY = {"required": True, "content": {"application/json": {"schema": native.SCHEMA}}}


@router.post(
    "/text-to-image",
    response={202: Task, **errors_declared(402, *BODY_ERRORS)},
    auth=may_generate,
    openapi_extra={"requestBody": _BODY, "parameters": [_PREFER, _KEY]},
)
def create_text_to_image(request: HttpRequest) -> HttpResponseBase:
    """Ask for pictures. The price is charged now; what is not delivered is refunded."""
    generation = submit_body(request)
    return _tell_in_time(request, generation.pk, 202, preferred_wait(request))


@router.get("", response={200: TaskPage, **errors_declared(400, 422)}, auth=may_read)
def list_tasks(request: HttpRequest, query: Query[TaskQuery]) -> HttpResponse:
    """Your tasks, newest first."""
    only_parameters(request, *TaskQuery.model_fields)
    try:
        page = pages.tasks(caller(request), query)
    except BadCursor:
        raise wrong_fields({"cursor": ["This is no cursor of ours."]}) from None
    items = [native.write(result) for result in results(page.ids, caller(request))]
    return answer(request, {"items": items, "nextCursor": page.next_cursor})


def get_task(request: HttpRequest, task_id: uuid.UUID, query: Query[WaitQuery]) -> HttpResponseBase:
    """One task. With `wait`, the answer comes when the task is finished, or after that long."""
    return _tell_in_time(request, task_id, 200, query.wait or preferred_wait(request))


# The second is where the service's own plug-in looks.
for _path, _id in (("", "get_task"), ("/text-to-image", "get_text_to_image")):
    router.get(
        f"{_path}/{{uuid:task_id}}",
        response={200: Task, **errors_declared(404, 422)},
        auth=may_read,
        operation_id=_id,
        openapi_extra={"parameters": [_PREFER]},
    )(get_task)


@router.post(
    "/{uuid:task_id}/cancel",
    response={200: Task, **errors_declared(404), 409: TooLate},
    auth=may_generate,
)
def cancel_task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Stop it and refund what was not delivered. Cancelling twice is the same as once."""
    generation = _mine(request, task_id)
    if generation.cancel() or _was_cancelled(generation):
        return _tell(request, task_id, 200)
    return _too_late(request, task_id, "This task had finished before.")


@router.post(
    "/{uuid:task_id}/retry",
    response={202: Task, **errors_declared(402, 404, 422), 409: TooLate},
    auth=may_generate,
)
def retry_task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Ask for the same pictures again, as a new task, after one that ended without any."""
    generation = _mine(request, task_id)
    if not generation.ended_with_nothing:
        return _too_late(request, task_id, "Only a failed or cancelled task can be tried again.")
    try:
        again = submission.retry(generation, caller(request), key=key_of(request))
    except DECLINED as error:
        raise declined(error) from None
    return _tell(request, again.pk, 202)


def preferred_wait(request: HttpRequest) -> int:
    """Seconds of `Prefer: wait=N` (RFC 7240), at most `LONGEST_WAIT`; 0 without."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT) if found else 0


def _mine(request: HttpRequest, task_id: uuid.UUID) -> Generation:
    generation = Generation.objects.of(caller(request)).filter(pk=task_id).first()
    if generation is None:
        raise Http404
    return generation


def _was_cancelled(generation: Generation) -> bool:
    generation.refresh_from_db(fields=["status"])
    return generation.status == Status.CANCELLED


def _task(request: HttpRequest, task_id: uuid.UUID) -> dict[str, Any]:
    result = result_of(task_id, caller(request))
    if result is None:
        raise Http404
    return native.write(result)


def _tell(request: HttpRequest, task_id: uuid.UUID, status: int) -> HttpResponse:
    return answer(request, _task(request, task_id), status)


def _too_late(request: HttpRequest, task_id: uuid.UUID, message: str) -> HttpResponse:
    return answer(request, {"message": message, "task": _task(request, task_id)}, 409)


def _tell_in_time(
    request: HttpRequest, task_id: uuid.UUID, status: int, seconds: int
) -> HttpResponseBase:
    """The task now, or with `seconds`, once it is finished.

    The status is certain before the task ends, so it goes out at once and only the body
    waits, in the event loop: no thread is held. A request that came to a page thread
    (config.asgi sends none that waits) is answered at once, which RFC 7240 allows.
    """
    if not seconds or not isinstance(request, ASGIRequest):
        return _tell(request, task_id, status)
    _mine(request, task_id)
    body = _when_finished(request, task_id, seconds)
    response = StreamingHttpResponse(body, status=status, content_type="application/json")
    dress(request, response)
    response["Preference-Applied"] = f"wait={seconds}"
    return response


async def _when_finished(
    request: HttpRequest, task_id: uuid.UUID, seconds: int
) -> AsyncIterator[bytes]:
    await until_finished(task_id, seconds)
    yield json.dumps(await sync_to_async(_task)(request, task_id)).encode()
