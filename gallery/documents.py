"""From a picture's rows to the document that searches read (`models/search_entry.py`).

Models come from a registry of apps, so that the migration that writes the first documents can
hand over the models of its own time.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import apps
from django.apps.registry import Apps
from django.db import transaction

from gallery import colors, shapes
from gallery.words import token, words

if TYPE_CHECKING:
    from gallery.models import Asset

#: Columns of a picture that a document is made of: writing them writes the document anew.
COLUMNS = frozenset(
    {"prompt", "name", "description", "recipe", "visibility", "owner", "owner_id", "color"}
)
#: Stands between texts, so that no phrase goes on from one into the next.
GAP = "="
PUBLIC, LIKED = token("p", ""), token("h", 1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
#: So many bits of the id order the pictures of one microsecond.
_FINE = 10
BATCH = 500
#: And so many are committed together when all are written anew.
STRETCH = 5_000
Facts = Mapping[uuid.UUID, Sequence[str]]


def place_of(moment: dt.datetime, pk: uuid.UUID) -> int:
    """Where a picture stands: later ones higher, those of one microsecond by their ids."""
    return start_of(moment) + (pk.int >> 128 - _FINE)


def start_of(moment: dt.datetime) -> int:
    """The lowest place of that microsecond; of hours out of reach, the first or the last there is.

    Both databases count with 64 bits, which reach from 1685 to 2255.
    """
    place = ((moment - _EPOCH) // _MICROSECOND) << _FINE
    return max(-(1 << 63), min(place, (1 << 63) - (1 << _FINE)))


@transaction.atomic
def rewrite(assets: Iterable[uuid.UUID], registry: Apps = apps) -> None:
    """Write the documents of these pictures anew, from what their rows say now."""
    pks = list(dict.fromkeys(assets))
    model = registry.get_model("gallery", "Asset")
    columns = ("owner_id", "visibility", "prompt", "name", "description", "recipe", "color")
    needed = model._base_manager.only("created_at", "width", "height", *columns)
    entries = registry.get_model("gallery", "SearchEntry").objects
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        # Held before rows are read: of two who write the same one, the later reads what both did.
        held = entries.filter(asset__in=batch).order_by("pk").select_for_update(no_key=True)
        places = dict(held.values_list("asset", "pk"))
        rows = list(needed.filter(pk__in=batch).order_by("created_at", "pk"))
        write(rows, _facts(batch, registry), places, registry)


def rewrite_all(registry: Apps = apps) -> None:
    """Write every document anew, a stretch at a time; may be broken off and begun again.

    Not in one transaction: SQLite would hold all that it changes in memory until the end.
    """
    assets = registry.get_model("gallery", "Asset")._base_manager.order_by("created_at", "pk")
    pks = list(assets.values_list("pk", flat=True))
    for start in range(0, len(pks), STRETCH):
        rewrite(pks[start : start + STRETCH], registry)


def write(
    assets: Sequence[Asset],
    facts: Facts,
    known: Mapping[uuid.UUID, int],
    registry: Apps = apps,
) -> None:
    """Write the documents of rows that are at hand; `facts` is what other rows say of them.

    `known` are the places of those that have a document already.
    """
    entries = registry.get_model("gallery", "SearchEntry")
    made = {asset.pk: document(asset, facts.get(asset.pk, ())) for asset in assets}
    _learn(made.values(), registry)
    new = [each for each in assets if each.pk not in known]
    places = {each.pk: known[each.pk] for each in assets if each.pk in known}
    places |= _free_places(new, registry)
    rows = [entries(pk=place, asset_id=pk, document=made[pk]) for pk, place in places.items()]
    entries.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["place"], update_fields=["document"]
    )


def document(asset: Asset, facts: Sequence[str]) -> list[str]:
    """The words of a picture, and its facts."""
    recipe = asset.recipe if isinstance(asset.recipe, dict) else {}
    request = recipe.get("request")
    asked = request if isinstance(request, dict) else {}
    found = [*words(asset.name), GAP, *words(asset.prompt), GAP, *words(asset.description), GAP]
    found += [owned_by(asset.owner_id), *_shape(asset), colors.cell(asset.color)]
    if asset.visibility == "public":
        found.append(PUBLIC)
    if style := asked.get("style"):
        found.append(token("s", str(style)))
    if model := recipe.get("model") or asked.get("model"):
        # By its whole name, and by each word of it.
        names = dict.fromkeys([str(model).casefold(), *words(str(model))])
        found += [token("m", name) for name in names]
    return [*found, *facts]


def owned_by(user_id: int) -> str:
    return token("u", user_id)


def hangs_in(team_id: int) -> str:
    return token("t", team_id)


def liked_by(user_id: int) -> str:
    return token("l", user_id)


def liked_often(count: int) -> str:
    """What all have that are liked `count` times: it says so up to a power of two."""
    return token("h", count.bit_length())


def like_facts(people: Collection[int]) -> list[str]:
    """By whom it is liked, and about how often."""
    often = [liked_often(1 << bits) for bits in range(len(people).bit_length())]
    return [*often, *map(liked_by, people)]


def tagged(name: str) -> str:
    return token("g", name)


def tag_facts(name: str) -> list[str]:
    """A tag is a fact and also words."""
    return [*words(name), GAP, tagged(name)]


def _shape(asset: Asset) -> tuple[str, str]:
    size = asset.width, asset.height
    return token("r", shapes.nearest(*size)), token("r", shapes.orientation(*size))


def _facts(pks: Collection[uuid.UUID], registry: Apps) -> Facts:
    """What rows beside the picture say of it: tags, teams and who likes it."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    filed = registry.get_model("gallery", "Asset").tags.through.objects
    for pk, name in filed.filter(asset__in=pks).values_list("asset", "tag__name"):
        found[pk] += tag_facts(name)
    hung = registry.get_model("gallery", "TeamShare").objects
    for pk, team in hung.filter(asset__in=pks).values_list("asset", "team"):
        found[pk].append(hangs_in(team))
    people: dict[uuid.UUID, list[int]] = defaultdict(list)
    likes = registry.get_model("gallery", "Like").objects
    for pk, user in likes.filter(asset__in=pks).values_list("asset", "user"):
        people[pk].append(user)
    for pk in people:
        found[pk] += like_facts(people[pk])
    return found


def _learn(made: Iterable[Sequence[str]], registry: Apps) -> None:
    """Keep the words by which searches complete what was begun, in one order for all writers."""
    word = registry.get_model("gallery", "Word")
    new = {each for one in made for each in one if not each.startswith(GAP)}
    word.objects.bulk_create(
        [word(text=each) for each in sorted(new)], ignore_conflicts=True, batch_size=BATCH
    )


def _free_places(assets: Sequence[Asset], registry: Apps) -> dict[uuid.UUID, int]:
    """A place for each which no other has: the next free one where two would have the same."""
    entries = registry.get_model("gallery", "SearchEntry").objects
    wanted = {asset.pk: place_of(asset.created_at, asset.pk) for asset in assets}
    taken = set(entries.filter(pk__in=wanted.values()).values_list("pk", flat=True))
    places: dict[uuid.UUID, int] = {}
    for pk, place in wanted.items():
        while place in taken or (place != wanted[pk] and entries.filter(pk=place).exists()):
            place += 1
        taken.add(place)
        places[pk] = place
    return places
