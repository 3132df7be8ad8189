"""Serves the dialects of other services over HTTP: one view for all that answer at the end.

A program of theirs sends one request and waits. Its key is looked for where that service has
it, its order goes the way of all orders, and the answer is in that service's words, whatever
becomes of it. A program that hangs up finds its pictures in the gallery.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.api.access import admit
from accounts.api.answers import ApiError, answer, refusal
from accounts.api.reading import read_any_object
from accounts.models import ApiKey, Scope
from generator.api.problems import FAULTS, GONE, headers_of, problem_of, problem_of_failure
from generator.api.submitting import defaults, fingerprint, idempotency_key
from generator.dialects import Embedding, Foreign, Problem, Result
from generator.models import Generation
from generator.results import result_of, with_files
from generator.submission import Order, submit
from generator.waiting import until_finished

View = Callable[[HttpRequest], Coroutine[Any, Any, HttpResponseBase]]
Beginning = Callable[[HttpRequest, Foreign], Generation]
Meanwhile = Callable[[HttpRequest, Generation], HttpResponseBase | None]

#: Seconds a program is kept waiting; the clients we know give up no later.
LONGEST_WAIT = 600.0
TOO_SLOW = Problem(
    status=504,
    code="timeout",
    message="The picture was not ready in time and was cancelled; nothing was charged.",
    failed=True,
)
#: The queue tried as often as makes sense; OpenAI's clients would try twice more.
NO_RETRY = {"X-Should-Retry": "false"}
#: Pages of other sites may call these: a key is needed, and no browser sends one by itself.
ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "86400",
}


def _nothing(request: HttpRequest, generation: Generation) -> None:
    """Most services say nothing before the end."""


def serve(dialect: Foreign) -> View:
    """The view of `dialect`, for its path."""

    @csrf_exempt
    @login_not_required
    async def view(request: HttpRequest) -> HttpResponseBase:
        return await reply(request, dialect, begin)

    return view


async def reply(
    request: HttpRequest, dialect: Foreign, beginning: Beginning, meanwhile: Meanwhile = _nothing
) -> HttpResponseBase:
    """Order by `beginning`, wait, and answer; holds a thread for neither.

    What `meanwhile` gives is sent at once instead.
    """
    if request.method == "OPTIONS":
        return answer(request, None, 204, PREFLIGHT)
    try:
        generation = await sync_to_async(beginning)(request, dialect)
        if early := meanwhile(request, generation):
            return early
        await until_finished(generation.pk, LONGEST_WAIT)
        return await sync_to_async(_end)(request, dialect, generation)
    except FAULTS as error:
        return refused(request, dialect, problem_of(error), headers_of(error))


def begin(request: HttpRequest, dialect: Foreign) -> Generation:
    """Queue what the body asks for. Raises an `ApiError` or one of `DECLINED`."""
    only(request, "POST")
    key = key_in(request, dialect)
    return order(request, dialect, key, read_any_object(request))


def only(request: HttpRequest, *methods: str) -> None:
    """Refuse whatever method is not among these."""
    if request.method not in methods:
        allowed = {"Allow": ", ".join(methods)}
        raise ApiError(405, {"message": "This method is not allowed here."}, allowed)


def key_in(request: HttpRequest, dialect: Foreign) -> ApiKey:
    """The key of the request, which may be in its body; an `ApiError` without a usable one."""
    body = read_any_object(request) if dialect.key_in_body else {}
    token = dialect.token(request.headers, body)
    key = admit(request, token, Scope.GENERATE)
    if key is None:
        raise refusal(401, "No usable API key.", {"WWW-Authenticate": "Bearer"})
    return key


def order(
    request: HttpRequest, dialect: Foreign, key: ApiKey, payload: Mapping[str, Any]
) -> Generation:
    """Submit what `payload` spells, for the key's owner."""
    return submit(
        Order(
            owner=key.user,
            request=dialect.read(payload, defaults(payload, key.user)),
            omitted=dialect.omitted(payload),
            any_model=dialect.any_model,
            dialect=dialect.name,
            wire=dialect.keep(payload),
            idempotency_key=idempotency_key(request),
            fingerprint=fingerprint(payload),
            key=key,
        )
    )


def refused(
    request: HttpRequest, dialect: Foreign, problem: Problem, headers: Mapping[str, str]
) -> HttpResponse:
    """`problem` in the words of `dialect`."""
    status, body = dialect.refuse(problem)
    return answer(request, body, status, {**headers, **ANY_ORIGIN})


def outcome(dialect: Embedding, generation: Generation) -> Result | Problem:
    """The pictures, or why there are none. What takes too long is stopped, and so refunded."""
    stopped = generation.cancel() if _is_unfinished(generation) else False
    result = result_of(generation.pk, generation.owner)
    if result and dialect.embeds(result):
        result = with_files(result)
    if result and result.pictures:
        return result
    if stopped:
        return TOO_SLOW
    return problem_of_failure(result) if result else GONE


def _end(request: HttpRequest, dialect: Foreign, generation: Generation) -> HttpResponse:
    found = outcome(dialect, generation)
    if isinstance(found, Problem):
        return refused(request, dialect, found, NO_RETRY)
    return answer(request, dialect.write(found), 200, headers_beside(found))


def headers_beside(result: Result) -> dict[str, str]:
    """What goes with the pictures, and no body that is documented has room for."""
    note = {"Limner-Note": quote(result.note, safe=" ,.;:'()")} if result.note else {}
    return {**note, **ANY_ORIGIN}


def _is_unfinished(generation: Generation) -> bool:
    generation.refresh_from_db(fields=["status", "delivered"])
    return not generation.is_finished
