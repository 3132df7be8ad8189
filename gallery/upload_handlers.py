"""How much of a sent file is read: Django's own handlers would fill the disk with any size."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from gallery.uploading import MAX_BYTES


class Capped(FileUploadHandler):
    """Lets the handlers after it see the first bytes beyond `MAX_BYTES` and no more.

    Whoever opens the file finds it too large and says so beside its field, which a refused
    request could not.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        """The next handler has the file."""
        return None
