"""Links to thumbnails that nginx verifies itself, so that a page of them costs us nothing.

With FILES_VIA=secure_link. Such a link opens for whoever holds it until its time is over; that
is what it costs (docs/decisions/0030-thumbnail-links.md). Only the smaller copies have one, for
originals carry their recipe.
"""

from __future__ import annotations

import base64
import hashlib
import time

from django.conf import settings


def address(key: str, viewer_id: int, prefix: str = "/") -> str:
    """Where `viewer_id` finds the copy with this storage key for the next while.

    The same address for THUMBNAIL_LINK_SECONDS, so that browsers keep what they fetched; it
    opens from then on for as long again.
    """
    until = end(time.time(), settings.THUMBNAIL_LINK_SECONDS)
    told = f"{until}/{viewer_id}"
    return f"{prefix}shown/{told}/{code(told, key)}/{key}"


def code(told: str, key: str) -> str:
    """What nginx works out as well: `secure_link_md5` in deploy/nginx.conf. MD5 is all it knows.

    The secret stands last, where nobody can append to what was signed.
    """
    said = f"{told}/{key} {settings.THUMBNAIL_LINK_SECRET}".encode()
    digest = hashlib.md5(said, usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def end(now: float, window: int) -> int:
    """The moment at the end of the next window, in seconds since 1970."""
    return (int(now) // window + 2) * window
