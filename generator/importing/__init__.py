"""Reading how a picture was made back out of its file, whichever program wrote it.

Each module knows what one program writes and answers with `Found`, or None when the file is not
that program's. Nothing of it is trusted: anybody can write such texts.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

from PIL import Image

from generator.importing import a1111, comfyui, invokeai, limner
from generator.importing.found import Found
from generator.importing.texts import Texts

#: In this order: our files carry A1111's text too, and ComfyUI's extensions often write it.
READERS: Final[tuple[Callable[[Texts], Found | None], ...]] = (
    limner.read,
    invokeai.read,
    comfyui.read,
    a1111.read,
)


def read(data: bytes) -> Found | None:
    """What the PNG, JPEG or WebP in `data` says about its making; None when it says nothing.

    `data` must have been accepted by `gallery.imaging.decode`.
    """
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
        image.load()  # PNG may put its texts behind the pixels
        texts = Texts.of(image)
    return next((found for reader in READERS if (found := reader(texts))), None)
