"""What a page shows of a picture, worked out once: its addresses, its shape and its words.

Whatever shows pictures asks here for the addresses of their files, and `files.shown_url` makes
them, so that what they are made for (the viewer) is said in one place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.prepared import Prepared
from gallery import alt_text, by_page, files
from gallery.models import Asset, Variant
from gallery.models.asset_queries import Viewer

#: Width / height x 100, 5.3 % apart from 9:21 to 21:9, so a picture is cropped by 2.7 % at
#: most; app.css has a class for each, because inline styles are not allowed.
RATIOS = (
    42, 44, 46, 49, 51, 54, 57, 60, 63, 66, 70, 73, 77, 81, 86, 90, 95, 100, 105, 111, 117,
    123, 129, 136, 143, 151, 159, 167, 176, 186, 195, 206, 217, 228, 240,
)  # fmt: skip
_COPIES = Prepared(
    lambda ids: (
        Variant.objects.filter(asset__in=ids)
        .order_by("asset", "width")
        .values_list("asset", "width", "file")
    ),
    {"ids": models.UUIDField()},
    plain=True,
)
#: How wide the copy is, at least, that a card names for browsers that choose none themselves.
SMALL = 320


class Copy(NamedTuple):
    """A smaller copy, as `files.shown_url` asks for it."""

    width: int
    file: str


@dataclass(frozen=True, slots=True)
class Card:
    """One picture as `gallery/_card.html` shows it to one viewer. Texts are not escaped yet.

    Numbers are written as the viewer reads them. `stacked` and `stack` are empty unless it stands
    for several pictures: how many, and which.
    """

    pk: str
    title: str
    alt: str
    shape: str
    color: str
    src: str
    srcset: str
    width: str
    height: str
    like_count: str
    liked: bool
    veiled: bool
    stacked: str
    stack: str

    def get_absolute_url(self) -> str:
        return reverse("asset", args=[self.pk])


def of_all(assets: Sequence[Asset], viewer: Viewer) -> list[Card]:
    """A card of each, with two questions to the database; see `AssetQuerySet.for_cards`."""
    ids = by_page.keys(assets)
    liked = by_page.liked(ids, viewer)
    copies: dict[Any, list[Copy]] = {}
    for key, width, file in _COPIES.rows(ids=ids):
        copies.setdefault(key, []).append(Copy(width, file))
    return [
        _of(
            asset,
            Copies(asset, viewer, copies.get(key, ())),
            liked=key in liked,
            veiled=asset.veiled_for(viewer),
        )
        for asset, key in zip(assets, ids, strict=True)
    ]


def _of(asset: Asset, copies: Copies, *, liked: bool, veiled: bool) -> Card:
    many = asset.stacked > 1
    return Card(
        pk=str(asset.pk),
        title=asset.title,
        alt=alt_text.of_asset(asset) or _("A picture"),
        shape=shape_class(asset.width, asset.height),
        color=asset.color,
        src=copies.at_least(SMALL),
        srcset=copies.srcset,
        width=str(asset.width),
        height=str(asset.height),
        like_count=_written(asset.like_count),
        liked=liked,
        veiled=veiled,
        stacked=_written(asset.stacked) if many else "",
        stack=str(asset.stack) if many else "",
    )


def _written(number: int) -> str:
    # Few are large enough to be written in different ways.
    return str(number) if number < 1000 else str(localize(number))


class Copies:
    """The addresses of a picture's files on a page that `viewer` looks at.

    `known` are its copies, the narrowest first, where they were read already.
    """

    def __init__(
        self, asset: Asset, viewer: Viewer, known: Sequence[files.Copy] | None = None
    ) -> None:
        self._asset, self._viewer = asset, viewer
        copies = asset.variants.all() if known is None else known
        urls = files.shown_urls(asset, copies, viewer)
        self._found = [(copy.width, url) for copy, url in zip(copies, urls, strict=True)]

    @property
    def srcset(self) -> str:
        """Every WebP copy with its width, for `<img srcset>`."""
        return ", ".join(f"{address} {width}w" for width, address in self._found)

    def at_least(self, wanted: int) -> str:
        """The smallest copy at least `wanted` wide, or the widest there is."""
        for width, address in self._found:
            if width >= wanted:
                return address
        if self._found:
            return self._found[-1][1]
        return files.shown_url(self._asset, None, self._viewer)


@lru_cache(maxsize=4096)
def shape_class(width: int, height: int) -> str:
    """The class of the shape nearest to so many pixels: "r100" is a square."""
    ratio = 100 * width / height
    place = bisect_left(RATIOS, ratio)
    nearest = min(RATIOS[max(0, place - 1) : place + 1], key=lambda known: abs(known - ratio))
    return f"r{nearest}"
