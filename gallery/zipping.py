"""Pictures as a zip that is made while it is sent: each with its recipe beside it.

Whatever is asked for is walked in short batches, and each batch asks anew what the viewer may
see, so that a picture that is taken back meanwhile is not in it. Nothing is read ahead.
"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder

from accounts import archive
from accounts.models import Team
from gallery import alt_text, arranging, files, imaging, scopes, walking
from gallery.listing import Page
from gallery.models import Asset, Collection
from gallery.models.asset_queries import AssetQuerySet, Viewer

BATCH = 100
#: Tells inside the zip what could not be put into it.
MISSING = "not-included.txt"
_EXTENSIONS = {media_type: name for name, media_type in imaging.MEDIA_TYPES.items()}


def zipped(batches: Iterable[Sequence[Asset]]) -> Iterator[bytes]:
    """The bytes of the zip, in pieces; `batches` come from the functions below."""
    return archive.zipped(_entries(batches))


def chosen(viewer: Viewer, ids: Sequence[uuid.UUID]) -> Iterator[list[Asset]]:
    """Those of `ids` that `viewer` may see, in that order.

    Also what is rated sensitive, whatever `viewer` has lists do with that: these were asked for.
    """
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        rows = _with_facts(Asset.objects.visible_to(viewer)).in_bulk(batch)
        yield [rows[pk] for pk in batch if pk in rows]


def collected(viewer: Viewer, collection: Collection) -> Iterator[list[Asset]]:
    """What `viewer` finds in a collection, in its order."""
    rows = _with_facts(arranging.pictures(collection, viewer))
    return _walked(lambda cursor: arranging.page(rows, cursor=cursor, limit=BATCH))


def listed(
    viewer: Viewer, scope: str, query: str = "", teams: Sequence[Team] = ()
) -> Iterator[list[Asset]]:
    """What `viewer` finds in the gallery under `scope` with `query`, the newest first."""
    found = scopes.find(viewer, scope, query, teams)
    return _walked(lambda cursor: walking.page(found, _with_facts, cursor=cursor, limit=BATCH))


def _walked(turn: Callable[[str | None], Page]) -> Iterator[list[Asset]]:
    """Every page, one after the other."""
    page = turn(None)
    yield page.items
    while page.next_cursor:
        page = turn(page.next_cursor)
        yield page.items


def _with_facts(rows: AssetQuerySet) -> AssetQuerySet:
    """What `_recipe` tells of each, in a constant number of queries."""
    return rows.select_related("owner").prefetch_related("tags")


def _entries(batches: Iterable[Sequence[Asset]]) -> Iterator[archive.Entry]:
    numbers, missing = count(1), []
    for batch in batches:
        for asset in batch:
            name = file_name(next(numbers), asset)
            try:
                file = files.open_file(asset.file)
            except FileNotFoundError:
                missing.append(name)
                continue
            yield f"{name}.{_EXTENSIONS[asset.media_type]}", _bytes(file)
            yield f"{name}.json", [_json(_recipe(asset))]
    if missing:
        text = "The files of these pictures are gone from the server:\n\n" + "\n".join(missing)
        yield MISSING, [text.encode()]


def _bytes(file: File[bytes]) -> Iterator[bytes]:
    with file:
        yield from file.chunks(archive.PIECE)


def _json(facts: dict[str, Any]) -> bytes:
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return text.encode(errors="replace") + b"\n"


def file_name(number: int, asset: Asset) -> str:
    """A name without its extension: its number makes it the only one of its kind.

    Only letters, marks and digits of the title stay, so that nothing in it is a path, a device
    or another type to any system.
    """
    title = unicodedata.normalize("NFC", asset.title)[:200]
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in title)
    words = "-".join("".join(kept).split())[:40].strip("-") or "picture"
    return f"{number:05d}-{words}"


def _recipe(asset: Asset) -> dict[str, Any]:
    return {
        "id": str(asset.pk),
        "name": asset.name,
        "description": asset.description,
        "altText": alt_text.of_asset(asset),
        "tags": [tag.name for tag in asset.tags.all()],
        "madeBy": asset.owner.display_name,
        "made": asset.created_at,
        "prompt": asset.prompt,
        "recipe": asset.recipe,
        "rating": asset.rating,
        "width": asset.width,
        "height": asset.height,
        "mediaType": asset.media_type,
        "sha256": asset.sha256,
    }
