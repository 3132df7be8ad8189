"""Pictures that a request works from, by id: those of the gallery that its owner may see, and
those that its owner sent in."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from gallery import files
from gallery.models import Asset, Upload
from gallery.templatetags.pictures import variant_url
from gallery.uploading import THUMBNAIL
from generator.contract import ImageRequest

GONE = "There is no such picture."


@dataclass(frozen=True)
class Shown:
    """How a page shows one: `thumbnail` is the address of a small copy."""

    reference: str
    thumbnail: str
    title: str
    width: int
    height: int


def of(request: ImageRequest) -> Mapping[str, list[str]]:
    """The pictures that `request` names, by the contract's field."""
    named: dict[str, list[str | None]] = {
        "initial_image": [request.initial_image],
        "mask": [request.mask],
        "controls": [control.guide for control in request.controls],
    }
    return {field: [each for each in found if each] for field, found in named.items()}


def missing(user: User, references: Collection[str]) -> set[str]:
    """Those of `references` that name nothing `user` may work from, whatever the reason."""
    found = _assets(user, references) | _uploads(user, references)
    return {each for each in references if each.lower() not in found}


def hold(user: User, references: Collection[str]) -> set[str]:
    """Keep uploads from being cleared away, in the caller's transaction; gives what is missing."""
    Upload.objects.of(user).use(_ids(references))
    return missing(user, references)


def show(user: User, references: Collection[str]) -> dict[str, Shown]:
    """What a page needs to show of them; those that are missing are left out."""
    found = [*_shown_assets(user, references), *_shown_uploads(user, references)]
    return {each.reference: each for each in found}


def open_picture(reference: str) -> Image.Image:
    """Its RGB pixels; LookupError when it is gone. Whether it may be used was checked before."""
    try:
        with files.open_file(_file_of(reference)) as file:
            return Image.open(file, formats=["PNG", "WEBP", "JPEG"]).convert("RGB")
    except OSError:
        raise LookupError("The picture to start from is no longer there.") from None


def _file_of(reference: str) -> str:
    for pk in _ids([reference]):
        for model in (Asset, Upload):
            if file := model.objects.filter(pk=pk).values_list("file", flat=True).first():
                return file
    raise LookupError("The picture to start from is no longer there.")


def _ids(references: Collection[str]) -> list[str]:
    """Those that are ids."""
    return [each for each in references if _is_id(each)]


def _is_id(reference: str) -> bool:
    try:
        return str(uuid.UUID(reference)) == reference.lower()
    except ValueError:
        return False


def _assets(user: User, references: Collection[str]) -> set[str]:
    seen = Asset.objects.visible_to(user).filter(pk__in=_ids(references))
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def _uploads(user: User, references: Collection[str]) -> set[str]:
    own = Upload.objects.of(user).filter(pk__in=_ids(references))
    return {str(pk) for pk in own.values_list("pk", flat=True)}


def _shown_assets(user: User, references: Collection[str]) -> Iterator[Shown]:
    seen = Asset.objects.visible_to(user).filter(pk__in=_ids(references))
    for asset in seen.prefetch_related("variants"):
        thumbnail = variant_url(asset, THUMBNAIL)
        yield Shown(str(asset.pk), thumbnail, asset.title, asset.width, asset.height)


def _shown_uploads(user: User, references: Collection[str]) -> Iterator[Shown]:
    name = files.variant_name(THUMBNAIL)
    for upload in Upload.objects.of(user).filter(pk__in=_ids(references)):
        thumbnail = reverse("upload_file", args=[upload.pk, name])
        title = _("Your picture")
        yield Shown(str(upload.pk), thumbnail, title, upload.width, upload.height)
