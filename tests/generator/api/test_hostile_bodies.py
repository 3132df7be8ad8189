"""Whatever a body holds, the answer is a 4xx that says what is wrong, in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.factories import make_asset
from tests.generator.api.programs import SQUARE, TASKS, Program, body

JSON = "application/json"
GOOD = json.dumps(body()).encode()
HOSTILE: list[tuple[str, bytes, str, int]] = [
    ("blank", b" ", JSON, 400),
    ("no JSON", b"prompt=x", JSON, 400),
    ("cut off", GOOD[:-1], JSON, 400),
    ("not UTF-8", b'{"prompt": "\xff"}', JSON, 400),
    ("UTF-16", '{"prompt": "x"}'.encode("utf-16"), JSON, 400),
    ("10,000 brackets", b"[" * 10_000, JSON, 400),
    ("10,000 objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, JSON, 400),
    ("5,000 digits", b'{"seed": ' + b"9" * 5000 + b"}", JSON, 400),
    ("an array", b"[1]", JSON, 422),
    ("null", b"null", JSON, 422),
    ("a string", b'"x"', JSON, 422),
    ("100,000 keys", json.dumps(dict.fromkeys(map(str, range(100_000)))).encode(), JSON, 422),
    ("NaN", b'{"prompt": "x", "ratio": "%s", "count": NaN}' % SQUARE.encode(), JSON, 422),
    ("1e309", b'{"prompt": "x", "ratio": "%s", "steps": 1e309}' % SQUARE.encode(), JSON, 422),
    (
        "-Infinity",
        b'{"prompt": "x", "ratio": "%s", "seed": -Infinity}' % SQUARE.encode(),
        JSON,
        422,
    ),
    ("a lone surrogate", b'{"prompt": "\\ud800", "ratio": "%s"}' % SQUARE.encode(), JSON, 422),
    ("NUL", b'{"prompt": "\\u0000", "ratio": "%s"}' % SQUARE.encode(), JSON, 422),
    ("3 MB", b'{"prompt": "' + b"x" * 3_000_000 + b'"}', JSON, 413),
    ("text/plain", GOOD, "text/plain", 415),
    ("a form", b"prompt=x", "application/x-www-form-urlencoded", 415),
    ("multipart", b"--x--", "multipart/form-data; boundary=x", 415),
    ("no type", GOOD, "", 415),
]


def send(program: Program, method: str, path: str, data: bytes, content_type: str) -> Any:
    return program.client.generic(method, path, data, content_type)


@pytest.mark.parametrize(
    ("data", "content_type", "status"), [row[1:] for row in HOSTILE], ids=[r[0] for r in HOSTILE]
)
def test_a_hostile_submission_is_refused(
    alices: Program, data: bytes, content_type: str, status: int
) -> None:
    answer = send(alices, "POST", TASKS, data, content_type)
    assert (answer.status_code, type(answer.json()["message"])) == (status, str)


@pytest.mark.parametrize(
    ("data", "content_type"), [row[1:3] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_change_is_refused(alices: Program, data: bytes, content_type: str) -> None:
    path = f"/v1/assets/{make_asset(alices.user).pk}"
    answer = send(alices, "PATCH", path, data, content_type)
    assert 400 <= answer.status_code < 500
    assert answer.json()["message"]


def test_json_may_name_its_charset(alices: Program) -> None:
    answer = send(alices, "POST", TASKS, GOOD, "application/json; charset=utf-8")
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "path",
    ["/v1/nothing", "/v1/tasks/1", "/v1/assets/../billing", "/v1/tasks/%00",
     "/v1/assets/00000000-0000-0000-0000-00000000000g"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_404_in_json(alices: Program, path: str, method: str) -> None:
    answer = send(alices, method, path, b"{}", JSON)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not found."})


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_405(alices: Program, method: str) -> None:
    answer = send(alices, method, TASKS, b"{}", JSON)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["message"]


@pytest.mark.parametrize("wish", ["wait", "wait=", "wait=-1", "wait=x", "respond-async", ",=;"])
def test_a_preference_that_cannot_be_read_is_passed_over(alices: Program, wish: str) -> None:
    assert alices.submit({"Prefer": wish}).status_code == 202
