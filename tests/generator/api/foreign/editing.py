"""What OpenAI's edits are asked with, as their tests speak of it."""

from __future__ import annotations

import base64
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.generator.api.programs import Program

PATH = "/v1/images/edits"
SQUARE = "256x256"


def file(data: bytes, name: str = "picture.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def png(width: int = 96, height: int = 64, *, hole: bool = False, mode: str = "RGBA") -> bytes:
    """A picture; with a hole, its left half is transparent."""
    image = Image.new(mode, (width, height), "red")
    if hole:
        image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def send(program: Program, **fields: Any) -> Any:
    """A form as OpenAI's client sends it; what is None is left out."""
    whole = {"prompt": "a hat", "image": file(png()), "model": "blank", "size": SQUARE, **fields}
    return program.client.post(PATH, {k: v for k, v in whole.items() if v is not None})


def send_json(program: Program, **fields: Any) -> Any:
    data = {"prompt": "a hat", "model": "blank", "size": SQUARE, **fields}
    return program.post(PATH, data)


def data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()
