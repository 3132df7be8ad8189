"""Rows for tests. Each app has its section; callers name only what the test is about."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from typing import Literal

from django.utils import timezone
from PIL import Image

from accounts.models import ApiKey, Membership, Role, StaffRole, Team, TeamInvitation, User
from gallery import arranging, keeping, uploading
from gallery.keeping import NewPicture
from gallery.models import (
    Asset,
    Collection,
    CollectionRole,
    CollectionShare,
    PublicationRequest,
    RatedBy,
    Rating,
    TeamShare,
    Upload,
    Variant,
    Visibility,
)

_number = itertools.count(1)

# accounts

#: Everybody's password in the tests.
PASSWORD = "correct horse battery"


def make_user(
    email: str = "",
    *,
    name: str = "",
    staff_role: StaffRole = StaffRole.NONE,
    credits: int | None = 200,
) -> User:
    """A person with a wallet who signs in with `PASSWORD`."""
    return User.objects.create_user(
        email or f"person{next(_number)}@example.org",
        PASSWORD,
        name=name,
        staff_role=staff_role,
        credits=credits,
    )


def make_key(user: User, *, scopes: list[str] | None = None) -> tuple[ApiKey, dict[str, str]]:
    """A key, and the request headers that carry it."""
    key, token = ApiKey.issue(user, "a program", scopes)
    return key, {"Authorization": f"Bearer {token}"}


def make_team(owner: User, *, name: str = "Studio North", credits: int = 0) -> Team:
    """A team of one, with so much in its wallet."""
    team = Team.objects.found(name, owner)
    if credits:
        team.wallet.grant(credits, reference="start")
    return team


def join(team: Team, user: User, role: Role, *, limit: int | None = None) -> Membership:
    """`user` in `team`."""
    return Membership.objects.create(team=team, user=user, role=role, monthly_limit=limit)


def invite(
    team: Team, *, email: str = "", role: Role = Role.CONTRIBUTOR, uses: int = 1
) -> tuple[TeamInvitation, str]:
    """An invitation into `team` by its first owner, and its token."""
    owner = team.memberships.filter(role=Role.OWNER)[0].user
    return TeamInvitation.issue(team, role, invited_by=owner, email=email, uses=uses)


# gallery


def picture_bytes(kind: str = "PNG", width: int = 96, height: int = 64, *, seed: int = 0) -> bytes:
    """A picture as somebody sends it."""
    buffer = io.BytesIO()
    make_pixels(width, height, seed=seed).save(buffer, kind)
    return buffer.getvalue()


def make_upload(owner: User, *, seed: int = 0, used: bool = False) -> Upload:
    """A picture that somebody sent in, with its bytes."""
    upload = uploading.take(owner, picture_bytes(seed=seed))
    if used:
        Upload.objects.use([str(upload.pk)])
    return upload


RECIPE = {
    "request": {"prompt": "a fox", "negative_prompt": "fog", "seed": 7, "steps": 12},
    "model": "sketch",
    "engine": "sketch",
    "label": "Sketch: drawn by rules, not by a model",
}


def make_pixels(width: int = 96, height: int = 64, *, seed: int = 0) -> Image.Image:
    """A soft gradient with a patch, the same for the same `seed`."""
    pixels = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    pixels.paste((37 * seed % 256, 90, 160), (0, 0, width // 3, height // 3))
    return pixels


def make_picture(
    owner: User,
    *,
    source: str = "",
    prompt: str = "a fox",
    pixels: Image.Image | None = None,
    output_format: Literal["png", "webp", "jpeg"] = "png",
    rating: Rating = Rating.SAFE,
) -> NewPicture:
    """What an engine hands over, ready to be stored."""
    return NewPicture(
        owner=owner,
        source=source or f"test:{next(_number)}",
        pixels=pixels or make_pixels(),
        prompt=prompt,
        recipe=RECIPE | {"request": RECIPE["request"] | {"prompt": prompt}},
        parameters=f"{prompt}\nNegative prompt: fog\nSteps: 12, Seed: 7",
        digital_source_type="algorithmicMedia",
        output_format=output_format,
        rating=rating,
    )


def keep(picture: NewPicture, *, public: bool = False, binned: bool = False) -> Asset:
    """A kept picture with its bytes."""
    asset = keeping.record(keeping.store(picture))
    if public:
        asset.set_visibility(Visibility.PUBLIC)
    if binned:
        asset.move_to_bin()
        asset.refresh_from_db()
    return asset


def make_asset(
    owner: User,
    *,
    prompt: str = "a fox",
    name: str = "",
    public: bool = False,
    created_at: dt.datetime | None = None,
    file: str = "",
    stack: int | None = None,
    rating: Rating = Rating.SAFE,
) -> Asset:
    """The row of a picture with one copy, and no bytes: for everything that looks at none."""
    number = next(_number)
    asset = Asset.objects.create(
        owner=owner,
        source=f"test:{number}",
        prompt=prompt,
        name=name,
        recipe=RECIPE,
        stack=stack,
        machine_rating=rating,
        machine_source=RatedBy.NOBODY if rating == Rating.UNRATED else RatedBy.ENGINE,
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
        created_at=created_at or timezone.now(),
        file=file or f"assets/00/{number}.png",
        width=96,
        height=64,
        size=100,
        sha256="0" * 64,
    )
    Variant.objects.create(asset=asset, width=96, height=64, file=asset.file + ".webp", size=50)
    return asset


def share(asset: Asset, *teams: Team) -> Asset:
    """Hang it in the galleries of `teams`."""
    for team in teams:
        TeamShare.objects.hang(asset, team)
    return asset


def make_wish(asset: Asset, team: Team) -> PublicationRequest:
    """The owner's wish to show it to everyone, of a picture that hangs in the team from now on."""
    share(asset, team)
    return PublicationRequest.objects.create(asset=asset, team=team, asked_by=asset.owner)


def make_collection(
    owner: User, *assets: Asset, name: str = "Foxes", public: bool = False
) -> Collection:
    """A collection of these pictures, in this order."""
    visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    collection = Collection.objects.create(owner=owner, name=name, visibility=visibility)
    arranging.add(collection, owner, [asset.pk for asset in assets])
    return collection


def share_collection(
    collection: Collection,
    *,
    team: Team | None = None,
    person: User | None = None,
    role: CollectionRole = CollectionRole.VIEWER,
) -> CollectionShare:
    """Let a team or a person open it."""
    return CollectionShare.objects.create(
        collection=collection, team=team, person=person, role=role
    )
