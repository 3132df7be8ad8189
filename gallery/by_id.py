"""Pictures and uploads that something else names by their ids, for those who may see them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gallery import cards, files
from gallery.models import Asset, Upload
from gallery.models.asset_queries import Viewer
from gallery.uploading import THUMBNAIL


@dataclass(frozen=True)
class Shown:
    """How a page shows one: `thumbnail` is the address of a small copy, `url` that of it all."""

    id: str
    thumbnail: str
    url: str
    title: str
    width: int
    height: int
    # Whether the viewer sees it blurred until they press.
    veiled: bool = False


def ids(references: Collection[str]) -> list[str]:
    """Those of `references` that could be ids at all."""
    return [each for each in references if _is_id(each)]


def visible(viewer: Viewer, references: Collection[str]) -> set[str]:
    """Those of `references` that name something `viewer` may see, in lower case."""
    pks = ids(references)
    seen = Asset.objects.visible_to(viewer).filter(pk__in=pks).values_list("pk", flat=True)
    own = Upload.objects.of(viewer).filter(pk__in=pks).values_list("pk", flat=True)
    return {str(pk) for pk in (*seen, *own)} if pks else set()


def show(viewer: Viewer, references: Collection[str]) -> dict[str, Shown]:
    """What a page needs to show of them, by id; what `viewer` may not see is left out."""
    pks = ids(references)
    found = [*_assets(viewer, pks), *_uploads(viewer, pks)] if pks else []
    return {each.id: each for each in found}


def _is_id(reference: str) -> bool:
    try:
        return str(uuid.UUID(reference)) == reference.lower()
    except ValueError:
        return False


def _assets(viewer: Viewer, pks: list[str]) -> Iterator[Shown]:
    seen = Asset.objects.visible_to(viewer).filter(pk__in=pks)
    for asset in seen.prefetch_related("variants"):
        small, url = cards.Copies(asset, viewer).at_least(THUMBNAIL), asset.get_absolute_url()
        size, veiled = (asset.width, asset.height), asset.veiled_for(viewer)
        yield Shown(str(asset.pk), small, url, asset.title, *size, veiled)


def _uploads(viewer: Viewer, pks: list[str]) -> Iterator[Shown]:
    for upload in Upload.objects.of(viewer).filter(pk__in=pks):
        names = files.variant_name(THUMBNAIL), files.ORIGINAL
        small, url = (reverse("upload_file", args=[upload.pk, name]) for name in names)
        title = _("A picture you sent in")
        yield Shown(str(upload.pk), small, url, title, upload.width, upload.height)
