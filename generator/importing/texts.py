"""The texts that programs hide in picture files, by where they put them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from PIL import Image, PngImagePlugin

from gallery import provenance

#: Longer texts are not read: a workflow of a thousand nodes takes a megabyte.
MAX_TEXT = 4 * 1024 * 1024
#: Where ComfyUI's WebP and JPEG writers put "name:JSON".
EXIF_MAKE, EXIF_MODEL = 0x010F, 0x0110


@dataclass(frozen=True)
class Texts:
    """`named` holds PNG's chunks, and what EXIF holds under the names they would have there."""

    named: Mapping[str, str] = field(default_factory=dict)
    provenance: provenance.Provenance = field(default_factory=provenance.Provenance)

    @classmethod
    def of(cls, image: Image.Image) -> Self:
        """From a picture that was read to its end."""
        chunks = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
        named = {**_exif(image), **chunks}
        short = {name: text for name, text in named.items() if len(text) <= MAX_TEXT}
        return cls(short, provenance.read(image))

    @property
    def parameters(self) -> str:
        """A1111's text, from a PNG's chunk or from EXIF."""
        return self.named.get("parameters") or self.provenance.parameters

    def json(self, name: str) -> dict[str, Any]:
        """The JSON object under `name`; empty when there is none."""
        try:
            value = json.loads(self.named.get(name, "{}"))
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def _exif(image: Image.Image) -> dict[str, str]:
    found = {}
    exif = image.getexif()
    for tag in (EXIF_MAKE, EXIF_MODEL):
        name, colon, text = str(exif.get(tag, "")).partition(":")
        if colon and name in {"prompt", "workflow"}:
            found[name] = text
    return found
