"""Pictures that somebody sends in to work from: kept anew, for the owner alone, not for ever."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from gallery import files, imaging, invariants, keeping, uploading
from gallery.models import Upload
from tests.factories import make_key, make_pixels, make_upload, picture_bytes

PAYLOAD = b"<script>alert(1)</script>"


def age(upload: Upload, hours: int) -> None:
    moment = timezone.now() - dt.timedelta(hours=hours)
    Upload.objects.filter(pk=upload.pk).update(created_at=moment)


def pixels_of(upload: Upload) -> Image.Image:
    with files.open_file(upload.file) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_type_is_kept_as_webp_of_the_same_size(alice: User, kind: str) -> None:
    upload = uploading.take(alice, picture_bytes(kind))
    kept = pixels_of(upload)
    assert (kept.format, kept.size) == ("WEBP", (96, 64))
    assert (upload.width, upload.height) == (96, 64)


def test_what_no_engine_could_use_is_made_smaller(alice: User) -> None:
    upload = uploading.take(alice, picture_bytes(width=3000, height=1000))
    assert pixels_of(upload).size == (2048, 683)


def test_what_a_file_carried_besides_its_pixels_is_gone(alice: User) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    buffer = io.BytesIO()
    make_pixels().save(buffer, "JPEG", exif=exif)
    upload = uploading.take(alice, buffer.getvalue() + PAYLOAD)
    with files.open_file(upload.file) as file:
        kept = file.read()
    assert b"secret" not in kept
    assert PAYLOAD not in kept


def test_what_was_transparent_is_white(alice: User) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(buffer, "PNG")
    upload = uploading.take(alice, buffer.getvalue())
    assert pixels_of(upload).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def test_the_same_picture_sent_twice_is_one_upload_whose_day_begins_anew(alice: User) -> None:
    first = make_upload(alice)
    age(first, 20)
    assert make_upload(alice) == first
    first.refresh_from_db()
    assert timezone.now() - first.created_at < dt.timedelta(hours=1)


def test_two_people_may_send_the_same_picture(alice: User, bob: User) -> None:
    assert make_upload(alice).pk != make_upload(bob).pk


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a" + PAYLOAD, picture_bytes()[:90]])
def test_what_is_no_picture_is_refused_and_leaves_nothing(alice: User, data: bytes) -> None:
    with pytest.raises(imaging.NoPicture):
        uploading.take(alice, data)
    assert not Upload.objects.exists()
    assert list(keeping.orphans(dt.timedelta(0))) == []


def test_nobody_fills_the_disk_with_pictures_that_are_never_used(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "MAX_UNUSED", 2)
    make_upload(alice, seed=1, used=True)
    for seed in (2, 3):
        make_upload(alice, seed=seed)
    with pytest.raises(uploading.TooManyUploads):
        make_upload(alice, seed=4)
    assert make_upload(alice, seed=3)


def test_a_nearly_full_disk_takes_none(alice: User, settings: Settings) -> None:
    settings.MIN_FREE_DISK_PERCENT = 100
    with pytest.raises(uploading.NoRoom):
        make_upload(alice)


def test_whoever_has_no_room_left_sends_nothing_new(alice: User) -> None:
    known = make_upload(alice, seed=1)
    alice.storage_limit = 0
    alice.save()
    with pytest.raises(uploading.StorageFull):
        make_upload(alice, seed=2)
    assert make_upload(alice, seed=1) == known


def test_after_a_day_only_what_was_used_is_left(alice: User) -> None:
    used, unused, young = (make_upload(alice, seed=n, used=n == 0) for n in range(3))
    for upload in (used, unused):
        age(upload, 25)
    assert uploading.forget_unused() == 1
    assert set(Upload.objects.all()) == {used, young}
    assert list(keeping.orphans(dt.timedelta(0))) == []
    assert list(invariants.breaches()) == []


def test_the_orphan_sweep_leaves_uploads_alone(alice: User) -> None:
    upload = make_upload(alice)
    assert keeping.remove_orphans(dt.timedelta(0)) == 0
    assert pixels_of(upload).size == (96, 64)


def test_an_upload_without_its_bytes_is_reported(alice: User) -> None:
    upload = make_upload(alice)
    files.delete([upload.thumbnail])
    assert any(str(upload.pk) in line for line in invariants.breaches())


@pytest.mark.parametrize(("name", "width"), [("original", 96), ("320.webp", 96)])
def test_its_owner_sees_it(client: Client, alice: User, name: str, width: int) -> None:
    upload = make_upload(alice)
    client.force_login(alice)
    response = client.get(reverse("upload_file", args=[upload.pk, name]))
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "private, no-cache"
    assert Image.open(io.BytesIO(response.content)).width == width


@pytest.mark.parametrize("name", ["original", "320.webp"])
def test_nobody_else_sees_it(client: Client, alice: User, mallory: User, name: str) -> None:
    address = reverse("upload_file", args=[make_upload(alice).pk, name])
    assert client.get(address).status_code == 404
    _key, headers = make_key(mallory)
    assert client.get(address, headers=headers).status_code == 404
    client.force_login(mallory)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["640.webp", "original.png", "thumbnail"])
def test_it_has_no_other_files(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    response = client.get(reverse("upload_file", args=[make_upload(alice).pk, name]))
    assert response.status_code == 404
