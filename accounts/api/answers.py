"""How the native API answers: JSON, and one shape for everything that went wrong.

`{"message": "…"}`, with `errors` (field -> messages) when fields were wrong. The shape is
Laravel's, which the clients of the documented service are written for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field
from pydantic_core import PydanticSerializationError, to_json

logger = logging.getLogger("limner.api")

FIELDS_WRONG = "The given data was invalid."
#: Pydantic's words for what people call something else.
_WORDS = (
    ("Input should be", "Must be"),
    ("a valid integer", "a whole number"),
    ("Value error, ", ""),
)


class Message(Schema):
    """What went wrong, in one sentence."""

    message: str


class FieldErrors(Message):
    """Which fields were wrong, and why."""

    errors: dict[str, list[str]] = Field(default_factory=dict)


class OutOfCredits(Message):
    """Why the wallet does not pay. `cost` and `balance`, in credits, when it holds too little."""

    code: str = Field(
        description="`insufficient_credits`, `limit_reached` (a member's) or `key_budget_spent`."
    )
    cost: int | None = None
    balance: int | None = None


class ApiError(Exception):
    """An answer other than the one that was asked for; `body` is sent as it is."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        self.status, self.body, self.headers = status, body, headers or {}
        super().__init__(status, body.get("message"))


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> ApiError:
    """An error with nothing to say but `message`."""
    return ApiError(status, {"message": message}, headers)


def wrong_fields(errors: Mapping[str, Iterable[str]]) -> ApiError:
    """422 with a message beside each field."""
    named = {name: list(messages) for name, messages in errors.items()}
    return ApiError(422, {"message": FIELDS_WRONG, "errors": named})


def answer(
    request: HttpRequest,
    data: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """JSON, with the headers of every answer."""
    response: HttpResponse
    if status == 204:
        response = HttpResponse(status=204)
        del response["Content-Type"]
    else:
        response = _json(data, status)
    dress(request, response)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _json(data: Any, status: int) -> HttpResponse:
    try:
        written = to_json(data, inf_nan_mode="constants")
    except (PydanticSerializationError, UnicodeEncodeError):
        # Half a surrogate that is told back, or words that are translated only now.
        return JsonResponse(data, status=status, safe=False)
    return HttpResponse(written, status=status, content_type="application/json")


def dress(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put on the headers of every answer: no caching, and the key's rate limit as it stands."""
    turn = getattr(request, "turn", None)
    told = turn.headers() if turn else {}
    for name, value in {"Cache-Control": "private, no-store", **told}.items():
        response[name] = value


def errors_declared(*statuses: int) -> dict[int, Any]:
    """The schemas of errors, for an operation's `response`; every operation may be refused."""
    special: dict[int, Any] = {402: OutOfCredits, 422: FieldErrors}
    return {status: special.get(status, Message) for status in (401, 403, 429, 503, *statuses)}


def install(api: NinjaAPI) -> None:
    """Let every error of `api` leave in our shape."""
    api.add_exception_handler(ApiError, _refused)
    api.add_exception_handler(AuthenticationError, _unauthenticated)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(OperationalError, _no_database)
    api.add_exception_handler(InterfaceError, _no_database)


@csrf_exempt
@login_not_required
def missing(request: HttpRequest, **_path: object) -> HttpResponse:
    """404 for addresses where nothing is, in the words of a thing one may not see."""
    return answer(request, {"message": "Not found."}, 404)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.body, error.status, error.headers)


def _unauthenticated(request: HttpRequest, error: Any) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"}
    return answer(request, {"message": "Unauthenticated."}, 401, headers)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    found: dict[str, list[str]] = {}
    for problem in error.errors:
        message = problem["msg"]
        for theirs, ours in _WORDS:
            message = message.replace(theirs, ours)
        found.setdefault(str(problem["loc"][-1]), []).append(f"{message}.")
    return _refused(request, wrong_fields(found))


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return missing(request)


def _no_database(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("the database did not answer", exc_info=error)
    message = "The server cannot reach its database; try again soon."
    return answer(request, {"message": message}, 503, {"Retry-After": "5"})
