"""Taking in pictures that people work from, and clearing away those that nobody used.

Nothing of the file that was sent is kept but its pixels: it is decoded, made smaller where
that loses nothing an engine could use, and written anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import files, imaging, quota
from gallery.models import Upload

#: What is accepted, and what is kept: no engine paints a longer side than `LONGEST`.
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = imaging.MAX_PIXELS
LONGEST = 2048
THUMBNAIL = 320
#: What nobody used is cleared away after this, and nobody may have more of it than that.
UNUSED_AGE = dt.timedelta(hours=24)
MAX_UNUSED = 100


class TooManyUploads(Exception):
    """Somebody sends pictures and works from none. The text is one sentence for them."""


class NoRoom(Exception):
    """The disk is nearly full. The text is one sentence for people."""


class StorageFull(Exception):
    """The owner's pictures take all the room they may. The text is one sentence for them."""


#: Why a picture may not be kept, whatever is in it.
DECLINED = (TooManyUploads, NoRoom, StorageFull)


def take(owner: User, data: bytes, *, kind: Literal["webp", "png"] = "webp") -> Upload:
    """Keep the picture in `data` for `owner`; the same one sent again is the same upload.

    PNG loses nothing, and takes five times the room.

    Raises `imaging.UnsafePicture` or one of DECLINED, and then nothing was kept.
    """
    pixels = imaging.decode(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    pixels.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    encoded = imaging.encode(pixels, kind, {})
    digest = hashlib.sha256(encoded).hexdigest()
    if known := _again(owner, digest):
        return known
    _check_room(owner)
    upload = _written(owner, pixels, encoded, digest, kind)
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        # Its twin, sent at the same time, was faster.
        files.delete([upload.file, upload.thumbnail])
        if known := _again(owner, digest):
            return known
        raise
    return upload


def forget(upload: Upload) -> None:
    """Delete it with its bytes, used or not; what still waits to work from it is refused."""
    upload.delete()
    files.delete([upload.file, upload.thumbnail])


def forget_unused(older_than: dt.timedelta = UNUSED_AGE) -> int:
    """Delete what nobody used for longer than that; says how many."""
    count = 0
    for upload in Upload.objects.unused_for(older_than).iterator():
        # Asked again in the same statement: it may be used, or sent again, just now.
        deleted, _rows = Upload.objects.unused_for(older_than).filter(pk=upload.pk).delete()
        if deleted:
            files.delete([upload.file, upload.thumbnail])
            count += 1
    return count


def _again(owner: User, digest: str) -> Upload | None:
    """The same picture, if it was sent before; its day begins anew."""
    same = Upload.objects.of(owner).filter(sha256=digest)
    return same.first() if same.update(created_at=timezone.now()) else None


def _check_room(owner: User) -> None:
    if Upload.objects.of(owner).filter(used_at=None).count() >= MAX_UNUSED:
        raise TooManyUploads(
            f"You sent {MAX_UNUSED} pictures and used none of them; they go within a day."
        )
    if quota.is_full(owner):
        raise StorageFull(quota.FULL)
    if files.disk_is_nearly_full():
        raise NoRoom("The server's disk is nearly full; the picture was not kept.")


def _written(owner: User, pixels: Image.Image, encoded: bytes, digest: str, kind: str) -> Upload:
    """The row, not saved yet, of bytes that are."""
    pk = uuid.uuid4()
    width, height = pixels.size
    small = pixels.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    thumbnail = imaging.encode(small, "webp", {})
    upload = Upload(
        id=pk,
        owner=owner,
        file=files.new_key(pk, kind),
        thumbnail=files.new_key(pk, files.variant_name(THUMBNAIL)),
        width=width,
        height=height,
        size=len(encoded),
        thumbnail_size=len(thumbnail),
        sha256=digest,
    )
    files.save(upload.file, encoded)
    files.save(upload.thumbnail, thumbnail)
    return upload
