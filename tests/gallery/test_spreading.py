"""What leaves for other sites, and that nothing leaves that is not for everybody."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from gallery import provenance
from gallery.models import Asset, Collection, CollectionItem, Hold, Rating, Visibility
from tests.factories import keep, make_asset, make_picture, make_pixels

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
STATES = [
    *itertools.product(Rating, Hold, Visibility, [False]),
    (Rating.SAFE, Hold.NONE, Visibility.PUBLIC, True),
]


def kept(owner: User, **more: Any) -> Asset:
    return keep(make_picture(owner, pixels=make_pixels(1500, 1000), **more), public=True)


def collect(owner: User, *assets: Asset, public: bool = True) -> Collection:
    visibility = Visibility.PUBLIC if public else Visibility.PRIVATE
    collection = Collection.objects.create(owner=owner, name="Sea", visibility=visibility)
    for place, asset in enumerate(assets):
        CollectionItem.objects.create(collection=collection, asset=asset, position=place)
    return collection


def told(client: Client, url: str, **query: str) -> Any:
    return client.get("/oembed/", {"url": f"{settings.BASE_URL}{url}", **query})


#: Every public surface: whether it shows the picture to a visitor.
SURFACES: dict[str, Callable[[Client, Asset, Collection], bool]] = {
    "page": lambda c, a, k: c.get(a.get_absolute_url()).status_code == 200,
    "list": lambda c, a, k: str(a.pk) in c.get("/gallery/").content.decode(),
    "front door": lambda c, a, k: str(a.pk) in c.get("/").content.decode(),
    "thumbnail": lambda c, a, k: c.get(f"/files/{a.pk}/320.webp").status_code == 200,
    "preview": lambda c, a, k: c.get(reverse("asset_preview", args=[a.pk])).status_code == 200,
    "link preview": lambda c, a, k: b"og:image" in c.get(a.get_absolute_url()).content,
    "oembed": lambda c, a, k: told(c, a.get_absolute_url()).status_code == 200,
    "embedded": lambda c, a, k: c.get(reverse("asset_embed", args=[a.pk])).status_code == 200,
    "feed": lambda c, a, k: str(a.pk) in c.get("/gallery/feed.atom").content.decode(),
    "collection": lambda c, a, k: str(a.pk) in c.get(k.get_absolute_url()).content.decode(),
    "its preview": lambda c, a, k: b"og:image" in c.get(k.get_absolute_url()).content,
    "its feed": lambda c, a, k: (
        str(a.pk) in c.get(reverse("collection_feed", args=[k.pk])).content.decode()
    ),
    "its frame": lambda c, a, k: (
        str(a.pk) in c.get(reverse("collection_embed", args=[k.pk])).content.decode()
    ),
}


@pytest.mark.parametrize(("rating", "held", "visibility", "binned"), STATES)
def test_every_public_surface_shows_what_is_for_everybody_and_nothing_else(
    rating: str,
    held: str,
    visibility: str,
    binned: bool,  # noqa: FBT001
    alice: User,
    client: Client,
) -> None:
    asset = kept(alice)
    columns = {"machine_rating": rating, "held": held, "visibility": visibility}
    Asset.objects.filter(pk=asset.pk).update(**columns)
    if binned:
        asset.move_to_bin()
    collection = collect(alice, asset)
    ours = (rating, held, visibility, binned) == (Rating.SAFE, "", Visibility.PUBLIC, False)
    shows = {name: surface(client, asset, collection) for name, surface in SURFACES.items()}
    assert shows == dict.fromkeys(SURFACES, ours)


#: Where even an operator who blurs for visitors sends nothing sensitive.
AWAY = ("preview", "link preview", "oembed", "embedded", "feed", "its feed", "its frame")


@pytest.mark.parametrize("where", AWAY)
def test_what_is_sensitive_never_leaves_even_if_visitors_may_see_it_blurred(
    where: str, settings: Any, alice: User, client: Client
) -> None:
    settings.SENSITIVE_FOR_VISITORS = "blur"
    asset = kept(alice, rating=Rating.SENSITIVE)
    assert SURFACES["page"](client, asset, collect(alice))
    assert not SURFACES[where](client, asset, collect(alice, asset))


def test_a_signed_in_owner_gets_no_more_than_anybody(alice: User) -> None:
    asset = make_asset(alice)
    client = Client()
    client.force_login(alice)
    assert told(client, asset.get_absolute_url()).status_code == 404
    assert client.get(reverse("asset_embed", args=[asset.pk])).status_code == 404
    assert b"og:" not in client.get(asset.get_absolute_url()).content


def test_a_preview_is_a_jpeg_that_fits_and_bears_the_mark(client: Client, alice: User) -> None:
    asset = kept(alice)
    answer = client.get(reverse("asset_preview", args=[asset.pk]))
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 800))
        assert provenance.read(image).digital_source_type == "algorithmicMedia"
        assert not provenance.read(image).recipe
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    etag = {"If-None-Match": answer["ETag"]}
    assert client.get(reverse("asset_preview", args=[asset.pk]), headers=etag).status_code == 304


def test_a_page_tells_previews_in_absolute_addresses(client: Client, alice: User) -> None:
    asset = kept(alice, prompt='a "quoted" <fox>')
    body = client.get(asset.get_absolute_url()).content.decode()
    image = f"{settings.BASE_URL}/gallery/{asset.pk}/preview.jpg"
    assert f'<meta property="og:image" content="{image}">' in body
    assert 'content="summary_large_image"' in body
    assert "<fox>" not in body
    assert "application/json+oembed" in body


def test_a_page_says_how_its_picture_came_about(client: Client, alice: User) -> None:
    asset = kept(alice)
    Asset.objects.update(recipe={"engine": "diffusion"})
    assert 'class="badge">AI generated<' in client.get(asset.get_absolute_url()).content.decode()


class TestOEmbed:
    def test_a_picture_is_a_photo(self, client: Client, alice: User) -> None:
        answer = json.loads(told(client, kept(alice).get_absolute_url()).content)
        assert (answer["type"], answer["version"], answer["width"]) == ("photo", "1.0", 1200)

    def test_it_fits_into_what_was_asked_for(self, client: Client, alice: User) -> None:
        url = kept(alice).get_absolute_url()
        answer = json.loads(told(client, url, maxwidth="300", maxheight="999").content)
        assert (answer["width"], answer["height"]) == (300, 200)

    def test_a_collection_is_a_frame(self, client: Client, alice: User) -> None:
        collection = collect(alice)
        answer = json.loads(told(client, collection.get_absolute_url(), maxwidth="400").content)
        assert answer["type"] == "rich"
        assert f'/collections/{collection.pk}/embed/" width="400"' in answer["html"]

    @pytest.mark.parametrize(
        "url", ["", "x", "http://elsewhere.example/gallery/", "/gallery/", "/no/", "//[", "/\0"]
    )
    def test_other_addresses_are_not_known(self, url: str, client: Client) -> None:
        assert client.get("/oembed/", {"url": url}).status_code == 404
        assert told(client, url).status_code == 404

    def test_xml_is_not_spoken(self, client: Client, alice: User) -> None:
        assert told(client, kept(alice).get_absolute_url(), format="xml").status_code == 501


class TestFeeds:
    url = "/gallery/feed.atom"

    def test_it_is_atom_with_what_atom_demands(self, client: Client, alice: User) -> None:
        asset = make_asset(alice, public=True, prompt="a\x0bb <c> & d")
        answer = client.get(self.url)
        feed = ET.fromstring(answer.content)  # noqa: S314  our own
        entry = feed.find(f"{ATOM}entry")
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert entry is not None
        for place in (feed, entry):
            for name in ("id", "title", "updated"):
                assert place.findtext(f"{ATOM}{name}"), name
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == alice.display_name
        assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{asset.pk}"
        links = {each.get("rel"): each.get("href") for each in feed.iter(f"{ATOM}link")}
        assert links["self"] == f"{settings.BASE_URL}{self.url}"

    def test_an_empty_one_is_the_same_each_time(self, client: Client) -> None:
        assert client.get(self.url).content == client.get(self.url).content

    def test_what_has_not_changed_is_not_sent_again(self, client: Client, alice: User) -> None:
        make_asset(alice, public=True)
        first = client.get(self.url)
        for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            assert client.get(self.url, headers={name: first[value]}).status_code == 304
        make_asset(alice, public=True)
        assert client.get(self.url, headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_a_collections_feed_goes_with_its_visibility(self, client: Client, alice: User) -> None:
        asset = make_asset(alice, public=True)
        hidden = collect(alice, asset, public=False)
        assert client.get(reverse("collection_feed", args=[hidden.pk])).status_code == 404
        assert client.get(reverse("collection_embed", args=[hidden.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["picture", "collection"])
def test_an_embedded_page_may_be_framed_sets_no_cookie_and_has_no_form(
    kind: str, alice: User
) -> None:
    asset = kept(alice)
    name, pk = ("asset_embed", asset.pk)
    if kind == "collection":
        name, pk = ("collection_embed", collect(alice, asset).pk)
    client = Client()
    client.force_login(alice)
    client.cookies["limner_csrf"] = "x" * 32
    answer = client.get(reverse(name, args=[pk]))
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    assert b"<form" not in answer.content
    assert b"<script" not in answer.content


def test_every_other_page_refuses_frames(client: Client, alice: User) -> None:
    answer = client.get(kept(alice).get_absolute_url())
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
