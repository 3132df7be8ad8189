"""A zip that is written as it is read: its size costs no memory.

Only the directory at its end is kept until then, some hundred bytes for each file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

#: Bytes that are handed on at once, at least.
PIECE = 256 * 1024

#: The name of a file in the archive, and its bytes as they come.
Entry = tuple[str, Iterable[bytes]]


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a zip of `entries`, in pieces of about `PIECE` bytes."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:
        for name, chunks in entries:
            with archive.open(_member(name), "w", force_zip64=True) as member:
                for chunk in chunks:
                    member.write(chunk)
                    if sink.size >= PIECE:
                        yield sink.take()
    yield sink.take()


def as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A JSON list of `rows`, one to a line."""
    lead = "[\n"
    for row in rows:
        yield f"{lead}{json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)}".encode(
            errors="replace"
        )
        lead = ",\n"
    yield b"\n]\n" if lead == ",\n" else b"[]\n"


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, timezone.now().timetuple()[:6])
    member.external_attr = 0o644 << 16
    # Pictures are compressed already.
    member.compress_type = ZIP_DEFLATED if name.endswith((".json", ".txt")) else ZIP_STORED
    return member


class _Sink(io.RawIOBase):
    """Where ZipFile writes: it can neither seek nor be read, only be emptied."""

    def __init__(self) -> None:
        self.pending: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.pending.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        whole = b"".join(self.pending)
        self.pending.clear()
        self.size = 0
        return whole


class Stream(File):
    """Pieces of bytes as a file that a storage reads once, from front to end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(None)
        self.pieces = pieces
        self.rest = b""
        self.passed = 0

    def __bool__(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while piece := self.read(chunk_size or PIECE):
            yield piece

    def read(self, size: int = -1) -> bytes:
        found, have = [self.rest], len(self.rest)
        while size < 0 or have < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            found.append(piece)
            have += len(piece)
        whole = b"".join(found)
        cut = len(whole) if size < 0 else min(size, len(whole))
        self.rest = whole[cut:]
        self.passed += cut
        return whole[:cut]
