"""The list of what one sent in: seen by its owner alone, and the way to make room again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery import files, quota
from gallery.models import Asset, Upload
from gallery.views import uploads
from tests.factories import make_asset, make_upload

pytestmark = pytest.mark.django_db
PAGE = "/uploads/"


def listed(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    return client.get(PAGE + query).content.decode()


def test_it_shows_ones_own_used_or_not(client: Client, alice: User, bob: User) -> None:
    own = make_upload(alice, seed=1), make_upload(alice, seed=2, used=True)
    strangers = make_upload(bob, seed=3)
    page = listed(client, alice)
    assert all(f"/uploads/{upload.pk}/320.webp" in page for upload in own)
    assert str(strangers.pk) not in page
    assert page.count("not used yet") == 1


def test_deleting_one_gives_its_room_back_and_keeps_what_was_made(
    client: Client, alice: User
) -> None:
    made, upload = make_asset(alice), make_upload(alice, used=True)
    client.force_login(alice)
    answer = client.post(reverse("upload_erasure", args=[upload.pk]))
    assert answer["Location"] == PAGE
    assert quota.room_of(alice).used == made.size
    assert Asset.objects.filter(pk=made.pk).exists()
    with pytest.raises(FileNotFoundError):
        files.open_file(upload.file)


def test_nobody_deletes_anothers(client: Client, alice: User, mallory: User) -> None:
    upload = make_upload(alice)
    client.force_login(mallory)
    assert client.post(reverse("upload_erasure", args=[upload.pk])).status_code == 404
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_a_long_list_comes_in_pages(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PER_PAGE", 2)
    for seed in range(3):
        make_upload(alice, seed=seed)
    first, second = listed(client, alice), listed(client, alice, "?page=2")
    assert "?page=2" in first
    assert (first.count("/320.webp"), second.count("/320.webp")) == (2, 1)


def test_an_empty_list_and_a_wrong_page_say_so(client: Client, alice: User) -> None:
    assert "You sent in no pictures" in listed(client, alice, "?page=nonsense")


def test_the_account_leads_there(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert f'href="{PAGE}"' in client.get(reverse("account")).content.decode()
