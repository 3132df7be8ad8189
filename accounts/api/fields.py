"""What a body may say: one table per operation, which reads it and describes it in OpenAPI."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from pydantic import Field as Limits

from accounts.api.answers import wrong_fields
from accounts.api.reading import read_object

MAX_ID = 2**63 - 1
#: A key of our own rows in a path or query.
Id = Annotated[int, Limits(ge=1, le=MAX_ID)]
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Wrong(ValueError):
    """The value is refused; the text is one sentence for people."""


@dataclass(frozen=True)
class Field:
    """One field: its JSON Schema, and what makes a Python value of it or raises `Wrong`."""

    schema: Mapping[str, Any]
    read: Callable[[Any], Any]
    required: bool = False


Fields = Mapping[str, Field]


def described(fields: Fields, *parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an operation's `openapi_extra` that says what its body holds."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: dict(field.schema) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
    }
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, "parameters": list(parameters)}


def read_fields(request: HttpRequest, fields: Fields) -> dict[str, Any]:
    """The values that were sent, all of them right, or an `ApiError` naming those that are not."""
    payload = read_object(request)
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in payload.items():
        try:
            values[name] = _known(fields, name).read(value)
        except Wrong as wrong:
            errors[name] = [str(wrong)]
    for name, field in fields.items():
        if field.required and name not in payload:
            errors[name] = ["This is required."]
    if errors:
        raise wrong_fields(errors)
    return values


def _known(fields: Fields, name: str) -> Field:
    if name not in fields:
        raise Wrong("There is no such field.")
    return fields[name]


def text(limit: int, about: str, *, low: int = 1, required: bool = False) -> Field:
    """One line of `low` to `limit` characters; runs of white space are one space."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong("Must be text.")
        if _UNREADABLE.search(value):
            raise Wrong("Holds characters that cannot be shown.")
        line = " ".join(value.split())
        if not low <= len(line) <= limit:
            raise Wrong(f"Must have {low} to {limit} characters.")
        return line

    schema = {"type": "string", "minLength": low, "maxLength": limit, "description": about}
    return Field(schema, read, required)


def email(about: str) -> Field:
    """An e-mail address in lower case, or null."""

    def read(value: object) -> str:
        if value is None:
            return ""
        try:
            if not isinstance(value, str) or len(value) > 254:
                raise Wrong("Must be an e-mail address.")
            validate_email(value)
        except ValidationError:
            raise Wrong("Must be an e-mail address.") from None
        return value.lower()

    return Field({"type": ["string", "null"], "format": "email", "description": about}, read)


def whole(low: int, high: int, about: str, *, required: bool = False) -> Field:
    """A whole number from `low` to `high`."""
    schema = {"type": "integer", "minimum": low, "maximum": high, "description": about}
    return Field(schema, lambda value: _number(value, low, high), required)


def whole_or_none(low: int, high: int, about: str) -> Field:
    """A whole number from `low` to `high`, or null."""
    schema = {"type": ["integer", "null"], "minimum": low, "maximum": high, "description": about}
    return Field(schema, lambda value: None if value is None else _number(value, low, high))


def _number(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong("Must be a whole number.")
    if not low <= value <= high:
        raise Wrong(f"Must be from {low} to {high}.")
    return value


def yes_or_no(about: str) -> Field:
    """True or false; neither 1 nor "true"."""

    def read(value: object) -> bool:
        if not isinstance(value, bool):
            raise Wrong("Must be true or false.")
        return value

    return Field({"type": "boolean", "description": about}, read)


def one_of(options: Collection[str], about: str, *, required: bool = False) -> Field:
    """One of `options`."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in options:
            raise Wrong(f"Must be one of {', '.join(options)}.")
        return value

    return Field({"type": "string", "enum": list(options), "description": about}, read, required)


def some_of(options: Collection[str], about: str) -> Field:
    """One or more of `options`, in their order."""

    def read(value: object) -> list[str]:
        if not isinstance(value, list) or not value:
            raise Wrong("Must be a list with something in it.")
        if not all(isinstance(item, str) and item in options for item in value):
            raise Wrong(f"May hold {', '.join(options)}.")
        return [option for option in options if option in value]

    items = {"type": "string", "enum": list(options)}
    return Field({"type": "array", "items": items, "minItems": 1, "description": about}, read)


def later(about: str) -> Field:
    """A moment that has not passed, or null."""

    def read(value: object) -> dt.datetime | None:
        if value is None:
            return None
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise Wrong("Must be a moment with its time zone, such as 2030-01-31T12:00:00Z.")
        return _in_reach(moment)

    schema = {"type": ["string", "null"], "format": "date-time", "description": about}
    return Field(schema, read)


def _in_reach(moment: dt.datetime) -> dt.datetime:
    if moment.year > 9000:
        raise Wrong("That is too far away.")
    if moment <= timezone.now():
        raise Wrong("That moment has passed.")
    return moment.astimezone(dt.UTC)
