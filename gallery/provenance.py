"""What a file says about where it comes from.

Originals carry the recipe twice: as the ``parameters`` text that Automatic1111
made customary, and as JSON under ``limner``. Every file, variants included, carries
the IPTC digital source type. Where each goes:

=========  ==================  ===================  ====================
format     parameters          recipe               digital source type
=========  ==================  ===================  ====================
PNG        iTXt ``parameters``  iTXt ``limner``      iTXt XMP packet
WebP/JPEG  EXIF UserComment    XMP limner:recipe    XMP packet
=========  ==================  ===================  ====================

Sources: IPTC Photo Metadata Standard 2023.1 (Iptc4xmpExt), the IPTC NewsCodes
"Digital Source Type", EXIF 2.32 §4.6.5 (UserComment).
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, PngImagePlugin

NEWSCODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
XMP_KEY = "XML:com.adobe.xmp"
EXIF_IFD, USER_COMMENT = 0x8769, 0x9286
#: A JPEG segment holds 65,533 bytes, of which 29 name the XMP namespace.
MAX_JPEG_PACKET = 65_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class DigitalSourceType(StrEnum):
    """The IPTC NewsCodes that fit what we make, and what people bring along."""

    TRAINED = "trainedAlgorithmicMedia"  # by a trained model
    ALGORITHMIC = "algorithmicMedia"  # by a procedure without training data
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia"  # a guide photo is visibly in it
    COLLAGE = "composite"  # several pictures of any kind on one sheet
    CAPTURE = "digitalCapture"  # taken by a camera
    CREATION = "digitalCreation"  # drawn by a person with a program


@dataclass(frozen=True)
class Provenance:
    """What `read` found; empty where the file says nothing."""

    parameters: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    digital_source_type: str = ""


def original_extras(
    output_format: str, *, parameters: str, recipe: Mapping[str, Any], digital_source_type: str
) -> dict[str, Any]:
    """Pillow's save options that put everything we say into an original."""
    if output_format == "png":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_itxt("parameters", parameters)
        chunks.add_itxt("limner", _json(recipe))
        chunks.add_itxt(XMP_KEY, _packet(digital_source_type).decode())
        return {"pnginfo": chunks}
    packet = _packet(digital_source_type, _json(recipe))
    if output_format == "jpeg" and len(packet) > MAX_JPEG_PACKET:
        packet = _packet(digital_source_type)
    return {"xmp": packet, "exif": _user_comment(parameters)}


def sheet_extras() -> dict[str, Any]:
    """Pillow's save options for a PNG with many pictures: the mark of such."""
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt(XMP_KEY, _packet(DigitalSourceType.COLLAGE).decode())
    return {"pnginfo": chunks}


def variant_extras(digital_source_type: str) -> dict[str, Any]:
    """Pillow's save options for a WebP copy: the mark, never the recipe."""
    return {"xmp": _packet(digital_source_type)}


def read(image: Image.Image) -> Provenance:
    """Read back what a file of ours says. Trust none of it: anybody can write it."""
    texts = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
    packet = image.info.get("xmp", b"") or texts.get(XMP_KEY, "")
    xmp = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else packet
    recipe = texts.get("limner") or _between(xmp, r"<limner:recipe>(.*?)</limner:recipe>")
    return Provenance(
        parameters=texts.get("parameters") or _read_user_comment(image),
        recipe=_read_json(recipe),
        digital_source_type=_between(xmp, r'DigitalSourceType="([^"]*)"').removeprefix(NEWSCODES),
    )


def read_bytes(data: bytes) -> Provenance:
    """What a file says that `gallery.imaging.decode` accepted."""
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
        image.load()  # PNG may put its texts behind the pixels
        return read(image)


def mark_of(data: bytes) -> str:
    """The digital source type of such a file, or ""."""
    return read_bytes(data).digital_source_type


def _json(recipe: Mapping[str, Any]) -> str:
    return json.dumps(recipe, ensure_ascii=False, separators=(",", ":"))


def _packet(digital_source_type: str, recipe_json: str = "") -> bytes:
    xml_json = _NOT_XML.sub(lambda found: json.dumps(found[0])[1:-1], recipe_json)
    recipe = f"<limner:recipe>{escape(xml_json)}</limner:recipe>" if recipe_json else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:limner="urn:limner:1" xmp:CreatorTool="Limner"'
        f" Iptc4xmpExt:DigitalSourceType={quoteattr(NEWSCODES + digital_source_type)}>"
        f"{recipe}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def _user_comment(text: str) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD)[USER_COMMENT] = b"UNICODE\0" + text.encode("utf-16-be")
    return exif


def _read_user_comment(image: Image.Image) -> str:
    comment = image.getexif().get_ifd(EXIF_IFD).get(USER_COMMENT, b"")
    if not isinstance(comment, bytes) or not comment.startswith(b"UNICODE\0"):
        return ""
    return comment[8:].decode("utf-16-be", "replace")


def _between(text: str, pattern: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _read_json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
