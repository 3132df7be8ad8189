"""Static files, collected when they changed and not otherwise."""

from __future__ import annotations

import fcntl
import hashlib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Run collectstatic unless nothing changed since it last ran; whether it did.

    What older versions collected stays: a server that still runs may be asked for it.
    """
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    # Beside the folder, for what is in it is served.
    stamp, lock_file = root.with_name(f".{root.name}.stamp"), root.with_name(f".{root.name}.lock")
    now = _fingerprint()
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == now and any(root.iterdir()):
            return False
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(now)
    return True


def _fingerprint() -> str:
    """Names, sizes and times of all static files; content is too slow to read each time."""
    seen = hashlib.sha256(version("whitenoise").encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()
