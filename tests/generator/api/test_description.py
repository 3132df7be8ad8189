"""The API describes itself: OpenAPI for programs, a page for people."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from ninja import Schema

from generator.api.site import api
from generator.dialects import native, openai_edits
from generator.dialects.registry import FOREIGN

OPERATIONS = [
    (method, path, operation)
    for path, methods in api.get_openapi_schema(path_prefix="/v1/")["paths"].items()
    for method, operation in methods.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


@pytest.fixture
def schema(client: Client) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(client.get("/v1/openapi.json").content)
    return described


def routes(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", address))
        else:
            found += routes(pattern, address)
    return found


def test_it_is_openapi_3_1_and_open_to_all(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")


def test_every_route_of_v1_is_described(schema: dict[str, Any]) -> None:
    served = {route for route in routes(get_resolver()) if route.startswith("/v1")}
    undescribed = {"/v1", "/v1/", "/v1/openapi.json", "/v1/{rest}"}
    theirs = {openai_edits.path, *(dialect.path for dialect in FOREIGN)}
    assert served - undescribed - theirs == set(schema["paths"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_says_what_it_does_and_how_it_refuses(
    method: str, path: str, operation: Any
) -> None:
    assert operation["description"]
    assert {401, 403, 429, 503} <= {int(status) for status in operation["responses"]}
    assert operation["security"] == [{"BearerKey": []}]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert {"create_text_to_image", "list_tasks", "get_task", "change_asset"} <= set(names)


def test_no_two_objects_of_answers_share_a_name() -> None:
    """The description has one place for each name, and the later one would take it silently."""
    ours = ("accounts.", "gallery.", "generator.")
    found = {schema for schema in below(Schema) if schema.__module__.startswith(ours)}
    names = Counter(schema.__name__ for schema in found)
    assert [name for name, times in names.items() if times > 1] == []


def below(schema: type[Schema]) -> set[type[Schema]]:
    children = set(schema.__subclasses__())
    return children.union(*(below(child) for child in children))


def test_the_body_is_described_from_the_table_that_reads_it(schema: dict[str, Any]) -> None:
    operation = schema["paths"]["/v1/tasks/text-to-image"]["post"]
    described = operation["requestBody"]["content"]["application/json"]["schema"]
    table = (*native.FIELDS, *native.TERMS)
    assert list(described["properties"]) == [field.name for field in table]


def test_the_page_is_open_to_all_and_names_every_operation(client: Client) -> None:
    page = client.get("/docs/api/").content.decode()
    missing = [path for _method, path, _operation in OPERATIONS if path not in page]
    assert missing == []


def test_the_page_needs_no_script_or_style_of_its_own(client: Client) -> None:
    page = client.get("/docs/api/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"<script|<style|style=|\son\w+=", main)
