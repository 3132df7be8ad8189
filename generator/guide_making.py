"""Reading a guide for a ControlNet before it is used, so that its client can look at it.

What needs no weights is read here and now; all else is refused, rather than done otherwise.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping

from PIL import Image, ImageOps

from accounts.models import User
from gallery import uploading
from gallery.models import Upload
from generator.catalog.preprocessors import PREPROCESSORS, Preprocessor
from generator.contract import InvalidRequest
from generator.engines.diffusion import guides

#: Pixels of the longer side where nobody said a size.
LONGEST = 1024
FULL = 255.0
_READ: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "tile_gaussian": guides.tile,
    "lineart_standard": guides.lineart,
    "shuffle": guides.shuffle,
}
#: A second of a core each: two at a time leave the others to whoever asks for pages.
_cores = threading.BoundedSemaphore(2)


def check(preprocessor: Preprocessor, *, field: str = "preProcessorType") -> None:
    """`InvalidRequest` on `field` for what cannot be read here."""
    if preprocessor.slug not in {*_READ, "canny"}:
        able = [
            name for p in PREPROCESSORS if p.slug in {*_READ, "canny"} for name in p.short_names
        ]
        told = f"This needs a model that is not set up here. Choose: {', '.join(sorted(able))}."
        raise InvalidRequest({field: [told]})


def fitted(picture: Image.Image, width: int | None, height: int | None) -> Image.Image:
    """`picture`, cropped evenly to the sides that were given, or no larger than LONGEST."""
    if width and height:
        return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    longest = max(width or 0, height or 0)
    if longest:
        side = picture.width if width else picture.height
        scale = longest / side
        size = round(picture.width * scale), round(picture.height * scale)
        return picture.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return small


def read(picture: Image.Image, preprocessor: Preprocessor, low: float, high: float) -> Image.Image:
    """`picture` as its ControlNet wants it; `low` and `high` are Canny's thresholds, of 255."""
    with _cores:
        if preprocessor.slug == "canny":
            return guides.canny(picture, low / FULL, high / FULL)
        return _READ[preprocessor.slug](picture)


def keep(owner: User, picture: Image.Image) -> Upload:
    """As something its owner sent in, to be named as a guide. Raises `uploading.DECLINED`."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return uploading.take(owner, buffer.getvalue(), kind="png")
