"""Bytes first, rows second; whatever stops in between leaves nothing for long."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from gallery import files, keeping, tasks
from gallery.models import Asset
from tests.factories import make_asset, make_picture, make_pixels

pytestmark = pytest.mark.django_db


def everything() -> set[str]:
    """The keys of all stored bytes."""
    return set(keeping.orphans(dt.timedelta(days=-1))) | keeping.named(
        {*Asset.objects.values_list("file", flat=True)}
    )


def age(key: str, hours: float) -> None:
    path = Path(default_storage.path(key))
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


def read(key: str) -> bytes:
    with default_storage.open(key) as file:
        return bytes(file.read())


def test_a_kept_picture_is_described_by_its_row(alice: User) -> None:
    stored = keeping.store(make_picture(alice, pixels=make_pixels(700, 400)))
    asset = keeping.record(stored)
    data = read(asset.file)
    assert (asset.width, asset.height, asset.size) == (700, 400, len(data))
    assert asset.sha256 == hashlib.sha256(data).hexdigest()
    assert [variant.width for variant in asset.variants.all()] == [320, 640, 700]
    for variant in asset.variants.all():
        assert variant.size == len(read(variant.file))


def test_it_is_private_until_its_owner_says_otherwise(alice: User) -> None:
    asset = keeping.record(keeping.store(make_picture(alice)))
    assert not asset.is_public


def test_keys_give_nothing_away_and_never_repeat(alice: User) -> None:
    picture = make_picture(alice, prompt="../../etc/passwd")
    keys = [key for _time in range(2) for key in keeping.store(picture).keys]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("assets/") and ".." not in key for key in keys)


def test_bytes_that_were_recorded_after_all_are_not_discarded(alice: User) -> None:
    stored = keeping.store(make_picture(alice))
    asset = keeping.record(stored)
    keeping.discard(stored)
    assert hashlib.sha256(read(asset.file)).hexdigest() == asset.sha256


def test_a_second_picture_of_one_source_gives_the_first_back(alice: User) -> None:
    first, second = (keeping.store(make_picture(alice, source="one")) for _ in range(2))
    asset = keeping.record(first)
    again = keeping.record(second)
    assert (again.pk, again.file) == (asset.pk, first.file)
    assert again.file != second.file
    keeping.discard(second)
    assert not any(default_storage.exists(key) for key in second.keys)
    assert all(default_storage.exists(key) for key in first.keys)


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_full_disk_leaves_no_bytes_behind(
    alice: User, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    before, saved = everything(), []

    def save(key: str, data: bytes) -> None:
        if len(saved) == failing:
            raise OSError(28, "No space left on device")
        saved.append(key)
        original(key, data)

    original = files.save
    monkeypatch.setattr(files, "save", save)
    with pytest.raises(OSError, match="No space"):
        keeping.store(make_picture(alice, pixels=make_pixels(700, 400)))
    assert everything() == before


@pytest.mark.parametrize("mode", ["RGBA", "L", "P"])
def test_pixels_of_any_mode_are_kept(alice: User, mode: str) -> None:
    pixels = Image.new(mode, (64, 64))
    assert keeping.record(keeping.store(make_picture(alice, pixels=pixels))).width == 64


def test_a_parent_that_was_purged_meanwhile_is_forgotten(alice: User) -> None:
    picture = replace(make_picture(alice), parent_id=uuid.uuid4())
    assert keeping.record(keeping.store(picture)).parent is None
    child = replace(make_picture(alice), parent_id=make_asset(alice).pk)
    assert keeping.record(keeping.store(child)).parent_id == child.parent_id


def test_old_bytes_without_a_row_are_swept_and_all_others_stay(alice: User) -> None:
    kept = keeping.store(make_picture(alice))
    keeping.record(kept)
    forgotten, young = (keeping.store(make_picture(alice)) for _ in range(2))
    for key in (*kept.keys, *forgotten.keys):
        age(key, hours=25)
    for key in young.keys:
        age(key, hours=23)
    assert tasks.remove_orphans() == len(forgotten.keys)
    assert not any(default_storage.exists(key) for key in forgotten.keys)
    assert all(default_storage.exists(key) for key in (*kept.keys, *young.keys))


def test_a_binned_picture_is_no_orphan(alice: User) -> None:
    stored = keeping.store(make_picture(alice))
    keeping.record(stored).move_to_bin()
    for key in stored.keys:
        age(key, hours=999)
    tasks.remove_orphans()
    assert all(default_storage.exists(key) for key in stored.keys)
