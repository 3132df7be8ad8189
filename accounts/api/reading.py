"""What a program sent: bodies and parameters, refused before anything else looks at them."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from accounts.api.answers import ApiError, refusal

#: Answers of whatever reads a body.
BODY_ERRORS = (400, 411, 413, 415, 422)


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body, or an `ApiError` of one of `BODY_ERRORS`.

    Only `application/json` is taken: a page of another site can make a browser send
    `text/plain`, and with it whatever the browser's owner may do.
    """
    if request.content_type != "application/json":
        raise refusal(415, "Send JSON, with Content-Type: application/json.")
    return read_any_object(request)


def read_any_object(request: HttpRequest, *, most: int | None = None) -> dict[str, Any]:
    """The same whatever the body calls itself, for services whose programs send it untitled.

    Only for what asks for a key that no browser sends by itself. `most` bytes are read where
    a body may hold pictures.
    """
    value = read_any(request, most=most)
    if not isinstance(value, dict):
        raise ApiError(422, {"message": "The body must be a JSON object.", "errors": {}})
    return value


def read_any(request: HttpRequest, *, most: int | None = None) -> Any:
    """Whatever JSON the body holds, or an `ApiError`."""
    try:
        return json.loads(_body(request, most).decode())
    # A number may have too many digits, and brackets may nest too deep, for Python to read.
    except (ValueError, RecursionError):
        raise refusal(400, "The body is not JSON in UTF-8.") from None


def only_parameters(request: HttpRequest, *names: str) -> None:
    """Refuse a query that holds anything else: a misspelt filter would show too much."""
    unknown = sorted(set(request.GET) - set(names))
    if unknown:
        raise refusal(400, f"Unknown parameter. This list takes: {', '.join(names)}.")


def _body(request: HttpRequest, most: int | None = None) -> bytes:
    if "Content-Length" not in request.headers:
        # Django reads as much as was announced, so of a chunked body it would read nothing.
        raise refusal(411, "Send the body with its Content-Length, not in chunks.")
    if most and int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise _too_large(most)
    try:
        return request.read() if most else request.body
    except RequestDataTooBig:
        raise _too_large(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) from None
    except UnreadablePostError:
        raise refusal(400, "The body ended too early.") from None


def _too_large(most: int) -> ApiError:
    return refusal(413, f"The body is larger than {most // 2**20} MiB.")
