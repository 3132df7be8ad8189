"""From rows to what a dialect may tell: generations with their pictures, for their owner."""

from __future__ import annotations

import contextlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from accounts.models import User
from gallery import files
from gallery.asset_data import asset_data
from gallery.models import Asset
from generator.dialects import Picture, Result, modelslab, picfinder
from generator.models import Generation, Output, PictureDelivery, Status
from generator.models.generation_rows import GenerationQuerySet

#: Whose requests may want their pictures sent somewhere.
_SENDING = {modelslab.name, picfinder.name}


def result_of(generation_id: uuid.UUID, viewer: User) -> Result | None:
    """The generation as it is now; None when `viewer` may not see it, or it is not there."""
    found = results([generation_id], viewer)
    return found[0] if found else None


def paid_for(generation_id: uuid.UUID, viewer: User) -> Result | None:
    """The same for somebody who may look into what was paid for it, and see less of it."""
    found = _results(Generation.objects.accountable_to(viewer), [generation_id], viewer)
    return found[0] if found else None


def with_files(result: Result) -> Result:
    """`result` with the bytes of its pictures; those whose file is gone are left out."""
    return replace(result, pictures=tuple(with_bytes(result.pictures)))


def with_bytes(pictures: Iterable[Picture]) -> list[Picture]:
    """`pictures` with the bytes of their files, without those whose file is gone."""
    wanted = list(pictures)
    ids = [picture.asset["id"] for picture in wanted]
    keys = {str(pk): key for pk, key in Asset.objects.filter(pk__in=ids).values_list("pk", "file")}
    found = []
    for picture in wanted:
        with contextlib.suppress(KeyError, FileNotFoundError):
            found.append(replace(picture, data=_bytes(keys[picture.asset["id"]])))
    return found


def _bytes(key: str) -> bytes:
    with files.open_file(key) as file:
        return file.read()


def results(ids: Iterable[uuid.UUID], viewer: User) -> list[Result]:
    """Those of `ids` that `viewer` may see, newest first, in a constant number of queries."""
    return _results(Generation.objects.of(viewer), ids, viewer)


def _results(rows: GenerationQuerySet, ids: Iterable[uuid.UUID], viewer: User) -> list[Result]:
    chosen = rows.filter(pk__in=list(ids)).with_place()
    generations = list(chosen.order_by("-created_at", "-pk"))
    pictures, failed = _pictures(generations, viewer), _undelivered(generations, viewer)
    found = [_result(generation, pictures[generation.pk]) for generation in generations]
    return [replace(each, undelivered=tuple(failed[uuid.UUID(each.id)])) for each in found]


def _undelivered(
    generations: Iterable[Generation], viewer: User
) -> defaultdict[uuid.UUID, list[str]]:
    """What could not be sent where `viewer` wanted it, in sentences."""
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    asking = [generation.pk for generation in generations if generation.dialect in _SENDING]
    if asking:
        failed = PictureDelivery.objects.of(viewer).failed().filter(generation__in=asking)
        for row in failed:
            if row.generation_id:
                found[row.generation_id].append(row.told)
    return found


def _result(generation: Generation, pictures: Sequence[Picture]) -> Result:
    queued = generation.status == Status.QUEUED
    return Result(
        id=str(generation.pk),
        status=generation.status,
        request=generation.request,
        owner_id=generation.owner_id,
        cost=generation.cost,
        refunded=generation.refunded,
        count=generation.count,
        step=generation.steps if generation.status == Status.SUCCEEDED else generation.step,
        steps=generation.steps,
        place=generation.ahead + 1 if queued else None,  # type: ignore[attr-defined]
        error_code=generation.error_code,
        error=generation.error,
        note=generation.note,
        wallet_id=generation.payer_id,
        project=generation.project,
        created_at=generation.created_at,
        finished_at=generation.finished_at,
        pictures=tuple(pictures),
        wire=generation.wire,
    )


def _pictures(
    generations: Iterable[Generation], viewer: User
) -> defaultdict[uuid.UUID, list[Picture]]:
    found: defaultdict[uuid.UUID, list[Picture]] = defaultdict(list)
    painted = [generation.pk for generation in generations if generation.delivered]
    if not painted:
        return found
    outputs = Output.objects.filter(generation__in=painted).exclude(asset=None)
    rows = list(outputs.values_list("generation_id", "position", "asset_id"))
    assets = assets_seen([asset_id for *_, asset_id in rows], viewer)
    for generation_id, position, asset_id in rows:
        if data := assets.get(asset_id):
            picture = Picture(position=position, url=data["url"], asset=data)
            found[generation_id].append(picture)
    return found


def assets_seen(ids: list[uuid.UUID], viewer: User) -> dict[uuid.UUID, dict[str, Any]]:
    """The AssetData of those pictures that `viewer` may see, by id."""
    seen = Asset.objects.visible_to(viewer).for_viewer(viewer).filter(pk__in=ids)
    return {asset.pk: asset_data(asset, viewer) for asset in seen}
