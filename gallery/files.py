"""Where the bytes of pictures lie, and links to them.

Storage is Django's default one: a folder, or S3. Keys are made here, from the
asset's id and randomness, so that no name a person typed reaches storage and a
repeated attempt never writes over an earlier one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import shutil
import time
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.urls import get_script_prefix, reverse

from gallery import thumbnail_links

if TYPE_CHECKING:
    from gallery.models import Asset
    from gallery.models.asset_queries import Viewer

ROOT = "assets"
ORIGINAL = "original"
_SOME = uuid.UUID(int=0)


class Copy(Protocol):
    """What a page must know of a variant: its pixels across, and its storage key."""

    @property
    def width(self) -> int: ...
    @property
    def file(self) -> str: ...


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


@lru_cache
def _around(prefix: str) -> tuple[str, str]:
    """What stands before and after the id; worked out once, for a page has hundreds of links."""
    address = reverse("asset_file", args=[_SOME, ORIGINAL]).removesuffix(ORIGINAL)
    before, _id, after = address.partition(str(_SOME))
    return before, after


def shown_url(asset: Asset, copy: Copy | None, viewer: Viewer) -> str:
    """The address of a copy (None: the original) on a page that `viewer` looks at.

    Every page asks here, for with FILES_VIA=secure_link a copy of what is not open to anybody has
    a link of each viewer's own (`gallery.thumbnail_links`). Of `asset` it reads `pk`, `listed` and
    `rating`: lists that load some columns only load these.
    """
    if copy:
        return shown_urls(asset, [copy], viewer)[0]
    before, after = _around(get_script_prefix())
    return f"{before}{asset.pk}{after}{ORIGINAL}"


def shown_urls(asset: Asset, copies: Iterable[Copy], viewer: Viewer) -> list[str]:
    """Those of several copies of one picture: a page has hundreds."""
    prefix = get_script_prefix()
    if settings.FILES_VIA == "secure_link" and viewer.pk and not asset.is_open:
        return [thumbnail_links.address(copy.file, viewer.pk, prefix) for copy in copies]
    before, after = _around(prefix)
    folder = f"{before}{asset.pk}{after}"
    return [folder + variant_name(copy.width) for copy in copies]


class Links:
    """The links of a page of pictures for one viewer: what they share is worked out once.

    They open without signing in, for SIGNED_URL_SECONDS and only as long as that person may see
    the picture. Visitors (None) are nobody to sign for.
    """

    def __init__(self, viewer_id: int | None) -> None:
        before, self.after = _around(get_script_prefix())
        self.before = settings.BASE_URL + before
        self.key = _signing_key(settings.SECRET_KEY)
        self.told = f"{viewer_id}:{int(time.time())}" if viewer_id else ""

    def to(self, asset: Asset, *names: str) -> list[str]:
        """To these files of it: `original`, or variants such as `640.webp`.

        An open picture needs no signature, and its plain link dies when it is unpublished.
        """
        pk, told = str(asset.id), self.told
        stem = f"{self.before}{pk}{self.after}"
        if not told or asset.is_open:
            return [stem + name for name in names]
        return [f"{stem}{name}?key={told}:{_code(pk, name, told, self.key)}" for name in names]


def signature(picture_id: uuid.UUID, name: str, viewer_id: int) -> str:
    """What opens that file of an asset or upload for `viewer_id`; see `read_signature`."""
    told = f"{viewer_id}:{int(time.time())}"
    return f"{told}:{_code(picture_id, name, told, _signing_key(settings.SECRET_KEY))}"


def read_signature(asset_id: uuid.UUID, name: str, key: str) -> int | None:
    """The id of the viewer a link was signed for; None when it is forged or too old."""
    told, _colon, code = key.rpartition(":")
    expected = _code(asset_id, name, told, _signing_key(settings.SECRET_KEY))
    if not hmac.compare_digest(expected.encode(), code.encode(errors="replace")):
        return None
    viewer, signed_at = told.split(":")
    age = time.time() - int(signed_at)
    return int(viewer) if age <= settings.SIGNED_URL_SECONDS else None


def _code(picture_id: uuid.UUID | str, name: str, told: str, key: bytes) -> str:
    # BLAKE2 with a key is made to sign with, and takes a third of the time of an HMAC.
    said = f"{told}:{picture_id}:{name}".encode(errors="replace")
    digest = hashlib.blake2b(said, digest_size=24, key=key).digest()
    return base64.urlsafe_b64encode(digest).decode()


@lru_cache
def _signing_key(secret: str) -> bytes:
    return hashlib.sha256(b"limner.file:" + secret.encode()).digest()
