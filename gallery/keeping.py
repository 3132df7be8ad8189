"""From finished pixels to a kept picture: bytes first, rows second.

`store` writes bytes and touches no database; `record` writes rows, inside the
caller's transaction; `discard` removes the bytes of an attempt that lost. What a
crash leaves between the two is an orphan, and `remove_orphans` sweeps it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from PIL import Image

from accounts.models import Team, TeamRight, User
from gallery import classifying, files, imaging, provenance, signing, stacking
from gallery.models import Asset, RatedBy, Rating, TeamShare, Upload, Variant
from gallery.models.rated import MachineRating

#: Bytes younger than this may belong to a picture that is being recorded.
ORPHAN_AGE = dt.timedelta(hours=24)
BATCH = 200


@dataclass(frozen=True)
class NewPicture:
    """Finished pixels and what to keep with them.

    `source` names what made it and is unique; `parameters` is the customary text
    and `recipe` the same as data; `digital_source_type` is an IPTC code. It hangs in the
    gallery of `team` too, if `owner` may share pictures there when it is recorded.
    """

    owner: User
    source: str
    pixels: Image.Image
    prompt: str
    recipe: dict[str, Any]
    parameters: str
    digital_source_type: str
    output_format: Literal["png", "webp", "jpeg"] = "png"
    rating: str = Rating.UNRATED
    # Whose word that is, one of `RatedBy`, and why; kept with what is rated.
    rated_by: str = RatedBy.ENGINE
    rating_reason: str = ""
    # Keep a black picture in place of one that the classifier finds sensitive.
    blanks_sensitive: bool = False
    parent_id: uuid.UUID | None = None
    name: str = ""
    team: Team | None = None


@dataclass(frozen=True)
class StoredVariant:
    """A written WebP copy."""

    file: str
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Stored:
    """A picture whose bytes lie in storage and which no row names yet."""

    picture: NewPicture
    asset_id: uuid.UUID
    file: str
    size: int
    sha256: str
    color: str
    variants: tuple[StoredVariant, ...]

    @property
    def keys(self) -> list[str]:
        return [self.file, *(variant.file for variant in self.variants)]


def store(picture: NewPicture) -> Stored:
    """Encode the picture and its copies and write their bytes; on an error none stay behind.

    A classifier, if there is one, looks first at what no engine has rated.
    """
    stored, contents = _encode(_rated(picture))
    try:
        for key, data in contents.items():
            files.save(key, data)
    except Exception:
        files.delete(stored.keys)
        raise
    return stored


def record(stored: Stored) -> Asset:
    """Write the rows. A second picture for a source gives the first one's asset back.

    In that case `asset.file != stored.file`, and the caller discards `stored`.
    """
    asset, created = Asset.objects.get_or_create(
        source=stored.picture.source, defaults=_columns(stored)
    )
    if created:
        Variant.objects.bulk_create(
            Variant(asset=asset, width=v.width, height=v.height, file=v.file, size=v.size)
            for v in stored.variants
        )
        _hang(asset, stored.picture)
    return asset


def _hang(asset: Asset, picture: NewPicture) -> None:
    """Into its team's gallery, unless the owner has lost the right meanwhile."""
    if picture.team:
        sharing = Team.objects.of(picture.owner, TeamRight.SHARE)
        if sharing.filter(pk=picture.team.pk).exists():
            TeamShare.objects.hang(asset, picture.team)


def discard(stored: Stored) -> None:
    """Remove the bytes of a picture that was not recorded.

    Asks first: a commit whose answer was lost may have recorded it. What cannot be asked
    stays, and is an orphan or a picture.
    """
    keys = set(stored.keys)
    files.delete(keys - named(keys))


def purge(asset_ids: list[uuid.UUID]) -> int:
    """Delete binned pictures for ever: rows first, then the bytes no other row names."""
    binned = Asset.objects.filter(pk__in=asset_ids, deleted_at__isnull=False).order_by("pk")
    _detach(list(binned.values_list("pk", flat=True)))
    with transaction.atomic():
        # Nobody may bring one back between here and the deletion.
        locked = list(binned.select_for_update().values_list("pk", flat=True))
        keys = _keys_of(locked)
        Asset.objects.filter(pk__in=locked).delete()
    files.delete(keys - named(keys))
    return len(locked)


def named(keys: set[str]) -> set[str]:
    """Those of `keys` that a row names."""
    originals = Asset.objects.filter(file__in=keys).values_list("file", flat=True)
    copies = Variant.objects.filter(file__in=keys).values_list("file", flat=True)
    uploads = Upload.objects.filter(Q(file__in=keys) | Q(thumbnail__in=keys))
    sent = [key for pair in uploads.values_list("file", "thumbnail") for key in pair]
    return {*originals.distinct(), *copies.order_by().distinct(), *keys.intersection(sent)}


def empty_bins(older_than: dt.timedelta) -> int:
    """Purge what has lain in a bin for longer than that; says how many."""
    due = Asset.objects.filter(deleted_at__lt=timezone.now() - older_than)
    count = 0
    while batch := list(due.values_list("pk", flat=True)[:BATCH]):
        count += purge(batch)
    return count


def orphans(older_than: dt.timedelta = ORPHAN_AGE) -> Iterator[str]:
    """Keys of bytes that are older than that and that no row names."""
    limit = timezone.now() - older_than
    for folder in _folders():
        _subfolders, names = default_storage.listdir(f"{files.ROOT}/{folder}")
        for start in range(0, len(names), BATCH):
            keys = {f"{files.ROOT}/{folder}/{name}" for name in names[start : start + BATCH]}
            yield from (key for key in sorted(keys - named(keys)) if _written_before(key, limit))


def remove_orphans(older_than: dt.timedelta = ORPHAN_AGE) -> int:
    """Delete the orphans' bytes; says how many."""
    keys = list(orphans(older_than))
    files.delete(keys)
    return len(keys)


def _rated(picture: NewPicture) -> NewPicture:
    found = classifying.look(picture.pixels) if picture.rating == Rating.UNRATED else None
    if found is None:
        return picture
    rated = replace(picture, rating=found.rating, rating_reason=found.reason)
    rated = replace(rated, rated_by=RatedBy.CLASSIFIER)
    if found.rating == Rating.SENSITIVE and picture.blanks_sensitive:
        recipe = {**picture.recipe, "blanked": True}
        return replace(rated, pixels=Image.new("RGB", picture.pixels.size), recipe=recipe)
    return rated


def _encode(picture: NewPicture) -> tuple[Stored, dict[str, bytes]]:
    pixels = picture.pixels if picture.pixels.mode == "RGB" else picture.pixels.convert("RGB")
    asset_id = uuid.uuid4()
    data = _original(picture, pixels)
    file = files.new_key(asset_id, picture.output_format)
    contents = {file: data}
    variants = []
    extras = provenance.variant_extras(picture.digital_source_type)
    for copy in imaging.encode_variants(pixels, extras):
        key = files.new_key(asset_id, files.variant_name(copy.width))
        contents[key] = copy.data
        variants.append(StoredVariant(key, copy.width, copy.height, len(copy.data)))
    stored = Stored(
        picture=picture,
        asset_id=asset_id,
        file=file,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        color=imaging.average_color(pixels),
        variants=tuple(variants),
    )
    return stored, contents


def _original(picture: NewPicture, pixels: Image.Image) -> bytes:
    """The file that is kept: with its recipe, its mark and the operator's signature, if any."""
    kind, mark = picture.output_format, picture.digital_source_type
    extras = provenance.original_extras(
        kind, parameters=picture.parameters, recipe=picture.recipe, digital_source_type=mark
    )
    return signing.sign(imaging.encode(pixels, kind, extras), imaging.MEDIA_TYPES[kind], mark)


def _columns(stored: Stored) -> dict[str, Any]:
    picture = stored.picture
    return {
        "id": stored.asset_id,
        "owner_id": picture.owner.pk,
        "name": picture.name,
        **_found(picture),
        "prompt": picture.prompt,
        "recipe": picture.recipe,
        "stack": stacking.stack_of(picture.owner.pk, picture.recipe),
        "parent_id": _existing(picture.parent_id),
        "file": stored.file,
        "media_type": imaging.MEDIA_TYPES[picture.output_format],
        "width": picture.pixels.width,
        "height": picture.pixels.height,
        "size": stored.size,
        "sha256": stored.sha256,
        "color": stored.color,
    }


def _found(picture: NewPicture) -> MachineRating:
    rated = picture.rating != Rating.UNRATED
    return {
        "machine_rating": picture.rating,
        "machine_source": picture.rated_by if rated else RatedBy.NOBODY,
        "machine_reason": picture.rating_reason[:200],
    }


def _existing(parent_id: uuid.UUID | None) -> uuid.UUID | None:
    """None when the parent was purged while its child was being painted."""
    if parent_id is None:
        return None
    return Asset.objects.filter(pk=parent_id).values_list("pk", flat=True).first()


def _detach(asset_ids: list[uuid.UUID]) -> None:
    """Clear what points at these pictures, before they are locked.

    Whoever records a remix holds its own row and then asks for its parent's, at the commit.
    Deleting holds the parent and then asks for what points at it: on PostgreSQL a deadlock.
    """
    for relation in Asset._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is models.SET_NULL:
            name = relation.field.name
            pointing = relation.related_model._base_manager.filter(**{f"{name}__in": asset_ids})
            pointing.update(**{name: None})


def _keys_of(asset_ids: list[uuid.UUID]) -> set[str]:
    originals = Asset.objects.filter(pk__in=asset_ids).values_list("file", flat=True)
    copies = Variant.objects.filter(asset__in=asset_ids).values_list("file", flat=True)
    return {*originals, *copies}


def _folders() -> list[str]:
    try:
        folders, _names = default_storage.listdir(files.ROOT)
    except FileNotFoundError:
        return []
    return folders


def _written_before(key: str, limit: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(key) < limit
    except FileNotFoundError:
        return False
