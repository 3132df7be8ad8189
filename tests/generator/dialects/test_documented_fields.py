"""Every row of every table of request fields in the five documents, through its dialect."""

from __future__ import annotations

from typing import Any

import pytest

from generator.contract import InvalidRequest
from tests.documents import Row
from tests.generator.dialects.reading import (
    FIELDS,
    SMALLEST,
    all_of,
    body,
    cell,
    error_name,
    landed,
    read,
)

#: Documented as required, and understood without: what clients leave out, or null.
LENIENT = {
    ("picfinder", "taskType"): "1, text to image",
    ("picfinder", "controlNet.weight"): "1, all of it",
    ("modelslab", "key"): "looked for in the headers as well",
}
#: Values that are wrong for each kind, whatever the field.
WRONG: dict[str, list[Any]] = {
    "string": [5, 1.5, [], {}, True],
    "integer": ["x", "1.5", 1.5, [], {}, True],
    "float": ["x", [], {}, True],
    "boolean": ["maybe", 5, [], {}],
    "uuid": ["x", 5, [], {}],
    "url": [5, [], {}, True],
    "array": [5, "x", {}, [5]],
    "id": [[], {}, True, ""],
    "track": [[], {}, True],
    "key": [],
}
NAMES = [f"{row['service']}-{row['name']}" for row in FIELDS]
REQUIRED = [row for row in FIELDS if row["required"] == "yes"]
#: Of a guide's two names one must be there.
GUIDES = {"controlNet.guideImageUUID", "controlNet.guideImageUrl"}
OPTIONAL = [row for row in FIELDS if row["required"] == "no" and row["name"] not in GUIDES]
WITH_DEFAULT = [row for row in FIELDS if row["default"]]
BAD = [
    pytest.param(row, wrong, id=f"{row['service']}-{row['name']}-{wrong!r}")
    for row in FIELDS
    for wrong in WRONG[row["kind"]]
]


def named(row: Row) -> str:
    return f"{row['service']}-{row['name']}"


def errors(service: str, sent: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidRequest) as refusal:
        read(service, sent)
    return list(refusal.value.errors)


@pytest.mark.parametrize("service", SMALLEST)
def test_the_smallest_body_is_taken(service: str) -> None:
    assert read(service, dict(SMALLEST[service])).prompt == "A fox"


@pytest.mark.parametrize("row", FIELDS, ids=NAMES)
def test_a_documented_field_lands_where_it_belongs(row: Row) -> None:
    sent = body(row["service"], row["name"], cell(row, "sample"))
    assert landed(row["service"], sent, row["field"]) == cell(row, "value")


@pytest.mark.parametrize("row", REQUIRED, ids=named)
@pytest.mark.parametrize("nothing", [..., None], ids=["missing", "null"])
def test_a_required_field_is_required(row: Row, nothing: object) -> None:
    sent = body(row["service"], row["name"], nothing)
    if (row["service"], row["name"]) in LENIENT:
        assert read(row["service"], sent)
    else:
        assert error_name(row["name"]) in errors(row["service"], sent)


@pytest.mark.parametrize("row", OPTIONAL, ids=named)
def test_null_means_the_same_as_leaving_a_field_out(row: Row) -> None:
    service, name = row["service"], row["name"]
    assert all_of(service, body(service, name, None)) == all_of(service, body(service, name))


@pytest.mark.parametrize("row", WITH_DEFAULT, ids=named)
def test_an_omitted_field_means_its_documented_default(row: Row) -> None:
    service, name = row["service"], row["name"]
    said = body(service, name, cell(row, "default"))
    assert all_of(service, body(service, name)) == all_of(service, said)


@pytest.mark.parametrize(("row", "wrong"), BAD)
def test_a_value_of_another_kind_is_refused_on_its_field(row: Row, wrong: object) -> None:
    found = errors(row["service"], body(row["service"], row["name"], wrong))
    assert all(name.startswith(error_name(row["name"])) for name in found)


def test_a_control_needs_one_of_its_two_guides() -> None:
    sent = body("picfinder", "controlNet.guideImageUUID")
    assert errors("picfinder", sent) == ["controlNet.0.guideImageUUID"]
