"""nginx with the configuration that is shipped, in front of Limner: what it opens, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as shared
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from gallery import files, keeping, thumbnail_links
from gallery.models import Asset
from tests import nginx, services
from tests.factories import keep, make_picture
from tests.gallery import certificates

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

SECRET = "0123456789abcdef" * 2
#: Long ago, and signed for then.
PAST = 1_000_000_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificates.make(tmp_path_factory.mktemp("certificate"))


def behind(server: LiveServer, certificate: tuple[Path, Path], secret: str) -> Any:
    """nginx in front of it; yields its port."""
    upstream = server.url.removeprefix("http://")
    return services.nginx(nginx.site(upstream, shared.DATA_DIR / "media", certificate, secret))


@pytest.fixture(scope="module")
def port(live_server: LiveServer, certificate: tuple[Path, Path]) -> Iterator[int]:
    with behind(live_server, certificate, SECRET) as port:
        yield port


@pytest.fixture
def visitor(port: int, settings: Settings) -> Iterator[httpx.Client]:
    """Somebody who is not signed in."""
    settings.FILES_VIA = "secure_link"
    settings.THUMBNAIL_LINK_SECRET = SECRET
    with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=False) as visitor:  # noqa: S501
        yield visitor


def sign_in(visitor: httpx.Client, person: User) -> None:
    client = Client()
    client.force_login(person)
    name = shared.SESSION_COOKIE_NAME
    visitor.headers["Cookie"] = f"{name}={client.cookies[name].value}"


@pytest.fixture
def asset(alice: User) -> Asset:
    return keep(make_picture(alice))


@pytest.fixture
def link(visitor: httpx.Client, asset: Asset, alice: User) -> str:
    """The link to its smallest copy that alice's pages have."""
    return files.shown_url(asset, asset.variants.all()[0], alice)


def signed(until: int, viewer: int, key: str) -> str:
    told = f"{until}/{viewer}"
    return f"/shown/{told}/{thumbnail_links.code(told, key)}/{key}"


def test_a_private_thumbnail_opens_by_its_link_and_nobody_asks_limner(
    visitor: httpx.Client, asset: Asset, link: str
) -> None:
    Asset.objects.filter(pk=asset.pk).update(deleted_at=asset.created_at)
    found = visitor.get(link)
    with default_storage.open(asset.variants.all()[0].file) as file:
        assert found.content == file.read()
    assert found.headers["Cache-Control"] == "private, max-age=600, immutable"


def test_it_has_the_headers_that_all_pictures_have(
    visitor: httpx.Client, asset: Asset, alice: User, link: str
) -> None:
    by_link = visitor.get(link)
    sign_in(visitor, alice)
    asked = visitor.get(f"/files/{asset.pk}/96.webp")
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Content-Type"):
        assert by_link.headers[name] == asked.headers[name]
    for name in ("Cross-Origin-Resource-Policy", "Content-Disposition"):
        assert by_link.headers[name] == asked.headers[name]


def test_nothing_that_was_changed_in_a_link_goes_unnoticed(
    visitor: httpx.Client, asset: Asset, alice: User, bob: User, link: str
) -> None:
    _, _, until, viewer, code, *key = link.split("/")
    other = keep(make_picture(alice)).variants.all()[0].file
    for changed in (
        f"/shown/{until}/{bob.pk}/{code}/{'/'.join(key)}",
        f"/shown/{int(until) + 600}/{viewer}/{code}/{'/'.join(key)}",
        f"/shown/{until}/{viewer}/{code[::-1]}/{'/'.join(key)}",
        f"/shown/{until}/{viewer}/{code}/{other}",
        f"/shown/{until}/{viewer}/{code}/{asset.file}",
        f"/shown/{until}/{viewer}//{'/'.join(key)}",
    ):
        assert visitor.get(changed).status_code == 404, changed


def test_a_link_that_is_too_old_opens_for_those_alone_who_may_see_the_picture(
    visitor: httpx.Client, asset: Asset, alice: User, bob: User
) -> None:
    old = signed(PAST, alice.pk, asset.variants.all()[0].file)
    assert visitor.get(old).status_code == 404
    sign_in(visitor, bob)
    assert visitor.get(old).status_code == 404
    sign_in(visitor, alice)
    again = visitor.get(old)
    assert (again.status_code, again.headers["Content-Type"]) == (200, "image/webp")
    assert again.headers["Cache-Control"] == "private, no-cache"


def test_even_a_signed_original_is_not_sent(visitor: httpx.Client, alice: User) -> None:
    asset = keep(make_picture(alice, output_format="webp"))
    assert visitor.get(signed(PAST * 4, alice.pk, asset.variants.all()[0].file)).status_code == 200
    assert visitor.get(signed(PAST * 4, alice.pk, asset.file)).status_code == 404


@pytest.mark.parametrize("way_out", ["..", "%2e%2e", "..%2f..", "%252e%252e"])
def test_even_a_signed_path_leads_nowhere_else(
    visitor: httpx.Client, alice: User, way_out: str
) -> None:
    (shared.DATA_DIR / "outside.96.webp").write_bytes(b"not for you")
    far = signed(PAST * 4, alice.pk, f"assets/00/{way_out}/{way_out}/outside.96.webp")
    found = visitor.get(httpx.URL(str(visitor.base_url)).copy_with(raw_path=far.encode()))
    assert found.status_code == 404
    assert b"not for you" not in found.content


def test_a_secret_that_was_forgotten_opens_nothing(
    live_server: LiveServer,
    certificate: tuple[Path, Path],
    visitor: httpx.Client,
    asset: Asset,
    settings: Settings,
) -> None:
    settings.THUMBNAIL_LINK_SECRET = ""
    forged = signed(PAST * 4, asset.owner_id, asset.variants.all()[0].file)
    with behind(live_server, certificate, "") as port:
        assert visitor.get(f"https://127.0.0.1:{port}{forged}").status_code == 404


def test_what_is_inside_is_not_reached_from_outside(visitor: httpx.Client, asset: Asset) -> None:
    for key in (asset.file, asset.variants.all()[0].file):
        assert visitor.get(f"/protected/{key}").status_code == 404


def test_the_pictures_of_pages_open_by_the_addresses_that_pages_name(
    visitor: httpx.Client, asset: Asset, alice: User
) -> None:
    sign_in(visitor, alice)
    for page in ("/gallery/?scope=mine", f"/gallery/{asset.pk}/"):
        found = set(re.findall(r"/shown/[\w/.-]+", visitor.get(page).text))
        assert len(found) == asset.variants.count()
        for address in found:
            alone = visitor.get(address, headers={"Cookie": ""})
            assert (alone.status_code, alone.headers["Content-Type"]) == (200, "image/webp")


def test_an_original_is_checked_by_limner_and_sent_by_nginx(
    visitor: httpx.Client, asset: Asset, alice: User, bob: User
) -> None:
    sign_in(visitor, bob)
    assert visitor.get(f"/files/{asset.pk}/original").status_code == 404
    sign_in(visitor, alice)
    found = visitor.get(f"/files/{asset.pk}/original", headers={"Range": "bytes=0-3"})
    assert (found.status_code, found.content) == (206, b"\x89PNG")
    assert found.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert found.headers["Cache-Control"] == "private, no-cache"
    assert "X-Accel-Redirect" not in found.headers


def test_parts_and_known_entity_tags_are_answered_as_such(visitor: httpx.Client, link: str) -> None:
    whole = visitor.get(link)
    part = visitor.get(link, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    same = visitor.get(link, headers={"If-None-Match": whole.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_the_bytes_of_an_erased_picture_are_gone_at_once(
    visitor: httpx.Client, asset: Asset, link: str
) -> None:
    asset.move_to_bin()
    keeping.purge([asset.pk])
    assert visitor.get(link).status_code == 404
