"""Pictures sent in by the dialect of arrays: alone, or with the task that works from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from accounts.models import User
from gallery import uploading
from gallery.models import Upload
from gallery.upload_api import link
from generator import links
from generator.api.pictures import decoded, kept
from generator.dialects import picfinder_array
from generator.sockets.asking import Asker, Reply


def image_upload(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Keep a picture to work from. The same one sent again is the same one."""
    task, image = picfinder_array.sent_in(body)
    found = taken(asker.user, image, "image")
    return Reply((picfinder_array.uploaded(str(found.pk), link(found), task),))


def taken(user: User, text: str, field: str) -> Upload:
    """What `text` is a link to, or is in base64, kept for `user`; raises as `kept` does."""
    if links.is_link(text):
        return kept(field, partial(links.take, user, text, field=field))
    data = decoded(field, text)
    return kept(field, partial(uploading.take, user, data, kind="png"))
