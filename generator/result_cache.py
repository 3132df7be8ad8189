"""Pictures that were made before, for whoever asks for the same again.

The service whose `useCache` this is had one cache for all the world. Ours is each account's
own: it holds what the account itself had made and may still look at, so that nobody is shown,
or told of, somebody else's private picture. What lies in the bin is not given, and what was
erased cannot be. Nothing is charged, for nothing is made (docs/decisions/0022-result-cache.md).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from gallery.models import Asset
from generator import choosing
from generator.contract import ImageRequest, picture_seed
from generator.dialects import Picture
from generator.models import CachedSeries, Generation, Output
from generator.results import assets_seen
from generator.submission import Order

#: Far beyond any number of pictures, and within a database's integers.
LAST_OFFSET = 10**9
#: Of one prompt, settings and seed; nobody asks for the same seed more often than that.
SAME_SEED = 1000
_BLANKS = re.compile(r"\s+")
_AROUND_COMMAS = re.compile(r"\s*,[\s,]*")


@dataclass(frozen=True)
class Found:
    """What was there, and what must be made.

    `pictures` are numbered from 0. `total` is how many there are in the cache for the prompt
    and settings, whatever the offset. `rest` is the order for what is missing, None when
    nothing is; its first picture is number `start` of what was asked for.
    """

    pictures: tuple[Picture, ...]
    total: int
    rest: Order | None
    start: int = 0


def canonical(prompt: str) -> str:
    """Equal for prompts that differ in case, in blanks, or in what surrounds their commas."""
    folded = unicodedata.normalize("NFC", prompt).casefold()
    return _AROUND_COMMAS.sub(", ", _BLANKS.sub(" ", folded)).strip(" ,.")


def key_of(request: ImageRequest) -> str:
    """A hash of all that decides about a picture, but the seed.

    `request` is complete: its model is the one that paints, and nothing is left to that model.
    """
    settings = request.to_json()
    for name in ("seed", "count"):
        del settings[name]
    for name in ("prompt", "negative_prompt"):
        settings[name] = canonical(settings[name])
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def look(order: Order, *, offset: int = 0, same_seed: bool = False) -> Found:
    """What the cache of the order's owner has of it, beginning with number `offset` there.

    With `same_seed` the client named the seed, and with it the very pictures: those alone are
    given, from the first one on, and there is nothing to page through.
    Raises `InvalidRequest` for a model that nobody can choose.
    """
    request = order.request
    choice = choosing.choose(request.model, order.owner, any_name=order.any_model)
    kept = _kept(order.owner, key_of(choice.complete(request, order.omitted)))
    ids = _beginning(kept, request) if same_seed else _page(kept, offset, request.count)
    pictures = _pictures(ids, order.owner)
    return Found(pictures, kept.count(), _rest(order, len(pictures)), len(pictures))


def nothing(order: Order) -> Found:
    """For a client that wants new pictures: how many there are, and all of them to be made."""
    choice = choosing.choose(order.request.model, order.owner, any_name=order.any_model)
    kept = _kept(order.owner, key_of(choice.complete(order.request, order.omitted)))
    return Found((), kept.count(), order)


def remember(generation: Generation, found: Found) -> None:
    """Let the pictures of `generation` be found, once they are made. Twice is once.

    It was submitted for `found.rest`.
    """
    request = generation.request
    first = picture_seed(request.seed, -found.start)
    CachedSeries.objects.get_or_create(
        generation=generation,
        defaults={
            "owner": generation.owner,
            "key": key_of(request),
            "seed": str(first),
            "start": found.start,
        },
    )


def total(user: User, request: ImageRequest) -> int:
    """How many pictures of `user` there are by now for the prompt and settings of `request`."""
    return _kept(user, key_of(request)).count()


def _kept(user: User, key: str) -> QuerySet[Output]:
    """The oldest first: what is made while a client pages through comes at the end."""
    # Asked picture by picture: a list of all that somebody may see is as long as the gallery.
    seen = Asset.objects.visible_to(user).filter(pk=OuterRef("asset"))
    outputs = Output.objects.filter(Exists(seen), generation__cached__owner=user)
    return outputs.filter(generation__cached__key=key).order_by("pk")


def _page(kept: QuerySet[Output], offset: int, count: int) -> list[uuid.UUID]:
    first = max(0, min(offset, LAST_OFFSET))
    return list(kept.values_list("asset_id", flat=True)[first : first + count])


def _beginning(kept: QuerySet[Output], request: ImageRequest) -> list[uuid.UUID]:
    """The first pictures of the series that begins with the seed, up to one that is missing."""
    same = kept.filter(generation__cached__seed=str(request.seed))
    rows = same.values_list("generation__cached__start", "position", "asset_id")[:SAME_SEED]
    by_number = {start + position: asset_id for start, position, asset_id in rows}
    found: list[uuid.UUID] = []
    while len(found) < request.count and len(found) in by_number:
        found.append(by_number[len(found)])
    return found


def _pictures(ids: Sequence[uuid.UUID], user: User) -> tuple[Picture, ...]:
    """In the order of `ids`; what went to the bin a moment ago is left out."""
    assets = assets_seen(list(ids), user) if ids else {}
    there = [assets[pk] for pk in ids if pk in assets]
    return tuple(
        Picture(position=number, url=data["url"], asset=data) for number, data in enumerate(there)
    )


def _rest(order: Order, have: int) -> Order | None:
    request = order.request
    if have >= request.count:
        return None
    seed = picture_seed(request.seed, have)
    return replace(order, request=replace(request, seed=seed, count=request.count - have))
