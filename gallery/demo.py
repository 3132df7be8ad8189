"""A made-up gallery: many rows, few files. Deterministic by seed.

Pictures share a handful of drawn files, so that a million rows cost megabytes; deleting
one leaves the bytes that others name (`gallery.keeping.purge`).
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from accounts.models import Membership, Role, Team, User, Wallet
from gallery import documents, stacking
from gallery.arranging import GAP
from gallery.demo_drawing import LABEL, LIGHTS, PLACES, STYLES, THINGS, Drawn, draw
from gallery.models import (
    Asset,
    Collection,
    CollectionItem,
    Like,
    RatedBy,
    Rating,
    Tag,
    TeamShare,
    Variant,
    Visibility,
)

SHAPES = ((512, 512), (640, 448), (448, 640), (768, 432), (432, 768), (576, 512))
FILES_PER_SHAPE = 4
OWNERS_SHARE = 0.8
PUBLIC_SHARE = 0.3
TAGGED_SHARE = 0.2
#: Of the pictures of people who are in a team.
SHARED_SHARE = 0.25
#: In so many of the teams is whoever gets most of the pictures.
OWNERS_TEAMS = 5
LIKED_SHARE = 0.02
SENSITIVE_SHARE = 0.02
UNRATED_SHARE = 0.01
#: So many pictures of a gallery, however large, have the word that few have.
RARE = 20
RARE_WORD = "zeppelin"
#: How many pictures of a batch are collected.
COLLECTED = 50
BATCH = 5_000
#: The newest picture is from then, so that a seed makes the same rows on every day; the oldest
#: is four years older.
NEWEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
YEARS = dt.timedelta(days=4 * 365)
_TAGS = ("sea", "night", "animals", "town", "winter", "quiet", "study", "series", "favourite")
TEAM = "Demo team {seed}-{number}"
PEOPLE = "demo-{seed}-{number}@demo.invalid"


class MadeBefore(ValueError):
    """This seed's gallery is there already."""


@dataclass(frozen=True)
class Plan:
    """How much to make; `owner`, if any, gets 80 % of it and is in some of the teams."""

    assets: int
    users: int
    seed: int
    teams: int = 0
    owner: User | None = None


@dataclass(frozen=True)
class Cast:
    """Who and what the rows are about: people, for each of them their teams, and tags."""

    people: list[int]
    teams: dict[int, list[int]]
    tags: list[Tag]


def make(plan: Plan) -> int:
    """Write the files, then the rows, a batch per transaction. Raises `MadeBefore`."""
    if Asset.objects.filter(source=_source(plan, 0)).exists():
        raise MadeBefore(f"seed {plan.seed} was made before; take another --seed")
    chance = random.Random(plan.seed)  # noqa: S311  nothing secret
    people = _people(plan)
    cast = Cast(people, _teams(plan, people), _tags())
    drawn = [draw(chance, shape) for shape in SHAPES for _ in range(FILES_PER_SHAPE)]
    rows = _rows(plan, chance, people, drawn)
    while batch := list(islice(rows, BATCH)):
        _write(batch, chance, cast)
    return plan.assets


def _people(plan: Plan) -> list[int]:
    emails = [PEOPLE.format(seed=plan.seed, number=n) for n in range(plan.users)]
    # No password fits these accounts: nobody can sign in to them.
    people = (
        User(email=email, name=f"Demo {n}", password=UNUSABLE_PASSWORD_PREFIX)
        for n, email in enumerate(emails)
    )
    with transaction.atomic():
        User.objects.bulk_create(people, ignore_conflicts=True, batch_size=500)
        made = User.objects.filter(email__in=emails, wallet=None)
        Wallet.objects.bulk_create(Wallet(owner=user) for user in made)
    mine = User.objects.filter(
        email__startswith=f"demo-{plan.seed}-", email__endswith="@demo.invalid"
    )
    return list(mine.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _teams(plan: Plan, people: list[int]) -> dict[int, list[int]]:
    """Make the teams; says for each person which they are in. Everybody is in one, if any."""
    names = [TEAM.format(seed=plan.seed, number=number) for number in range(plan.teams)]
    teams = Team.objects.bulk_create(Team(name=name) for name in names)
    Wallet.objects.bulk_create(Wallet(team=team) for team in teams)
    count = max(len(teams), len(people)) if teams else 0
    places = [(teams[n % len(teams)], people[n % len(people)]) for n in range(count)]
    if plan.owner:
        places = [(team, plan.owner.pk) for team in teams[:OWNERS_TEAMS]] + places
    owned: set[int] = set()
    found: dict[int, list[int]] = {}
    memberships = []
    for team, person in places:
        role = Role.CONTRIBUTOR if team.pk in owned else Role.OWNER
        owned.add(team.pk)
        found.setdefault(person, []).append(team.pk)
        memberships.append(Membership(team=team, user_id=person, role=role))
    Membership.objects.bulk_create(memberships)
    return found


def _rows(
    plan: Plan, chance: random.Random, people: list[int], drawn: list[Drawn]
) -> Iterator[tuple[Asset, Drawn]]:
    for number in range(plan.assets):
        file = chance.choice(drawn)
        yield _row(plan, chance, people, number, file), file


def _row(plan: Plan, chance: random.Random, people: list[int], number: int, file: Drawn) -> Asset:
    owner = chance.choice(people)
    if plan.owner and chance.random() < OWNERS_SHARE:
        owner = plan.owner.pk
    recipe = _recipe(plan, chance, number)
    moment = number - number % chance.choice((1, 4))
    return Asset(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        owner_id=owner,
        source=_source(plan, number),
        prompt=recipe["request"]["prompt"],
        recipe=recipe,
        stack=stacking.stack_of(owner, recipe),
        visibility=Visibility.PUBLIC if chance.random() < PUBLIC_SHARE else Visibility.PRIVATE,
        **_rating(chance),
        # Some share a moment, as pictures of one request do.
        created_at=NEWEST - moment * (YEARS / max(1, plan.assets)),
        **file.columns | {"color": _near(chance, file.columns["color"])},
    )


def _recipe(plan: Plan, chance: random.Random, number: int) -> dict[str, Any]:
    style, seed = chance.choice(STYLES), chance.getrandbits(32)
    light, rare = chance.choice(LIGHTS) + ",", number % max(1, plan.assets // RARE) == 0
    words = (chance.choice(THINGS), chance.choice(PLACES), light, style)
    prompt = " ".join((*words, RARE_WORD) if rare else words)
    request = {"prompt": prompt, "seed": seed, "steps": 20, "style": style}
    return {"request": request, "model": "demo", "engine": "demo", "label": LABEL}


def _rating(chance: random.Random) -> dict[str, str]:
    drawn = chance.random()
    if drawn < UNRATED_SHARE:
        return {}
    sensitive = drawn < UNRATED_SHARE + SENSITIVE_SHARE
    rating = Rating.SENSITIVE if sensitive else Rating.SAFE
    return {"machine_rating": rating, "machine_source": RatedBy.ENGINE}


def _near(chance: random.Random, color: str) -> str:
    """A colour like that of the shared file: the pictures are to differ."""
    parts = (int(color[n : n + 2], 16) + chance.randrange(-40, 41) for n in (0, 2, 4))
    return "".join(f"{max(0, min(255, part)):02x}" for part in parts)


def _write(batch: list[tuple[Asset, Drawn]], chance: random.Random, cast: Cast) -> None:
    assets = [asset for asset, _file in batch]
    facts: dict[uuid.UUID, list[str]] = {asset.pk: [] for asset in assets}
    likes = _likes(assets, chance, cast.people, facts)
    with transaction.atomic():
        Asset.objects.bulk_create(assets)
        Variant.objects.bulk_create(
            Variant(asset=asset, file=v.file, width=v.width, height=v.height, size=v.size)
            for asset, file in batch
            for v in file.variants
        )
        Like.objects.bulk_create(likes)
        _file(assets, chance, cast.tags, facts)
        _hang(assets, chance, cast.teams, facts)
        _collect(assets, chance)
        documents.write(assets, facts, {})


def _likes(
    assets: list[Asset],
    chance: random.Random,
    people: list[int],
    facts: dict[uuid.UUID, list[str]],
) -> list[Like]:
    """A few are liked, fewer by many; says so on the pictures too."""
    made = []
    for asset in assets:
        if chance.random() < LIKED_SHARE:
            by = chance.sample(people, min(len(people), 1 + int(chance.expovariate(0.4))))
            made += [Like(asset=asset, user_id=person) for person in by]
            asset.like_count, asset.trend = len(by), 100 * len(by)
            facts[asset.pk] += documents.like_facts(by)
    return made


def _file(
    assets: list[Asset], chance: random.Random, tags: list[Tag], facts: dict[uuid.UUID, list[str]]
) -> None:
    filed, rows = Asset.tags.through, []
    for asset in assets:
        if chance.random() < TAGGED_SHARE:
            for tag in chance.sample(tags, 2):
                rows.append(filed(asset_id=asset.pk, tag_id=tag.pk))
                facts[asset.pk] += documents.tag_facts(tag.name)
    filed.objects.bulk_create(rows)


def _hang(
    assets: list[Asset],
    chance: random.Random,
    teams: dict[int, list[int]],
    facts: dict[uuid.UUID, list[str]],
) -> None:
    rows = []
    for asset in assets:
        if asset.owner_id in teams and chance.random() < SHARED_SHARE:
            team = chance.choice(teams[asset.owner_id])
            rows.append(TeamShare(asset=asset, team_id=team, made_at=asset.created_at))
            facts[asset.pk].append(documents.hangs_in(team))
    TeamShare.objects.bulk_create(rows)


def _collect(assets: list[Asset], chance: random.Random) -> None:
    """Into one collection, of whoever made the first of them."""
    chosen = chance.sample(assets, min(len(assets), COLLECTED))
    mine = Collection.objects.create(owner_id=assets[0].owner_id, name="Chosen")
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=mine, asset=asset, position=number * GAP)
        for number, asset in enumerate(chosen, 1)
    )


def _tags() -> list[Tag]:
    Tag.objects.bulk_create([Tag(name=name) for name in _TAGS], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=_TAGS).order_by("name"))


def _source(plan: Plan, number: int) -> str:
    return f"demo:{plan.seed}:{number}"
