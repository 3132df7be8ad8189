"""What leaves for other sites: previews of links, cards, feeds, embedded pages.

Only what may be shown to anybody: published, rated safe, not held (`open_to_anybody`). Whoever
asks is nobody in particular, signed in or not.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from PIL import Image

from gallery import alt_text, arranging, files, provenance
from gallery.models import Asset, Collection, Visibility
from gallery.models.asset_queries import AssetQuerySet
from gallery.provenance import DigitalSourceType

#: The longer side of a preview, pixels: what link previews are shown at, twice over.
SIDE = 1200
QUALITY = 85
MEDIA_TYPE = "image/jpeg"
#: What somebody brought in, by what its file says.
_ORIGINS = {
    DigitalSourceType.TRAINED: _lazy("AI generated"),
    DigitalSourceType.COMPOSITE: _lazy("Made with AI"),
    DigitalSourceType.ALGORITHMIC: _lazy("Made by a program"),
    DigitalSourceType.COLLAGE: _lazy("Put together of several pictures"),
    DigitalSourceType.CAPTURE: _lazy("Taken by a camera"),
    DigitalSourceType.CREATION: _lazy("Made by a person"),
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Card:
    """What a link preview says of a picture. Addresses are absolute."""

    title: str
    description: str
    url: str
    image: str
    width: int
    height: int
    alt: str
    oembed: str


def open_pictures() -> AssetQuerySet:
    """All of them, with what a card says of each."""
    rows = Asset.objects.open_to_anybody()
    return rows.select_related("owner").prefetch_related("variants")


def open_in(collection: Collection) -> AssetQuerySet:
    """Those of a public collection, in its order; none of one that is not public."""
    if collection.visibility != Visibility.PUBLIC:
        return open_pictures().none()
    return arranging.placed(open_pictures(), collection).order_by(*arranging.FORWARDS)


def card(asset: Asset) -> Card:
    """Raises ValueError for what may not be shown to anybody."""
    if not asset.is_open:
        raise ValueError("not for everybody")
    width, height = preview_size(asset)
    return Card(
        title=title(asset),
        description=byline(asset),
        url=absolute(asset.get_absolute_url()),
        image=absolute(reverse("asset_preview", args=[asset.pk])),
        width=width,
        height=height,
        alt=alt_text.of_asset(asset) or title(asset),
        oembed=oembed_address(asset.get_absolute_url()),
    )


def collection_card(collection: Collection) -> Card | None:
    """What a link preview says of a public collection with a public picture; else None."""
    first = open_in(collection).first()
    if first is None:
        return None
    page = collection.get_absolute_url()
    made = for_xml(_("A collection by %s.") % collection.owner.display_name)
    told = replace(card(first), url=absolute(page), oembed=oembed_address(page))
    return replace(told, title=for_xml(collection.name), description=made)


def title(asset: Asset) -> str:
    """Its name, or its prompt made fit to be read; fit for XML as well."""
    return for_xml(alt_text.of_asset(asset)) or _("A picture")


def for_xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def byline(asset: Asset) -> str:
    """Who made it, and with what."""
    made = _("By %s, made with Limner.") % asset.owner.display_name
    return for_xml(" ".join(part for part in (made, badge(asset)) if part))


def badge(asset: Asset) -> str:
    """How it came about, in a few words; empty where nothing is known."""
    told = asset.recipe
    label, origin = told.get("label"), told.get("origin")
    if isinstance(label, str) and label:
        return label
    if origin in _ORIGINS:
        return str(_ORIGINS[origin])
    # Before origins were kept, what was brought in without a recipe may be anything.
    unknown = not told or (told.get("imported") and not told.get("request"))
    return "" if unknown else _("AI generated")


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def oembed_address(path: str) -> str:
    """Where oEmbed tells about the page at `path`."""
    return f"{absolute(reverse('oembed'))}?{urlencode({'url': absolute(path)})}"


def preview_size(asset: Asset) -> tuple[int, int]:
    """Width and height of the preview: the picture's shape, at most SIDE, never enlarged."""
    widest = max((each.width for each in asset.variants.all()), default=asset.width)
    scale = min(1.0, SIDE / max(widest, widest * asset.height / asset.width))
    return max(1, round(widest * scale)), max(1, round(widest * scale * asset.height / asset.width))


def preview(asset: Asset) -> bytes:
    """A JPEG of its largest copy, with the mark that the copy bears. FileNotFoundError: gone."""
    copy = max(asset.variants.all(), key=lambda each: each.width, default=None)
    with files.open_file(copy.file if copy else asset.file) as file:
        data = file.read()
    with Image.open(io.BytesIO(data), formats=["WEBP", "PNG", "JPEG"]) as image:
        pixels = image.convert("RGB").resize(preview_size(asset), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    extras = provenance.variant_extras(provenance.mark_of(data))
    pixels.save(buffer, "JPEG", quality=QUALITY, progressive=True, **extras)
    return buffer.getvalue()
