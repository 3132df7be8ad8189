"""A zip that is written as it is read: neither its size nor the number of files costs memory.

Python's `zipfile` remembers two kilobytes of every file until the end; here its directory waits
in a temporary file, some hundred bytes for each.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from struct import Struct
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

#: Bytes that are handed on at once, at least.
PIECE = 256 * 1024

# Little-endian, as the format has it; 45 is the version that knows 64-bit sizes.
_VERSION = 45
_SEE_64 = 0xFFFFFFFF
_HEADER = Struct("<4s5H3L2H")
_SIZES = Struct("<2H2Q")
_DESCRIPTOR = Struct("<4sL2Q")
_LINE = Struct("<4s6H3L5H2L")
_PLACE = Struct("<2H3Q")
_END_64 = Struct("<4sQ2H2L4Q")
_LOCATOR = Struct("<4sLQL")
_END = Struct("<4s4H2LH")

#: The name of a file in the archive, and its bytes as they come.
Entry = tuple[str, Iterable[bytes]]


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a zip of `entries`, in pieces of about `PIECE` bytes."""
    held: list[bytes] = []
    size = 0
    with TemporaryFile() as directory:
        for part in _parts(entries, directory):
            held.append(part)
            size += len(part)
            if size >= PIECE:
                yield b"".join(held)
                held, size = [], 0
        yield b"".join(held)


def as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A JSON list of `rows`, one to a line."""
    lead = "[\n"
    for row in rows:
        yield f"{lead}{json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)}".encode(
            errors="replace"
        )
        lead = ",\n"
    yield b"\n]\n" if lead == ",\n" else b"[]\n"


def _parts(entries: Iterable[Entry], directory: IO[bytes]) -> Iterator[bytes]:
    """Each file between its header and its sizes, then the directory of them all."""
    offset = count = 0
    for name, chunks in entries:
        member = _Member(name, offset)
        for part in member.parts(chunks):
            offset += len(part)
            yield part
        directory.write(member.line())
        count += 1
    length = directory.tell()
    directory.seek(0)
    while block := directory.read(PIECE):
        yield block
    yield _END_64.pack(b"PK\6\6", 44, _VERSION, _VERSION, 0, 0, count, count, length, offset)
    yield _LOCATOR.pack(b"PK\6\7", 0, offset + length, 1)
    yield _END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _SEE_64, _SEE_64, 0)


class _Member:
    """One file of the zip (PKWARE's APPNOTE 4.3), of any size: always in the 64-bit form."""

    def __init__(self, name: str, offset: int) -> None:
        self.name, self.offset = name.encode(), offset
        # Pictures are compressed already.
        self.deflated = name.endswith((".json", ".txt"))
        self.crc = self.size = self.packed = 0
        now = timezone.now()
        self.stamp = (
            now.hour << 11 | now.minute << 5 | now.second // 2,
            (now.year - 1980) << 9 | now.month << 5 | now.day,
        )

    @property
    def _shared(self) -> tuple[int, ...]:
        """Version, flags (sizes follow, names are UTF-8), method, time and day."""
        return (_VERSION, 0x0808, 8 if self.deflated else 0, *self.stamp)

    def parts(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Header, contents and, now that they are known, checksum and sizes."""
        lengths = (_SEE_64, _SEE_64, len(self.name), _SIZES.size)
        yield _HEADER.pack(b"PK\3\4", *self._shared, 0, *lengths) + self.name
        yield _SIZES.pack(1, 16, 0, 0)
        packer = zlib.compressobj(wbits=-15) if self.deflated else None
        for chunk in chunks:
            self.crc = zlib.crc32(chunk, self.crc)
            self.size += len(chunk)
            part = packer.compress(chunk) if packer else chunk
            self.packed += len(part)
            yield part
        rest = packer.flush() if packer else b""
        self.packed += len(rest)
        yield rest + _DESCRIPTOR.pack(b"PK\7\x08", self.crc, self.packed, self.size)

    def line(self) -> bytes:
        """What the directory says of it."""
        lengths = (_SEE_64, _SEE_64, len(self.name), _PLACE.size, 0, 0, 0)
        unix = 3 << 8 | _VERSION
        start = _LINE.pack(b"PK\1\2", unix, *self._shared, self.crc, *lengths, 0o644 << 16, _SEE_64)
        return start + self.name + _PLACE.pack(1, 24, self.size, self.packed, self.offset)


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
