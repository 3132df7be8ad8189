"""Pictures kept in S3 instead of a folder: the same promises, by settings alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from config import env
from gallery import keeping
from tests.factories import keep, make_picture

moto = pytest.importorskip("moto.server", reason="moto is missing: uv sync --frozen")

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(
    endpoint: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("STORAGE_URL", f"s3://key:secret@pictures/studio?endpoint={endpoint}")
    storage = env.storage("STORAGE_URL", settings.DATA_DIR)
    settings.STORAGES = settings.STORAGES | {"default": storage}
    default_storage.connection.create_bucket(Bucket="pictures")


def test_a_kept_picture_is_served_whole_and_in_part(client: Client, alice: User) -> None:
    asset = keep(make_picture(alice))
    client.force_login(alice)
    url = reverse("asset_file", args=[asset.pk, "original"])
    whole = client.get(url).content
    assert len(whole) == asset.size
    assert client.get(url, headers={"Range": "bytes=5-9"}).content == whole[5:10]


def test_erasing_removes_every_object(alice: User) -> None:
    asset = keep(make_picture(alice), binned=True)
    keys = [asset.file, *asset.variants.values_list("file", flat=True)]
    assert all(default_storage.exists(key) for key in keys)
    keeping.purge([asset.pk])
    assert not any(default_storage.exists(key) for key in keys)


def test_orphans_are_found_and_what_rows_name_is_not(alice: User) -> None:
    kept = keeping.store(make_picture(alice))
    keeping.record(kept)
    forgotten = keeping.store(make_picture(alice))
    assert keeping.remove_orphans() == 0  # younger than a day
    assert keeping.remove_orphans(dt.timedelta(seconds=-60)) >= len(forgotten.keys)
    assert not any(default_storage.exists(key) for key in forgotten.keys)
    assert all(default_storage.exists(key) for key in kept.keys)


def test_bytes_that_are_gone_are_404(client: Client, alice: User) -> None:
    asset = keep(make_picture(alice))
    default_storage.delete(asset.file)
    client.force_login(alice)
    assert client.get(reverse("asset_file", args=[asset.pk, "original"])).status_code == 404
