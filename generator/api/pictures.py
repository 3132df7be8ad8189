"""Pictures that a request of another service brings along, kept as uploads of the key's owner."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial

from accounts.models import User
from gallery import imaging, uploading
from gallery.models import Upload
from gallery.upload_api import declined
from generator.contract import InvalidRequest

#: Of a body: a picture and its mask in base64 fit, two of the largest size do not.
LARGEST_BODY = 32 * 2**20


def decoded(field: str, text: object) -> bytes:
    """The file in bare base64 or in a data: URL; `InvalidRequest` on `field` for anything else."""
    if not isinstance(text, str):
        raise InvalidRequest({field: ["Must be a picture as base64."]})
    if text[:5].lower() == "data:":
        head, _, text = text.partition(",")
        if not head.lower().endswith(";base64"):
            raise InvalidRequest({field: ["Must be a data: URL with base64."]})
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRequest({field: ["Is not base64."]}) from None


def taken(user: User, field: str, data: bytes) -> Upload:
    """The picture in `data`, kept for `user`; raises as `kept` does."""
    return kept(field, partial(uploading.take, user, data))


def kept(field: str, take: Callable[[], Upload]) -> Upload:
    """What `take` gives. `InvalidRequest` on `field` where it is no picture, else `ApiError`."""
    try:
        return take()
    except imaging.UnsafePicture as error:
        raise InvalidRequest({field: [str(error)]}) from None
    except uploading.DECLINED as error:
        raise declined(error) from None
