"""Pages, as WSGI, with the static files in front of Django.

WhiteNoise wraps the application rather than being a middleware: its middleware is
synchronous only and would hold one thread for each request that waits (docs/decisions/0003).
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

#: collectstatic writes a hash of the content into the name, so such a file never changes.
_HASHED = re.compile(r"^.+\.[0-9a-f]{12}\.[^/]+$")


def _never_changes(path: str, url: str) -> bool:
    return bool(_HASHED.match(url))


def _harden(headers: object, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    headers["Cross-Origin-Resource-Policy"] = "same-origin"  # type: ignore[index]


application = WhiteNoise(
    get_wsgi_application(),
    root=str(settings.STATIC_ROOT),
    prefix="static/",
    immutable_file_test=_never_changes,
    add_headers_function=_harden,
    allow_all_origins=False,
)
