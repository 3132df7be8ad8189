"""Bringing a picture from elsewhere into somebody's gallery, with the recipe in its file."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePath
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery import files, imaging, keeping, provenance, quota
from gallery.models import Asset
from gallery.provenance import DigitalSourceType
from gallery.uploading import MAX_BYTES, NoRoom, StorageFull
from generator.contract import MAX_SIDE, MIN_SIDE, SIDE_STEP
from generator.importing import read
from generator.importing.found import Found


class MadeBy(models.TextChoices):
    """Who made a picture, for a file that does not say it; each is an IPTC code."""

    MODEL = DigitalSourceType.TRAINED.value, _("An AI model")
    CAMERA = DigitalSourceType.CAPTURE.value, _("A camera")
    PERSON = DigitalSourceType.CREATION.value, _("A person, by drawing")


class UnknownOrigin(ValueError):
    """Neither the file nor its owner says who made the picture. One sentence for them."""


def take(owner: User, data: bytes, *, name: str = "", made_by: str = "") -> Asset:
    """Keep the picture in `data` in the gallery of `owner`, private and not rated.

    `name` is a file's name and `made_by` one of `MadeBy`, asked for only where the file is
    silent. The same file again is the same picture, brought back from the bin if it lies there.
    Raises `UnknownOrigin`, `imaging.UnsafePicture`, `StorageFull` or `NoRoom`; then nothing
    was kept.
    """
    source = f"import:{owner.pk}:{hashlib.sha256(data).hexdigest()[:40]}"
    if known := Asset.objects.filter(source=source).first():
        known.restore()
        return known
    pixels = imaging.decode(data, max_bytes=MAX_BYTES)
    found = read(data)
    origin = found.digital_source_type if found else _origin(data, made_by)
    _check_room(owner)
    picture = keeping.NewPicture(
        owner=owner,
        source=source,
        pixels=pixels,
        name=_title(name),
        digital_source_type=origin,
        output_format="jpeg" if data.startswith(b"\xff\xd8") else "png",
        **_said(found, pixels.size, origin),
    )
    return _keep(picture)


def _keep(picture: keeping.NewPicture) -> Asset:
    stored = keeping.store(picture)
    try:
        with transaction.atomic():
            asset = keeping.record(stored)
    except Exception:
        keeping.discard(stored)
        raise
    if asset.file != stored.file:
        keeping.discard(stored)  # its twin, sent at the same time, was faster
    return asset


def _said(found: Found | None, size: tuple[int, int], origin: str) -> dict[str, Any]:
    """Prompt, recipe and customary text; pages call it what its file does, by the `origin`."""
    if found is None:
        return {"prompt": "", "recipe": {"imported": True, "origin": origin}, "parameters": ""}
    recipe = {**found.recipe, "origin": origin}
    width, height = (_allowed(side) for side in size)
    recipe["request"] = {"width": width, "height": height, **recipe["request"]}
    return {"prompt": found.prompt, "recipe": recipe, "parameters": _text(recipe["request"])}


def _text(request: dict[str, Any]) -> str:
    """The customary text: prompts as they are, the rest by our own names."""
    rest = {n: v for n, v in request.items() if n not in ("prompt", "negative_prompt", "loras")}
    lines = [request["prompt"]]
    if negative := request.get("negative_prompt"):
        lines.append(f"Negative prompt: {negative}")
    lines.append(", ".join(f"{name}: {value}" for name, value in rest.items()))
    return "\n".join(lines)


def _origin(data: bytes, made_by: str) -> str:
    """Who made a picture without a recipe: as its mark says, or else as its owner does."""
    said = provenance.mark_of(data)
    if said in set(DigitalSourceType):
        return said
    if made_by not in MadeBy.values:
        raise UnknownOrigin(_("The file does not say who made this picture: choose it."))
    return made_by


def _check_room(owner: User) -> None:
    if quota.is_full(owner):
        raise StorageFull(quota.FULL)
    if files.disk_is_nearly_full():
        raise NoRoom("The server's disk is nearly full; the picture was not kept.")


def _allowed(side: int) -> int:
    """The nearest length that a request may ask for."""
    return min(MAX_SIDE, max(MIN_SIDE, round(side / SIDE_STEP) * SIDE_STEP))


def _title(name: str) -> str:
    """A file's name as a title: no folder, no ending, nothing invisible."""
    stem = PurePath(name.replace("\\", "/")).stem.replace("_", " ")
    shown = "".join(c for c in stem if unicodedata.category(c)[0] != "C")
    return " ".join(shown.split())[:120]
