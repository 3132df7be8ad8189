"""OpenAI's edits: what is wrong with a form, with JSON or with a body is told before it costs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from generator.models import Generation
from tests.generator.api.foreign.editing import PATH, data_url, file, png, send, send_json
from tests.generator.api.programs import Program

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 20


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"image": None}, "image"),
        ({"image": "text"}, "image"),
        ({"image": [file(png()), file(png())]}, "image"),
        ({"image": file(b"")}, "image"),
        ({"image": file(b"<svg/>")}, "image"),
        ({"image": file(GIF)}, "image"),
        ({"mask": file(png(mode="RGB"))}, "mask"),
        ({"mask": file(png(64, 64, hole=True))}, "mask"),
        ({"mask": file(b"no picture")}, "mask"),
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"n": "11"}, "n"),
        ({"n": "two"}, "n"),
        ({"size": "huge"}, "size"),
        ({"stream": "perhaps"}, "stream"),
        ({"input_fidelity": "total"}, "input_fidelity"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_form_is_named(
    alices: Program, fields: dict[str, Any], param: str
) -> None:
    for value in fields.values():
        rewind(value)
    answer = send(alices, **fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param), error
    assert not Generation.objects.exists()


def rewind(value: object) -> None:
    """Files of parameters may have been read by another run."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, SimpleUploadedFile):
            each.seek(0)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"images": []},
        {"images": "x"},
        {"images": [1]},
        {"images": [{}]},
        {"images": [{"image_url": "http://127.0.0.1/x.png"}]},
        {"images": [{"image_url": "data:image/png;base64,%%%"}]},
        {"images": [{"image_url": "data:,x"}]},
        {"images": [{"file_id": 5}]},
        {"images": [{"file_id": "nothing"}]},
        {"images": [{"image_url": data_url(png())}], "mask": "x"},
        {"images": [{"image_url": data_url(png())}], "mask": {"image_url": None}},
    ],
    ids=lambda fields: json.dumps(fields)[:40],
)
def test_what_is_wrong_with_the_json_is_refused(alices: Program, fields: dict[str, Any]) -> None:
    answer = send_json(alices, **fields)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert not Generation.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"x" * 1000, "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=" + "x" * 500),
        (b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
                  for _ in range(600)) + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n' + b"a" * 3_000_000
         + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n'
         b"Content-Transfer-Encoding: base64\r\n\r\n%\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b"prompt=x&image=y", "application/x-www-form-urlencoded"),
        (b"[" * 10_000, "application/json"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_a_hostile_body_is_refused_in_openais_words(
    alices: Program, body: bytes, kind: str
) -> None:
    answer = alices.client.generic("POST", PATH, body, kind)
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.json()["error"]["message"]
    assert not Generation.objects.exists()


def test_a_form_that_is_too_large_is_refused_unread(alices: Program) -> None:
    answer = alices.client.generic(
        "POST", PATH, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(50 * 2**20)
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_is_taken(alices: Program, method: str) -> None:
    answer = alices.client.generic(method, PATH)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
