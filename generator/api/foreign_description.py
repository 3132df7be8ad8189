"""OpenAPI for the services whose words we speak, each in a document of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.api.answers import answer
from generator.dialects import Foreign

#: Why a request may be refused, besides what the service says in an answer of 200.
REFUSALS = (400, 401, 402, 403, 404, 405, 409, 411, 413, 422, 429, 500, 503, 504)


def describe(
    dialect: Foreign, more: Mapping[str, Any] | None = None
) -> Callable[[HttpRequest], HttpResponse]:
    """The view of the description of `dialect`; `more` are paths of OpenAPI besides."""
    document = description(dialect)
    document["paths"] |= more or {}

    @require_safe
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        return answer(request, document)

    return view


def description(dialect: Foreign) -> dict[str, Any]:
    """`dialect` as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Limner, as {dialect.title} speaks", "version": "1"},
        "security": [{"Key": []}] if dialect.SECURITY else [],
        "paths": {dialect.path: {"post": _operation(dialect)}},
        "components": {"securitySchemes": {"Key": dialect.SECURITY} if dialect.SECURITY else {}},
    }


def _operation(dialect: Foreign) -> dict[str, Any]:
    refusal = _json(dialect.REFUSAL)
    return {
        "operationId": dialect.name,
        "summary": "Make pictures and answer with them.",
        "requestBody": {"required": True, **_json(dialect.SCHEMA)},
        "responses": {
            "200": {"description": "The pictures", **_answers(dialect)},
            **{str(status): {"description": "Refused", **refusal} for status in REFUSALS},
        },
    }


def beside(dialect: Foreign, others: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
    """Paths that answer as `dialect` does: by address, a name and the schema of the body."""
    found = {}
    for address, (name, schema) in others.items():
        operation = _operation(dialect)
        body = {"required": True, **_json(schema)}
        about = {"operationId": name, "summary": name.replace("_", " ").capitalize()}
        found[address] = {"post": {**operation, **about, "requestBody": body, **_place(address)}}
    return found


def _place(address: str) -> dict[str, Any]:
    if "{id}" not in address:
        return {}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {"parameters": [place]}


#: One event of a stream; `data` is JSON in a text.
EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
}


def _answers(dialect: Foreign) -> dict[str, Any]:
    """JSON, and events where a field asks for them."""
    found = _json(dialect.ANSWER)
    if "stream" in dialect.SCHEMA["properties"]:
        found["content"]["text/event-stream"] = {"schema": EVENT}
    return found


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
