"""The page that explains the API to people, made from the same schema that programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from generator.api.site import api

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; what stood between backticks is code."""

    text: str
    is_code: bool


@dataclass(frozen=True)
class Row:
    """A parameter or field: name, type in words, whether it must be there, what it is."""

    name: str
    kind: str
    about: str
    required: bool = False

    @property
    def about_parts(self) -> list[Part]:
        return _parts(self.about)

    @property
    def kind_parts(self) -> list[Part]:
        return _parts(self.kind)


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for."""

    anchor: str
    method: str
    path: str
    about: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    answers: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    name: str
    operations: tuple[Operation, ...]


@require_safe
@login_not_required
def api_docs(request: HttpRequest) -> HttpResponse:
    """How to get a key, three examples, and the whole reference."""
    context = {
        "sections": sections(),
        "objects": objects(),
        "base_url": settings.BASE_URL,
        "keys_url": reverse("account_keys"),
    }
    return render(request, "generator/api_docs.html", context)


@cache
def sections() -> tuple[Section, ...]:
    """The operations by topic, in the order of the schema."""
    found: dict[str, list[Operation]] = {}
    for path, methods in _schema()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return tuple(Section(name, tuple(operations)) for name, operations in found.items())


@cache
def objects() -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """The named objects of answers with their fields."""
    schemas = _schema()["components"]["schemas"]
    return tuple((name, tuple(_fields(schemas[name]))) for name in sorted(schemas))


@cache
def _schema() -> Schema:
    return api.get_openapi_schema(path_prefix="/v1/")


def _operation(path: str, method: str, operation: Schema) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        about=operation.get("description", ""),
        parameters=tuple(_parameters(operation)),
        body=tuple(_fields(body)),
        answers=tuple(_answers(operation)),
    )


def _parameters(operation: Schema) -> Iterator[Row]:
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        about = parameter.get("description") or schema.get("description", "")
        yield Row(parameter["name"], _kind(schema), about, parameter.get("required", False))


def _fields(schema: Schema) -> Iterator[Row]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield Row(name, _kind(part), part.get("description", ""), name in required)
        for row in _fields(part.get("items", {})):
            yield replace(row, name=f"{name}[].{row.name}")


def _answers(operation: Schema) -> Iterator[Row]:
    for status, response in operation["responses"].items():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        phrase = HTTPStatus(int(status)).phrase
        yield Row(str(status), _kind(schema) if schema else "", phrase)


def _kind(schema: Schema) -> str:
    """A schema's type in words: "text, 1 to 500 characters", "Task or null", "one of `a`, `b`"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "allOf" in schema:
        return _kind(schema["allOf"][0])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"] if value is not None)
    types = schema.get("type", "object")
    names = types if isinstance(types, list) else [types]
    return " or ".join(_named(name, schema) for name in names)


def _named(name: str, schema: Schema) -> str:
    if name == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    if name == "null" or high is None or high >= 10**9:
        return words.get(name, name)
    unit = " characters" if name == "string" else ""
    return f"{words.get(name, name)}, {low or 0} to {high}{unit}"


def _parts(sentence: str) -> list[Part]:
    pieces = enumerate(sentence.split("`"))
    return [Part(text, is_code=bool(n % 2)) for n, text in pieces if text]
