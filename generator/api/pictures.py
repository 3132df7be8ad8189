"""Pictures that a request of another service brings along, kept as uploads of the key's owner."""

from __future__ import annotations

import base64
import binascii

from accounts.models import User
from gallery import imaging, uploading
from gallery.models import Upload
from generator.contract import InvalidRequest
from generator.submission import Refusal

#: Of a body: a picture and its mask in base64 fit, two of the largest size do not.
LARGEST_BODY = 32 * 2**20


def decoded(field: str, text: object) -> bytes:
    """The bytes that `text` is in base64, bare or as a data: URL; InvalidRequest on `field`."""
    if not isinstance(text, str):
        raise InvalidRequest({field: ["Must be a picture as base64."]})
    coded = text.partition(",")[2] if text.startswith("data:") else text
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest({field: ["Invalid encoded image"]}) from None


def kept(user: User, field: str, data: bytes) -> Upload:
    """The picture in `data`, kept for `user`.

    Raises InvalidRequest on `field` when it is none, and Refusal when there is no room for it.
    """
    try:
        return uploading.take(user, data)
    except imaging.UnsafePicture as error:
        raise InvalidRequest({field: [str(error)]}) from None
    except uploading.DECLINED as error:
        full = isinstance(error, uploading.StorageFull)
        raise Refusal("no_room", str(error), status=413 if full else 429) from None
