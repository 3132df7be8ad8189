"""Where the bytes of pictures lie, and links to them.

Storage is Django's default one: a folder, or S3. Keys are made here, from the
asset's id and randomness, so that no name a person typed reaches storage and a
repeated attempt never writes over an earlier one.
"""

from __future__ import annotations

import secrets
import shutil
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

if TYPE_CHECKING:
    from gallery.models import Asset

ROOT = "assets"
ORIGINAL = "original"


def new_key(asset_id: uuid.UUID, extension: str) -> str:
    """An unused key such as ``assets/3f/3f…-9c1b….png``."""
    return f"{ROOT}/{asset_id.hex[:2]}/{asset_id}-{secrets.token_hex(8)}.{extension}"


def save(key: str, data: bytes) -> None:
    """Write bytes under an unused key."""
    default_storage.save(key, ContentFile(data))


def open_file(key: str) -> File[bytes]:
    """The bytes under `key`; FileNotFoundError when they are gone."""
    return default_storage.open(key, "rb")


def disk_is_nearly_full() -> bool:
    """Whether less than MIN_FREE_DISK_PERCENT is left where everything is kept."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free * 100 < usage.total * settings.MIN_FREE_DISK_PERCENT


def delete(keys: Iterable[str]) -> None:
    """Remove bytes; a key without any is no error."""
    for key in keys:
        default_storage.delete(key)


def variant_name(width: int) -> str:
    return f"{width}.webp"


def absolute_url(asset_id: uuid.UUID, name: str = ORIGINAL) -> str:
    """The link to a picture's bytes: `original`, or a variant such as `640.webp`."""
    return f"{settings.BASE_URL}{reverse('asset_file', args=[asset_id, name])}"


def signed_url(asset: Asset, name: str = ORIGINAL, viewer_id: int | None = None) -> str:
    """A link that opens for `viewer_id` (default: the owner) without signing in.

    It lasts SIGNED_URL_SECONDS, and only as long as that person may see the picture.
    """
    viewer = asset.owner_id if viewer_id is None else viewer_id
    return f"{absolute_url(asset.pk, name)}?key={signature(asset.pk, name, viewer)}"


def signature(picture_id: uuid.UUID, name: str, viewer_id: int) -> str:
    """What opens that file of an asset or upload for `viewer_id`; see `read_signature`."""
    return _signer(picture_id, name).sign(str(viewer_id))


def read_signature(asset_id: uuid.UUID, name: str, key: str) -> int | None:
    """The id of the viewer a link was signed for; None when it is forged or too old."""
    try:
        viewer = _signer(asset_id, name).unsign(key, max_age=settings.SIGNED_URL_SECONDS)
    except BadSignature:
        return None
    return int(viewer)


def _signer(asset_id: uuid.UUID, name: str) -> TimestampSigner:
    return TimestampSigner(salt=f"limner.file:{asset_id}:{name}")
