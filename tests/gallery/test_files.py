"""How bytes travel: headers, ranges, entity tags, names, signed links, X-Accel."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from gallery import files
from gallery.models import Asset, Share
from gallery.views.files import BLOCK, attachment
from tests.factories import keep, make_asset, make_key, make_picture, make_pixels

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(alice: User) -> Asset:
    return keep(make_picture(alice))


@pytest.fixture
def url(asset: Asset) -> str:
    return reverse("asset_file", args=[asset.pk, "original"])


@pytest.fixture
def owner(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def data(asset: Asset) -> bytes:
    with default_storage.open(asset.file) as file:
        return bytes(file.read())


def test_the_original_arrives_as_it_was_stored(owner: Client, url: str, data: bytes) -> None:
    response = owner.get(url)
    assert response.content == data
    assert response["Content-Type"] == "image/png"
    assert int(response["Content-Length"]) == len(data)


def test_a_variant_is_a_webp_picture_of_its_width(owner: Client, asset: Asset) -> None:
    response = owner.get(reverse("asset_file", args=[asset.pk, "96.webp"]))
    assert response["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(response.content)).size == (96, 64)


@pytest.mark.parametrize(
    "name", ["97.webp", "0096.webp", "96.png", "96.webp.png", "originals", "..", "٩٦.webp"]
)
def test_a_name_that_is_none_is_404(owner: Client, asset: Asset, name: str) -> None:
    assert owner.get(f"/files/{asset.pk}/{name}").status_code == 404


def test_head_tells_everything_and_sends_nothing(owner: Client, url: str, data: bytes) -> None:
    response = owner.head(url)
    assert response.content == b""
    assert int(response["Content-Length"]) == len(data)
    assert response["ETag"] == owner.get(url)["ETag"]


@pytest.mark.parametrize("public", [True, False])
def test_bytes_are_sandboxed_and_cached_as_the_picture_is_shared(
    client: Client, alice: User, *, public: bool
) -> None:
    asset = keep(make_picture(alice), public=public)
    client.force_login(alice)
    response = client.get(reverse("asset_file", args=[asset.pk, "original"]))
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    expected = "public, max-age=300" if public else "private, no-cache"
    assert response["Cache-Control"] == expected


def test_a_known_entity_tag_is_answered_by_304(owner: Client, url: str) -> None:
    response = owner.get(url, headers={"If-None-Match": owner.get(url)["ETag"]})
    assert (response.status_code, response.content) == (304, b"")


def test_a_known_entity_tag_tells_a_stranger_nothing(owner: Client, bob: User, url: str) -> None:
    tag = owner.get(url)["ETag"]
    owner.force_login(bob)
    assert owner.get(url, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-", 10, None),
        ("bytes=-5", -5, None),
        ("bytes=3-999999", 3, None),
    ],
)
def test_one_range_is_answered_by_that_part(
    owner: Client, url: str, data: bytes, asked: str, first: int, stop: int | None
) -> None:
    response = owner.get(url, headers={"Range": asked})
    part = data[first:stop]
    start = first % len(data)
    assert (response.status_code, response.content) == (206, part)
    assert response["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(data)}"
    assert int(response["Content-Length"]) == len(part)


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_the_file_is_416(owner: Client, url: str, data: bytes, asked: str) -> None:
    response = owner.get(url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(data)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,3-4", "pages=1-2", "bytes=5-2", "bytes=-", "bytes=x-", "bytes=" + "9" * 5000 + "-"],
)
def test_what_is_not_one_valid_range_is_ignored(owner: Client, url: str, asked: str) -> None:
    assert owner.get(url, headers={"Range": asked}).status_code == 200


def test_a_range_of_another_version_gets_the_whole_file(owner: Client, url: str) -> None:
    headers = {"Range": "bytes=0-3", "If-Range": '"another"'}
    assert owner.get(url, headers=headers).status_code == 200


def test_a_large_file_is_streamed_whole_and_in_part(owner: Client, alice: User) -> None:
    noise = Image.effect_noise((800, 800), 90).convert("RGB")
    asset = keep(make_picture(alice, pixels=noise))
    assert asset.size > 2 * BLOCK
    with default_storage.open(asset.file) as file:
        data = file.read()
    url = reverse("asset_file", args=[asset.pk, "original"])
    assert b"".join(owner.get(url)) == data
    part = owner.get(url, headers={"Range": f"bytes=7-{BLOCK + 99}"})
    assert b"".join(part) == data[7 : BLOCK + 100]


def signed_url(asset: Asset, viewer_id: int | None = None) -> str:
    """The link that the API tells its owner, or somebody else."""
    return files.Links(viewer_id or asset.owner_id).to(asset, files.ORIGINAL)[0]


def test_bytes_that_are_gone_are_404(owner: Client, alice: User) -> None:
    asset = make_asset(alice)
    assert owner.get(reverse("asset_file", args=[asset.pk, "original"])).status_code == 404


def test_a_signed_link_opens_without_signing_in(client: Client, asset: Asset) -> None:
    assert client.get(signed_url(asset)).status_code == 200


@pytest.mark.parametrize("spoil", [lambda url: url[:-1], lambda url: url.replace("key=", "key=9")])
def test_a_signed_link_that_was_changed_does_not_open(client: Client, asset: Asset, spoil) -> None:
    assert client.get(spoil(signed_url(asset))).status_code == 404


def test_a_signature_opens_only_the_file_it_was_made_for(
    client: Client, asset: Asset, alice: User
) -> None:
    other = keep(make_picture(alice))
    signature = signed_url(asset).partition("?")[2]
    for pk, name in ((other.pk, "original"), (asset.pk, "96.webp")):
        url = reverse("asset_file", args=[pk, name])
        assert client.get(f"{url}?{signature}").status_code == 404


def test_a_signed_link_expires(client: Client, asset: Asset, settings: Settings) -> None:
    url = signed_url(asset)
    settings.SIGNED_URL_SECONDS = -1
    assert client.get(url).status_code == 404


def test_a_signed_link_lasts_as_long_as_its_viewer_may_see_the_picture(
    client: Client, alice: User, bob: User
) -> None:
    asset = keep(make_picture(alice))
    given = Share.objects.give(asset, bob, may_edit=False)
    url = signed_url(asset, viewer_id=bob.pk)
    assert client.get(url).status_code == 200
    Share.objects.filter(pk=given.pk).end()
    assert client.get(url).status_code == 404


def test_visitors_get_no_link_in_the_name_of_the_owner(asset: Asset, url: str) -> None:
    [link] = files.Links(None).to(asset, files.ORIGINAL)
    assert link.endswith(url)


def test_a_signed_link_ends_with_the_bin_and_with_the_account(
    client: Client, asset: Asset, alice: User
) -> None:
    url = signed_url(asset)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(url).status_code == 404
    User.objects.filter(pk=alice.pk).update(is_active=True)
    asset.move_to_bin()
    assert client.get(url).status_code == 404


def test_a_signed_link_bears_a_foreign_authorization_header(client: Client, asset: Asset) -> None:
    headers = {"Authorization": "Bearer something"}
    assert client.get(signed_url(asset), headers=headers).status_code == 200


def test_a_key_that_may_not_read_opens_nothing(client: Client, url: str, alice: User) -> None:
    _key, headers = make_key(alice, scopes=["generate"])
    assert client.get(url, headers=headers).status_code == 404


def test_behind_nginx_the_bytes_are_left_to_it(
    owner: Client, bob: User, asset: Asset, url: str, settings: Settings
) -> None:
    settings.FILES_VIA = "accel"
    response = owner.get(url)
    assert response["X-Accel-Redirect"] == f"/protected/{asset.file}"
    assert (response.content, response["Content-Type"]) == (b"", "image/png")
    owner.force_login(bob)
    stranger = owner.get(url)
    assert stranger.status_code == 404
    assert "X-Accel-Redirect" not in stranger


def test_a_download_is_named_after_the_picture(owner: Client, alice: User) -> None:
    asset = keep(make_picture(alice, prompt="Füchse im 雪, bei Nacht"))
    disposition = owner.get(reverse("asset_download", args=[asset.pk]))["Content-Disposition"]
    ending = f"-{str(asset.pk)[:8]}.png"
    assert f'filename="Fuchse-im-bei-Nacht{ending}"' in disposition
    assert f"filename*=UTF-8''F%C3%BCchse-im-%E9%9B%AA-bei-Nacht{ending}" in disposition


@given(st.text(max_size=200))
def test_no_title_can_break_out_of_a_file_name(title: str) -> None:
    asset = Asset(prompt=title)
    disposition = attachment(asset.title, asset.pk, "png")
    assert disposition.isascii()
    assert disposition.isprintable()
    assert disposition.count('"') == 2
    assert disposition.endswith(".png")


def test_a_name_cannot_disguise_its_type() -> None:
    asset = Asset(prompt="holiday\u202egnp.exe\u200b")
    assert "%E2%80" not in attachment(asset.title, asset.pk, "png")


def test_bytes_of_every_format_keep_their_type(owner: Client, alice: User) -> None:
    for output_format, media_type in (("webp", "image/webp"), ("jpeg", "image/jpeg")):
        asset = keep(make_picture(alice, pixels=make_pixels(), output_format=output_format))
        response = owner.get(reverse("asset_download", args=[asset.pk]))
        assert response["Content-Type"] == media_type
