"""Rows for tests. Each app has its section; callers name only what the test is about."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Literal

from django.utils import timezone
from PIL import Image

from accounts.models import ApiKey, User
from gallery import keeping
from gallery.keeping import NewPicture
from gallery.models import Asset, Variant, Visibility

_number = itertools.count(1)

# accounts

#: Everybody's password in the tests.
PASSWORD = "correct horse battery"


def make_user(
    email: str = "", *, name: str = "", is_staff: bool = False, credits: int | None = 200
) -> User:
    """A person with a wallet who signs in with `PASSWORD`; staff may do everything."""
    return User.objects.create_user(
        email or f"person{next(_number)}@example.org",
        PASSWORD,
        name=name,
        is_staff=is_staff,
        is_superuser=is_staff,
        credits=credits,
    )


def make_key(user: User, *, scopes: list[str] | None = None) -> tuple[ApiKey, dict[str, str]]:
    """A key, and the request headers that carry it."""
    key, token = ApiKey.issue(user, "a program", scopes)
    return key, {"Authorization": f"Bearer {token}"}


# gallery

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
) -> Asset:
    """The row of a picture with one copy, and no bytes: for everything that looks at none."""
    number = next(_number)
    asset = Asset.objects.create(
        owner=owner,
        source=f"test:{number}",
        prompt=prompt,
        name=name,
        recipe=RECIPE,
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
