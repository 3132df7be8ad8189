"""Sending pictures to work from: what is taken, what is refused and how fast."""

from __future__ import annotations

import io
import time
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Scope, User
from accounts.models.user import MEGABYTE
from gallery import uploading
from gallery.models import Asset, Upload
from tests.factories import make_asset, make_pixels, picture_bytes
from tests.generator.api.programs import Program

UPLOADS = "/v1/uploads"
PAYLOAD = b"<script>alert(1)</script>"


def send(program: Program, data: bytes, kind: str = "image/png") -> Any:
    return program.client.generic("POST", UPLOADS, data, kind)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    check = zlib.crc32(body).to_bytes(4, "big")
    pixels = b"\0\0\0\x04IDAT\0\0\0\0\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + body + check + pixels


def animation() -> bytes:
    buffer = io.BytesIO()
    frames = [make_pixels(seed=n) for n in range(3)]
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_a_raw_picture_is_taken(alices: Program, kind: str, media_type: str) -> None:
    answer = send(alices, picture_bytes(kind), media_type)
    assert answer.status_code == 201
    assert (answer.json()["width"], answer.json()["height"]) == (96, 64)
    assert Upload.objects.get().owner == alices.user


def test_a_form_with_a_file_is_taken(alices: Program) -> None:
    file = SimpleUploadedFile("../../etc/passwd", picture_bytes(), "text/html")
    answer = alices.client.post(UPLOADS, {"file": file})
    assert answer.status_code == 201


def test_its_link_opens_without_a_key_and_for_this_picture_only(
    alices: Program, client: Any
) -> None:
    url = send(alices, picture_bytes()).json()["url"].replace("http://127.0.0.1:8000", "")
    other = send(alices, picture_bytes(seed=2)).json()["id"]
    shown = client.get(url)
    assert Image.open(io.BytesIO(shown.content)).size == (96, 64)
    assert client.get(f"/uploads/{other}/original?{url.partition('?')[2]}").status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        pytest.param(b"", "image/png", 415, id="nothing"),
        pytest.param(PAYLOAD, "image/png", 415, id="HTML"),
        pytest.param(b"<svg/>", "image/svg+xml", 415, id="SVG"),
        pytest.param(b"GIF89a" + PAYLOAD, "image/png", 415, id="GIF and script"),
        pytest.param(b"8BPS\0\1" + bytes(60), "image/png", 415, id="Photoshop"),
        pytest.param(b"{}", "application/json", 415, id="JSON"),
        pytest.param(picture_bytes()[:200], "image/png", 415, id="cut off"),
        pytest.param(png_header(50_000, 50_000), "image/png", 422, id="bomb"),
        pytest.param(png_header(6_400, 6_400), "image/png", 422, id="41 megapixels"),
        pytest.param(animation(), "image/png", 422, id="animation"),
        pytest.param(bytes(21 * 2**20), "image/png", 413, id="21 MiB"),
        pytest.param(b"--x--", "multipart/form-data; boundary=x", 422, id="empty form"),
        pytest.param(b"rubbish", "multipart/form-data; boundary=x", 422, id="rubbish form"),
        pytest.param(b"x", "multipart/form-data", 400, id="form without a boundary"),
    ],
)
def test_a_hostile_upload_is_refused_quickly_and_leaves_nothing(
    alices: Program, data: bytes, kind: str, status: int
) -> None:
    began = time.monotonic()
    answer = send(alices, data, kind)
    assert (answer.status_code, type(answer.json()["message"])) == (status, str)
    # The bar of the threat model, and far above what it takes.
    assert time.monotonic() - began < 2
    assert not Upload.objects.exists()


def test_a_large_file_in_a_form_is_refused(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.upload_handlers.MAX_BYTES", 1000)
    monkeypatch.setattr(uploading, "MAX_BYTES", 1000)
    file = SimpleUploadedFile("a.png", bytes(200_000), "image/png")
    monkeypatch.setattr("gallery.upload_api.FRAME", 10**6)
    assert alices.client.post(UPLOADS, {"file": file}).status_code == 413


def test_10_000_parts_are_refused(alices: Program) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n1\r\n'
    answer = send(alices, part * 10_000 + b"--x--", "multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_a_form_without_the_file_says_which_field_it_wants(alices: Program) -> None:
    answer = alices.client.post(UPLOADS, {"picture": "x"})
    assert answer.status_code == 422
    assert "“file”" in answer.json()["message"]


def test_too_many_unused_uploads_are_refused_with_patience(
    alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "MAX_UNUSED", 0)
    answer = send(alices, picture_bytes())
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")


def test_without_room_the_answer_says_what_to_delete(alices: Program, settings: Any) -> None:
    settings.MAX_STORAGE_PER_USER = 1
    make_asset(alices.user)
    Asset.objects.update(size=2 * MEGABYTE)
    answer = send(alices, picture_bytes())
    assert answer.status_code == 413
    assert "empty your bin" in answer.json()["message"]


def test_sending_needs_the_scope_to_generate(alice: User) -> None:
    reader = Program(alice, scopes=[Scope.READ])
    assert send(reader, picture_bytes()).status_code == 403


def test_one_can_look_again_and_delete(alices: Program) -> None:
    path = f"{UPLOADS}/{send(alices, picture_bytes()).json()['id']}"
    assert alices.get(path).json()["width"] == 96
    assert alices.delete(path).status_code == 204
    assert alices.get(path).status_code == 404


def test_a_strangers_upload_is_not_there(alices: Program, mallorys: Program) -> None:
    path = f"{UPLOADS}/{send(alices, picture_bytes()).json()['id']}"
    assert mallorys.get(path).status_code == 404
    assert mallorys.delete(path).status_code == 404
    assert Upload.objects.exists()
