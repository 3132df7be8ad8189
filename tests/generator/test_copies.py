"""A copy of everything somebody has: what is in it, who gets it, and how it is made."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts import exports
from accounts.models import DataExport, Role, User
from gallery.models import Like
from generator.submission import Order, submit
from tests.factories import (
    PASSWORD,
    join,
    keep,
    make_key,
    make_picture,
    make_team,
    make_upload,
)
from tests.generator.orders import make_model, make_request, run_all

pytestmark = pytest.mark.django_db
PAGE = "/account/data/"


def copy_of(user: User) -> zipfile.ZipFile:
    """A finished copy, opened."""
    export = exports.ask(user)
    assert exports.make(export)
    export.refresh_from_db()
    with default_storage.open(export.file) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def document(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


def proven(client: Client, user: User) -> Client:
    """Signed in, and the password was typed just now."""
    client.force_login(user)
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def test_it_holds_every_picture_byte_for_byte(alice: User) -> None:
    kept, binned = keep(make_picture(alice)), keep(make_picture(alice), binned=True)
    archive = copy_of(alice)
    assert archive.testzip() is None
    for asset, folder in ((kept, "pictures"), (binned, "bin")):
        [name] = [each for each in archive.namelist() if str(asset.pk) in each]
        assert name.startswith(f"{folder}/")
        with default_storage.open(asset.file) as file:
            assert archive.read(name) == file.read()


def test_it_says_what_is_kept_about_pictures_jobs_and_credits(alice: User) -> None:
    make_model("blank", price=3)
    submit(Order(owner=alice, request=make_request("a fox in fog", model="blank")))
    run_all()
    archive = copy_of(alice)
    [job], [picture] = document(archive, "jobs"), document(archive, "pictures")
    assert (job["request"]["prompt"], job["charged"]) == ("a fox in fog", 1)
    assert job["pictures"] == [picture["id"]]
    assert picture["file"] in archive.namelist()
    assert [entry["amount"] for entry in document(archive, "ledger")] == [200, -1]


def test_it_holds_profile_keys_teams_uploads_and_likes(alice: User, bob: User) -> None:
    key, _headers = make_key(alice)
    join(make_team(bob, name="South"), alice, Role.EDITOR)
    upload, liked = make_upload(alice), keep(make_picture(bob), public=True)
    Like.objects.add(liked, alice)
    archive = copy_of(alice)
    assert document(archive, "profile")[0]["email"] == "alice@example.org"
    assert document(archive, "keys")[0]["prefix"] == key.prefix
    assert document(archive, "teams")[0]["team"] == "South"
    assert f"uploads/{upload.pk}.webp" in archive.namelist()
    assert document(archive, "likes")[0]["picture"] == str(liked.pk)
    assert b"alice@example.org" in archive.read("README.txt")


def test_it_holds_no_secrets_and_nothing_of_others(alice: User, bob: User) -> None:
    _key, headers = make_key(alice)
    keep(make_picture(bob, prompt="bob's own words"), public=True)
    archive = copy_of(alice)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    secret = headers["Authorization"].rpartition("_")[2]
    for hidden in (secret, alice.password, alice.api_keys.get().hash, "bob's own words", bob.email):
        assert hidden.encode() not in everything


def test_a_picture_that_goes_meanwhile_is_left_out(alice: User) -> None:
    asset = keep(make_picture(alice))
    default_storage.delete(asset.file)
    assert not [name for name in copy_of(alice).namelist() if name.startswith("pictures/")]


def test_one_is_made_at_a_time(alice: User) -> None:
    assert exports.ask(alice) == exports.ask(alice)
    assert alice.exports.count() == 1


def test_a_new_copy_takes_the_place_of_the_old_one(
    alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    copy_of(alice)
    old = alice.exports.get()
    with django_capture_on_commit_callbacks(execute=True):
        new = exports.ask(alice)
    assert list(alice.exports.all()) == [new]
    assert not default_storage.exists(old.file)


def test_two_workers_make_one_copy(alice: User) -> None:
    one = exports.ask(alice)
    other = DataExport.objects.get(pk=one.pk)
    assert [exports.make(one), exports.make(other)] == [True, False]


def test_what_a_dead_worker_began_is_begun_anew_without_a_trace(alice: User) -> None:
    export = exports.ask(alice)
    export.claim("exports/half.zip")
    default_storage.save("exports/half.zip", io.BytesIO(b"PK half"))
    assert exports.make_all() == 0
    DataExport.objects.update(held_until=timezone.now() - dt.timedelta(seconds=1))
    assert exports.make_all() == 1
    assert not default_storage.exists("exports/half.zip")


def test_what_several_dead_workers_began_is_gone_with_the_next_copy(alice: User) -> None:
    export = exports.ask(alice)
    for half in (f"exports/{export.pk}-1.zip", f"exports/{export.pk}-2.zip"):
        default_storage.save(half, io.BytesIO(b"PK half"))
    export.claim(f"exports/{export.pk}-2.zip")
    DataExport.objects.update(held_until=timezone.now() - dt.timedelta(seconds=1))
    assert exports.make_all() == 1
    export.refresh_from_db()
    assert [f"exports/{name}" for name in default_storage.listdir("exports")[1]] == [export.file]


def test_a_worker_that_was_thought_dead_publishes_nothing(alice: User) -> None:
    late, fresh = exports.ask(alice), DataExport.objects.get()
    late.claim("exports/late.zip")
    DataExport.objects.update(held_until=timezone.now() - dt.timedelta(seconds=1))
    fresh.refresh_from_db()
    assert exports.make(fresh)
    assert not late.hold()
    assert not late.finish(5)
    late.give_up()
    fresh.refresh_from_db()
    assert fresh.is_ready


def test_after_three_failures_it_says_so(
    alice: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports.ask(alice)

    def no_room(*_: Any, **__: Any) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(default_storage, "save", no_room)
    assert [exports.make_all() for _ in range(4)] == [0, 0, 0, 0]
    assert alice.exports.get().failed_at is not None
    client.force_login(alice)
    assert "could not be made" in client.get(PAGE).content.decode()


def test_a_copy_does_not_fill_the_disk(alice: User, settings: Any) -> None:
    settings.MIN_FREE_DISK_PERCENT = 101
    exports.ask(alice)
    assert exports.make_all() == 0
    assert default_storage.listdir("exports")[1] == []
    settings.MIN_FREE_DISK_PERCENT = 0
    assert exports.make_all() == 1


def test_its_owner_is_told_by_mail(alice: User, mailoutbox: list[Any]) -> None:
    copy_of(alice)
    [mail] = mailoutbox
    assert mail.to == [alice.email]
    assert PAGE in mail.body


def test_after_a_week_it_is_deleted(alice: User, django_capture_on_commit_callbacks: Any) -> None:
    copy_of(alice)
    file = alice.exports.get().file
    assert exports.forget_past() == 0
    DataExport.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert exports.forget_past() == 1
    assert not default_storage.exists(file)


def test_a_file_that_no_row_names_is_swept_away() -> None:
    default_storage.save("exports/nobodys.zip", io.BytesIO(b"PK"))
    exports.forget_past()
    assert not default_storage.exists("exports/nobodys.zip")


def test_asking_and_fetching_need_the_password_once_more(client: Client, alice: User) -> None:
    copy_of(alice)
    file = f"{PAGE}copy/{alice.exports.get().pk}/"
    client.force_login(alice)
    for response in (client.post(f"{PAGE}copy/"), client.get(file)):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/confirm/")
    assert proven(client, alice).get(file).status_code == 200


def test_the_page_leads_from_the_wish_to_the_zip(client: Client, alice: User) -> None:
    proven(client, alice)
    assert client.post(f"{PAGE}copy/").status_code == 302
    assert "Being made" in client.get(PAGE).content.decode()
    exports.make_all()
    page = client.get(PAGE).content.decode()
    assert "You can download it until" in page
    response = client.get(f"{PAGE}copy/{alice.exports.get().pk}/")
    assert response["Content-Disposition"].startswith("attachment")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert "README.txt" in archive.namelist()


def test_nobody_else_fetches_it(client: Client, alice: User, mallory: User, staff: User) -> None:
    copy_of(alice)
    file = f"{PAGE}copy/{alice.exports.get().pk}/"
    for other in (mallory, staff):
        assert proven(client, other).get(file).status_code == 404


def test_it_cannot_be_fetched_before_it_is_ready_or_after_its_day(
    client: Client, alice: User
) -> None:
    export = exports.ask(alice)
    file = f"{PAGE}copy/{export.pk}/"
    assert proven(client, alice).get(file).status_code == 404
    exports.make(export)
    assert client.get(file).status_code == 200
    DataExport.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(file).status_code == 404


def test_a_web_server_can_be_asked_to_send_it(client: Client, alice: User, settings: Any) -> None:
    copy_of(alice)
    settings.FILES_VIA = "accel"
    export = alice.exports.get()
    response = proven(client, alice).get(f"{PAGE}copy/{export.pk}/")
    assert response["X-Accel-Redirect"] == f"/protected/{export.file}"
