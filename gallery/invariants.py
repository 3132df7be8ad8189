"""What must hold of pictures and their bytes (I5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import F

from gallery import keeping
from gallery.models import Asset, TeamShare, Upload, Variant

#: By then the daily sweep must have removed what no row names.
SWEPT = 2 * keeping.ORPHAN_AGE


def breaches() -> Iterator[str]:
    """One line per picture whose bytes are missing or changed, and for old orphans."""
    checked: dict[str, str | None] = {}
    for pk, key, sha256 in Asset.objects.values_list("pk", "file", "sha256").iterator():
        if key not in checked:
            checked[key] = _digest(key)
        if checked[key] is None:
            yield f"I5 asset {pk}: {key} is missing"
        elif checked[key] != sha256:
            yield f"I5 asset {pk}: {key} is not what was stored"
    for key in Variant.objects.order_by().values_list("file", flat=True).distinct().iterator():
        if not default_storage.exists(key):
            yield f"I5 variant {key} is missing"
    yield from _uploads()
    yield from _shares()
    yield from (f"I5 orphan {key}" for key in keeping.orphans(SWEPT))


def _uploads() -> Iterator[str]:
    for pk, *keys in Upload.objects.values_list("pk", "file", "thumbnail").iterator():
        if not all(map(default_storage.exists, keys)):
            yield f"I5 upload {pk}: its bytes are missing"


def _shares() -> Iterator[str]:
    misplaced = TeamShare.objects.exclude(made_at=F("asset__created_at"))
    for pk, asset in misplaced.values_list("pk", "asset"):
        yield f"I5 share {pk}: it does not stand where asset {asset} was made"


def _digest(key: str) -> str | None:
    """SHA-256 of the stored bytes, hex; None when there are none."""
    try:
        with default_storage.open(key) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except FileNotFoundError:
        return None
