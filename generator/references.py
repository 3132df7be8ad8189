"""Pictures that a request works from, by id: those of the gallery that its owner may see, and
those that its owner sent in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PIL import Image

from accounts.models import User
from gallery import by_id, files
from gallery.models import Asset, Upload
from generator.contract import ImageRequest

GONE = "There is no such picture."


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
    found = by_id.visible(user, references)
    return {each for each in references if each.lower() not in found}


def hold(user: User, references: Collection[str]) -> set[str]:
    """Keep uploads from being cleared away, in the caller's transaction; gives what is missing."""
    Upload.objects.of(user).use(by_id.ids(references))
    return missing(user, references)


def open_picture(reference: str) -> Image.Image:
    """Its RGB pixels; LookupError when it is gone. Whether it may be used was checked before."""
    try:
        with files.open_file(_file_of(reference)) as file:
            return Image.open(file, formats=["PNG", "WEBP", "JPEG"]).convert("RGB")
    except OSError:
        raise LookupError("The picture to start from is no longer there.") from None


def _file_of(reference: str) -> str:
    for pk in by_id.ids([reference]):
        for model in (Asset, Upload):
            if file := model.objects.filter(pk=pk).values_list("file", flat=True).first():
                return file
    raise LookupError("The picture to start from is no longer there.")
