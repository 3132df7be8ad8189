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
from PIL import Image, ImageDraw, ImageFilter

from accounts.models import Membership, Role, Team, User, Wallet
from gallery import keeping, stacking
from gallery.models import Asset, RatedBy, Rating, Tag, TeamShare, Variant, Visibility

SHAPES = ((512, 512), (640, 448), (448, 640), (768, 432), (432, 768), (576, 512))
FILES_PER_SHAPE = 4
OWNERS_SHARE = 0.8
PUBLIC_SHARE = 0.3
TAGGED_SHARE = 0.2
#: Of the pictures of people who are in a team.
SHARED_SHARE = 0.25
#: In so many of the teams is whoever gets most of the pictures.
OWNERS_TEAMS = 5
BATCH = 5_000
#: The newest picture is from then, so that a seed makes the same rows on every day.
NEWEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LABEL = "Made-up picture for load tests"
TEAM = "Demo team {seed}-{number}"
PEOPLE = "demo-{seed}-{number}@demo.invalid"

_LIGHTS = ("at dawn", "at noon", "at dusk", "by moonlight", "in fog", "after rain", "in snow")
_THINGS = (
    "a lighthouse", "a fox", "two owls", "a harbour", "an orchard", "a mill", "a glass bottle",
    "a mountain lake", "a red bicycle", "an old piano", "a market", "a heron", "a bridge",
    "a paper boat", "a greenhouse", "a ruined tower", "a cat", "a night train", "a balloon",
)  # fmt: skip
_PLACES = (
    "by the sea", "in a birch forest", "on a hill", "in a small town", "under a viaduct",
    "on the moor", "in a walled garden", "at the river", "in the desert", "on an island",
)  # fmt: skip
_STYLES = ("watercolour", "ink drawing", "poster", "oil painting", "woodcut", "pastel", "pencil")
_TAGS = ("sea", "night", "animals", "town", "winter", "quiet", "study", "series", "favourite")


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
class Drawn:
    """A shared file and its copies, as columns of the rows that name it."""

    columns: dict[str, Any]
    variants: tuple[keeping.StoredVariant, ...]


def make(plan: Plan) -> int:
    """Write the files, then the rows, a batch per transaction. Raises `MadeBefore`."""
    if Asset.objects.filter(source=_source(plan, 0)).exists():
        raise MadeBefore(f"seed {plan.seed} was made before; take another --seed")
    chance = random.Random(plan.seed)  # noqa: S311  nothing secret
    people = _people(plan)
    teams = _teams(plan, people)
    drawn = [_draw(chance, shape) for shape in SHAPES for _ in range(FILES_PER_SHAPE)]
    tags = _tags()
    rows = _rows(plan, chance, people, drawn)
    while batch := list(islice(rows, BATCH)):
        _write(batch, chance, tags, teams)
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
    style, seed = chance.choice(_STYLES), chance.getrandbits(32)
    prompt = " ".join(
        (chance.choice(_THINGS), chance.choice(_PLACES), chance.choice(_LIGHTS) + ",", style)
    )
    request = {"prompt": prompt, "seed": seed, "steps": 20, "style": style}
    recipe = {"request": request, "model": "demo", "engine": "demo", "label": LABEL}
    public = chance.random() < PUBLIC_SHARE
    return Asset(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        owner_id=owner,
        source=_source(plan, number),
        prompt=prompt,
        recipe=recipe,
        stack=stacking.stack_of(owner, recipe),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
        machine_rating=Rating.SAFE,
        machine_source=RatedBy.ENGINE,
        # Some share a moment, as pictures of one request do.
        created_at=NEWEST - dt.timedelta(seconds=90 * (number - number % chance.choice((1, 4)))),
        **file.columns,
    )


def _write(
    batch: list[tuple[Asset, Drawn]],
    chance: random.Random,
    tags: list[Tag],
    teams: dict[int, list[int]],
) -> None:
    filed = Asset.tags.through
    assets = [asset for asset, _file in batch]
    with transaction.atomic():
        Asset.objects.bulk_create(assets)
        Variant.objects.bulk_create(
            Variant(asset=asset, file=v.file, width=v.width, height=v.height, size=v.size)
            for asset, file in batch
            for v in file.variants
        )
        filed.objects.bulk_create(
            filed(asset_id=asset.pk, tag_id=tag.pk)
            for asset in assets
            if chance.random() < TAGGED_SHARE
            for tag in chance.sample(tags, 2)
        )
        TeamShare.objects.bulk_create(
            TeamShare(
                asset=asset, team_id=chance.choice(teams[asset.owner_id]), made_at=asset.created_at
            )
            for asset in assets
            if asset.owner_id in teams and chance.random() < SHARED_SHARE
        )


def _draw(chance: random.Random, shape: tuple[int, int]) -> Drawn:
    """Store one soft landscape and say what rows write about it."""
    stored = keeping.store(
        keeping.NewPicture(
            owner=User(),
            source="",
            pixels=_landscape(chance, shape),
            prompt="",
            recipe={"label": LABEL},
            parameters=LABEL,
            digital_source_type="algorithmicMedia",
            rating=Rating.SAFE,
        )
    )
    columns = {
        "file": stored.file,
        "media_type": "image/png",
        "width": shape[0],
        "height": shape[1],
        "size": stored.size,
        "sha256": stored.sha256,
        "color": stored.color,
    }
    return Drawn(columns, stored.variants)


def _landscape(chance: random.Random, shape: tuple[int, int]) -> Image.Image:
    width, height = shape
    hue = chance.randrange(256)
    image = Image.new("HSV", shape, (hue, 90, 225))
    draw = ImageDraw.Draw(image)
    x, y, radius = chance.randrange(width), chance.randrange(height // 2), height // 12
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), (30, 60, 255))
    for ridge in range(4):
        base = height * (4 + ridge) // 8
        points = [(width * n // 8, base - chance.randrange(height // 6)) for n in range(9)]
        draw.polygon([(0, height), *points, (width, height)], (hue, 120, 180 - 38 * ridge))
    return image.convert("RGB").filter(ImageFilter.SMOOTH)


def _tags() -> list[Tag]:
    Tag.objects.bulk_create([Tag(name=name) for name in _TAGS], ignore_conflicts=True)
    return list(Tag.objects.filter(name__in=_TAGS).order_by("name"))


def _source(plan: Plan, number: int) -> str:
    return f"demo:{plan.seed}:{number}"
