"""An original without its recipe: what leaves by a link that does not show the prompt.

The bytes of the pixels are copied as they are, nothing is encoded anew. Every piece of metadata
goes, whoever wrote it, and the mark of where the picture comes from is put back (see
`gallery.provenance` for what each format holds). Layouts: PNG 3rd edition §5 (chunks), RIFF/WebP
container specification (RFC 9649 §2), JPEG ISO 10918-1 Annex B (marker segments).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from gallery import provenance

_PNG = b"\x89PNG\r\n\x1a\n"
#: Chunks that say how the pixels are to be shown; all others are words about them.
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"),
    *(b"sBIT", b"bKGD", b"pHYs", b"cICP"),
}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
#: APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe's colour transform) are about the pixels.
_JPEG_KEPT_APPS = {0xE0, 0xE2, 0xEE}
_SOS, _COMMENT = 0xDA, 0xFE


class NotOurs(ValueError):
    """The bytes are not laid out as a picture that we stored."""


def without_recipe(data: bytes, media_type: str) -> bytes:
    """The same picture with nothing said of it but its digital source type.

    Raises `NotOurs` for what is no PNG, WebP or JPEG: then nothing may leave.
    """
    packet = provenance.variant_extras(provenance.mark_of(data))["xmp"]
    try:
        match media_type:
            case "image/png":
                return _PNG + b"".join(_png(data, packet))
            case "image/webp":
                body = b"WEBP" + b"".join(_webp(data, packet))
                return b"RIFF" + struct.pack("<I", len(body)) + body
            case "image/jpeg":
                return b"".join(_jpeg(data, packet))
    except struct.error as error:
        raise NotOurs(media_type) from error
    raise NotOurs(media_type)


def _png(data: bytes, packet: bytes) -> Iterator[bytes]:
    if not data.startswith(_PNG):
        raise NotOurs("image/png")
    place = len(_PNG)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, end = data[place + 4 : place + 8], place + 12 + length
        if kind in _PNG_KEPT:
            yield data[place:end]
        if kind == b"IHDR":
            # Keyword, not compressed, no language, no translated keyword.
            yield _chunk(b"iTXt", provenance.XMP_KEY.encode() + b"\0\0\0\0\0" + packet)
        place = end


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _webp(data: bytes, packet: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or data[12:16] != b"VP8X":
        # Without VP8X there is no room for a mark, and we always write one.
        raise NotOurs("image/webp")
    place = 12
    while place + 8 <= len(data):
        kind = data[place : place + 4]
        (length,) = struct.unpack_from("<I", data, place + 4)
        content = data[place + 8 : place + 8 + length]
        if kind == b"VP8X":
            content = bytes([content[0] & ~_EXIF_FLAG | _XMP_FLAG]) + content[1:]
        if kind in _WEBP_KEPT:
            yield _riff(kind, content)
        place += 8 + length + length % 2
    yield _riff(b"XMP ", packet)


def _riff(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _jpeg(data: bytes, packet: bytes) -> Iterator[bytes]:
    if data[:2] != b"\xff\xd8":
        raise NotOurs("image/jpeg")
    yield data[:2]
    place, marked = 2, False
    while place < len(data):
        if data[place] != 0xFF:
            raise NotOurs("image/jpeg")
        marker = data[place + 1]
        (length,) = struct.unpack_from(">H", data, place + 2)
        if not marked and marker != 0xE0:
            content = _JPEG_XMP + packet
            yield b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
            marked = True
        if marker == _SOS:
            yield data[place:]
            return
        if _says_nothing(marker):
            yield data[place : place + 2 + length]
        place += 2 + length


def _says_nothing(marker: int) -> bool:
    """Whether a segment holds pixels or how to read them, and no words."""
    is_app = 0xE0 <= marker <= 0xEF
    return marker in _JPEG_KEPT_APPS if is_app else marker != _COMMENT
