"""What load balancers and operators ask: does it live, can it work?"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app

#: Seconds for which what was there counts as there: anybody may ask, and storage may cost money.
LATELY = 10
#: Seconds a worker has to answer a ping; a busy one answers too, from its main process.
PATIENCE = 1.0

log = logging.getLogger("limner.health")
#: When a costly part last answered, by the monotonic clock.
_seen: dict[str, float] = {}


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process lives. Asks nothing of any other part."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when work can be taken and done, else 503; each part `ok` or `failing`."""
    parts = {name: _state(name, check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # any failure means the same; the log says which it was
        log.warning("%s is failing: %s", name, error)
        return "failing"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def _storage() -> None:
    if _lately("storage"):
        return
    name = default_storage.save(f"ready/{uuid.uuid4()}", ContentFile(b"ready"))
    default_storage.delete(name)
    _seen["storage"] = time.monotonic()


def _worker() -> None:
    if _lately("worker"):
        return
    # Asking is better than a heartbeat row: nothing to write, no clocks to compare.
    if not app.control.ping(timeout=PATIENCE, limit=1):
        raise LookupError("no worker answered")
    _seen["worker"] = time.monotonic()


def _lately(part: str) -> bool:
    return time.monotonic() - _seen.get(part, -float("inf")) < LATELY


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "worker": _worker,
}
