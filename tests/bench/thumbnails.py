"""Private thumbnails by links that nginx verifies, beside the same file that anybody may have.

nginx runs the configuration that is shipped, without TLS, which would cost both the same.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

from tests import nginx, services
from tests.bench import load
from tests.faults.stage import command_line, descendants

#: Bytes of a copy that is 320 pixels wide, as it often is.
SIZE = 12_000
KEY = "assets/3f/3f5c0e1e-0000-4000-8000-000000000000-0123456789abcdef.320.webp"
SECRET = "bench" * 8
AIM = 0.5


def run() -> str:
    """The figures, as Markdown."""
    if not (shutil.which("wrk") and shutil.which("nginx", path="/usr/sbin:/usr/bin")):
        return "wrk or nginx is not here.\n"
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder)
        (media / KEY).parent.mkdir(parents=True)
        (media / KEY).write_bytes(secrets.token_bytes(SIZE))
        found = _measure(media)
    return table(found)


def table(found: dict[str, float]) -> str:
    plain = found["plain nginx"]
    lines = [f"### Private thumbnails behind nginx, one worker, {load.CLIENTS} clients", ""]
    lines += ["| | by CPU second | of plain nginx | aim |", "|---|---|---|---|"]
    for label, rate in found.items():
        aim = ("met" if rate >= AIM * plain else "MISSED") if rate != plain else ""
        told = f"{AIM} of it: {aim}" if aim else ""
        lines.append(f"| {label} | {rate:.0f} | {rate / plain:.2f} | {told} |")
    return "\n".join([*lines, ""])


def _measure(media: Path) -> dict[str, float]:
    with services.nginx(_site(media)) as port:
        worker = _worker()
        url = f"http://127.0.0.1:{port}"
        return {
            "plain nginx": load.rate(worker, f"{url}/plain/{KEY}"),
            "link that nginx verifies": load.rate(worker, f"{url}{_link()}"),
        }


def _site(media: Path) -> str:
    none = media / "none.pem"
    site = nginx.site("127.0.0.1:9", media, (none, none), SECRET)
    plain = f"location /plain/ {{ types {{ }} default_type image/webp; alias {media}/; }}"
    site = site.replace("location @limner", f"{plain} location @limner")
    return re.sub(r" ssl http2|ssl_certificate.*;", "", site)


def _link() -> str:
    from django.conf import settings

    from gallery import thumbnail_links

    if not settings.configured:
        settings.configure(THUMBNAIL_LINK_SECRET=SECRET, THUMBNAIL_LINK_SECONDS=600)
    return thumbnail_links.address(KEY, 1)


def _worker() -> int:
    """The process of ours that answers."""
    mine = (pid for pid in descendants(os.getpid()) if b"nginx: worker" in command_line(pid))
    return next(mine)
