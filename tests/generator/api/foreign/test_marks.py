"""Pictures in the answers of other services' programs: exiftool reads where they come from."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import exif
from tests.generator.api.foreign.services import SERVICES
from tests.generator.api.programs import Program

BY_NAME = {service.dialect.name: service for service in SERVICES}
#: Each as its programs ask, and those that can give links or files both ways.
CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in BY_NAME),
    ("openai", {"response_format": "b64_json"}),
    ("modelslab", {"base64": "yes"}),
]
BEGINNINGS = (b"\x89PNG", b"RIFF", b"\xff\xd8\xff")


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def pictures(text: str) -> Iterator[bytes]:
    """What `text` is or leads to, if that is a picture."""
    if text.startswith(settings.BASE_URL):
        answer: Any = Client().get(text.removeprefix(settings.BASE_URL))
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = data.decode("ascii") if text.endswith(".base64") else ""
        if data.startswith(BEGINNINGS):
            yield data
    try:
        data = base64.b64decode(text.rpartition("base64,")[2], validate=True)
    except (binascii.Error, ValueError):
        return
    if data.startswith(BEGINNINGS):
        yield data


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("name", "more"), CASES)
def test_every_picture_says_that_a_program_made_it(
    name: str, more: dict[str, Any], alices: Program
) -> None:
    service = BY_NAME[name]
    token = alices.headers["Authorization"].removeprefix("Bearer ")
    answer = json.loads(service.send(token, {**service.body, **more}).content)
    found = [data for text in texts(answer) for data in pictures(text)]
    assert found
    said = exif.marks({str(number): data for number, data in enumerate(found)})
    assert {*said.values()} == {"trainedAlgorithmicMedia"}
