"""How the bytes of pictures reach people: from Python, or from nginx before it.

What nginx cannot do with the storage that was chosen stops the start, as does a secret that is
none, for anybody could sign with it.
"""

from __future__ import annotations

import re
from typing import Any

from config import env

#: From Python; by X-Accel-Redirect below /protected/; and so, but that thumbnails of private
#: pictures have addresses which nginx verifies itself (gallery/thumbnail_links.py).
WAYS = ("stream", "accel", "secure_link")
_SECRET = re.compile(r"[\w-]{32,}", re.ASCII)


def settings(storage: dict[str, Any]) -> dict[str, Any]:
    """The settings of this module; `storage` is Django's STORAGES entry for pictures."""
    way = env.choice("FILES_VIA", "stream", WAYS)
    if way != "stream" and "location" not in storage["OPTIONS"]:
        needs = "it needs STORAGE_URL=file:…, for nginx reads pictures from a folder"
        raise env.BadEnvironment("FILES_VIA", way, needs)
    return {
        "FILES_VIA": way,
        "SIGNED_URL_SECONDS": env.integer("SIGNED_URL_SECONDS", 3600, low=60, high=7 * 86400),
        "THUMBNAIL_LINK_SECRET": _secret("THUMBNAIL_LINK_SECRET", needed=way == "secure_link"),
        # Links hold from so long to twice as long, and a new one is made as often.
        "THUMBNAIL_LINK_SECONDS": env.integer("THUMBNAIL_LINK_SECONDS", 600, low=60, high=86400),
    }


def _secret(name: str, *, needed: bool) -> str:
    """What nginx knows as well. Nothing in it means something to nginx: no quotes, no `$`."""
    value = env.text(name)
    if not value and needed:
        wanted = "FILES_VIA=secure_link needs it: write what `openssl rand -hex 32` says"
        raise env.BadEnvironment(name, value, wanted)
    if value and not _SECRET.fullmatch(value):
        wanted = "write at least 32 letters, digits, - and _, such as `openssl rand -hex 32` says"
        raise env.BadEnvironment(name, "…", wanted)
    return value
