"""Pictures taken home: as a zip with recipes, and as a contact sheet."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from PIL import Image

from accounts.models import Role, SensitivePictures, User
from gallery import contact_sheet, files, zipping
from gallery.models import Asset, Rating, Share, Visibility
from tests.factories import (
    join,
    keep,
    make_asset,
    make_collection,
    make_picture,
    make_team,
    share,
    share_collection,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def opened(pieces: Iterator[bytes]) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert found.testzip() is None
    return found


def titled(owner: User, title: str) -> Asset:
    asset = keep(make_picture(owner))
    Asset.objects.filter(pk=asset.pk).update(name=title)
    return asset


def test_everything_of_ones_own_comes_with_its_recipes(
    alices: Client, alice: User, bob: User
) -> None:
    asset = titled(alice, "A fox")
    asset.set_tags(["sea"])
    keep(make_picture(bob), public=True)
    keep(make_picture(alice), binned=True)
    found = opened(iter(alices.get("/gallery/zip/").streaming_content))
    assert found.namelist() == ["00001-A-fox.png", "00001-A-fox.json"]
    with files.open_file(asset.file) as original:
        assert found.read("00001-A-fox.png") == original.read()
    told = json.loads(found.read("00001-A-fox.json"))
    assert (told["name"], told["tags"], told["madeBy"]) == ("A fox", ["sea"], "Alice")
    assert told["recipe"]["request"]["seed"] == 7


def test_a_search_is_taken_home_too(alices: Client, alice: User) -> None:
    keep(make_picture(alice, prompt="a fox"))
    keep(make_picture(alice, prompt="a heron"))
    response = alices.get("/gallery/zip/", {"q": "heron"})
    assert opened(iter(response.streaming_content)).namelist()[0] == "00001-a-heron.png"
    assert 'filename="heron-' in response.headers["Content-Disposition"]


def test_everybodys_pictures_are_nobodys_to_take_home_at_once(alices: Client) -> None:
    assert alices.get("/gallery/zip/", {"scope": "public"}).status_code == 404


def test_a_collection_comes_in_its_order_as_far_as_one_sees_it(alice: User, bob: User) -> None:
    last, hidden, first = (titled(alice, name) for name in ("Last", "Hidden", "First"))
    collection = make_collection(alice, first, hidden, last)
    share_collection(collection, person=bob)
    Asset.objects.exclude(pk=hidden.pk).update(visibility=Visibility.PUBLIC, machine_rating="safe")
    client = Client()
    client.force_login(bob)
    response = client.get(f"/collections/{collection.pk}/zip/")
    names = opened(iter(response.streaming_content)).namelist()
    assert [name for name in names if name.endswith("png")] == ["00001-First.png", "00002-Last.png"]


def test_the_chosen_ones_come_in_the_order_chosen(alices: Client, alice: User, bob: User) -> None:
    one, other, his = titled(alice, "one"), titled(alice, "other"), titled(bob, "his")
    chosen = [str(other.pk), str(his.pk), str(one.pk)]
    response = alices.post("/gallery/selection/zip/", {"asset": chosen})
    names = opened(iter(response.streaming_content)).namelist()
    assert names[::2] == ["00001-other.png", "00002-one.png"]


#: Ways to ask for a zip: a selection names each picture, the others a list of them.
ZIPS = {
    "selection": lambda c, k, pks: c.post("/gallery/selection/zip/", {"asset": pks}),
    "collection": lambda c, k, pks: c.get(f"/collections/{k.pk}/zip/"),
    "team": lambda c, k, pks: c.get("/gallery/zip/", {"scope": "team"}),
    "shared": lambda c, k, pks: c.get("/gallery/zip/", {"scope": "shared"}),
}


@pytest.mark.parametrize("policy", SensitivePictures)
@pytest.mark.parametrize("what", ZIPS)
def test_a_zip_of_a_list_holds_what_the_list_shows_and_one_of_chosen_ones_what_was_chosen(
    alice: User, bob: User, client: Client, what: str, policy: SensitivePictures
) -> None:
    team = join(make_team(alice), bob, Role.CONTRIBUTOR).team
    owners = (alice, bob)
    assets = [share(keep(make_picture(each, rating=Rating.SENSITIVE)), team) for each in owners]
    Share.objects.give(assets[0], bob, may_edit=False)
    collection = make_collection(bob, *assets)
    User.objects.filter(pk=bob.pk).update(sensitive_pictures=policy)
    client.force_login(bob)
    response = ZIPS[what](client, collection, [str(each.pk) for each in assets])
    found = opened(iter(response.streaming_content))
    told = [json.loads(found.read(each)) for each in found.namelist() if each.endswith("json")]
    alices_is_in = policy != SensitivePictures.HIDE or what == "selection"
    assert ("Alice" in {each["madeBy"] for each in told}) == alices_is_in
    assert ("Bob" in {each["madeBy"] for each in told}) == (what != "shared")
    assert {each["rating"] for each in told} <= {"sensitive"}


def test_a_recipe_says_what_stands_for_the_picture_where_it_cannot_be_seen(
    alices: Client, alice: User
) -> None:
    keep(make_picture(alice, prompt="a (fox:1.3) <lora:ink:1> in fog"))
    found = opened(iter(alices.get("/gallery/zip/").streaming_content))
    assert json.loads(found.read(found.namelist()[1]))["altText"] == "a fox in fog"


@pytest.mark.parametrize("what", ["zip", "sheet"])
def test_nothing_chosen_is_said_so(alices: Client, what: str) -> None:
    response = alices.post(f"/gallery/selection/{what}/", {})
    assert response.status_code == 422
    assert b"Choose some pictures first." in response.content


def test_what_is_taken_back_meanwhile_is_not_in_it(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipping, "BATCH", 1)
    first, second = (keep(make_picture(alice), public=True) for _ in range(2))
    Asset.objects.update(machine_rating="safe")
    batches = zipping.chosen(bob, [first.pk, second.pk])
    assert next(batches) == [first]
    second.set_visibility(Visibility.PRIVATE)
    assert next(batches) == []


def test_bytes_that_are_gone_are_named_and_the_rest_is_there(alices: Client, alice: User) -> None:
    gone, there = titled(alice, "gone"), titled(alice, "there")
    files.delete([gone.file])
    chosen = {"asset": [str(gone.pk), str(there.pk)]}
    response = alices.post("/gallery/selection/zip/", chosen)
    found = opened(iter(response.streaming_content))
    assert found.namelist() == ["00002-there.png", "00002-there.json", zipping.MISSING]
    assert b"00001-gone" in found.read(zipping.MISSING)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("../../etc/passwd", "00001-etc-passwd"),
        ("..\\windows\\system32", "00001-windows-system32"),
        ("C:CON", "00001-C-CON"),
        ("雪の狐 🦊", "00001-雪の狐"),
        ("a\u202egnp.exe", "00001-a-gnp-exe"),
        ("\0\n", "00001-picture"),
        ("é" * 100, "00001-" + "é" * 40),
    ],
)
def test_no_title_makes_a_name_that_harms(title: str, expected: str) -> None:
    assert zipping.file_name(1, Asset(name=title)) == expected


def test_two_of_one_title_have_two_names(alices: Client, alice: User) -> None:
    chosen = [str(titled(alice, "Fox").pk), str(titled(alice, "Fox").pk)]
    response = alices.post("/gallery/selection/zip/", {"asset": chosen})
    names = opened(iter(response.streaming_content)).namelist()
    assert len(set(names)) == len(names) == 4


def test_who_hangs_up_leaves_nothing_open(alice: User) -> None:
    asset = keep(make_picture(alice))
    pieces = zipping.zipped(zipping.chosen(alice, [asset.pk]))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    files.delete([asset.file])


@pytest.mark.django_db(transaction=True)
async def test_a_zip_is_sent_piece_by_piece_to_async_servers(alice: User) -> None:
    await sync_to_async(titled)(alice, "A fox")
    client = AsyncClient()
    await client.aforce_login(alice)
    response = await client.get("/gallery/zip/")
    assert response.is_async
    body = b"".join([piece async for piece in response.streaming_content])
    assert opened(iter([body])).namelist()[0] == "00001-A-fox.png"


# Contact sheets.


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2)])
def test_a_page_holds_twenty(alice: User, count: int, pages: int) -> None:
    asset = keep(make_picture(alice))
    pdf = contact_sheet.draw([asset] * count, "Foxes", "pdf")
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == pages


def test_a_png_is_as_long_as_its_pictures(alice: User) -> None:
    asset = keep(make_picture(alice))
    sizes = []
    for count in (1, 5, 21):
        png = Image.open(io.BytesIO(contact_sheet.draw([asset] * count, "Foxes", "png")))
        sizes.append(png.size)
    assert sizes[0][1] < sizes[1][1] < contact_sheet.HEIGHT < sizes[2][1]
    assert {width for width, _height in sizes} == {contact_sheet.WIDTH}


def test_a_sheet_shows_the_pictures(alice: User) -> None:
    red = keep(make_picture(alice, pixels=Image.new("RGB", (96, 64), (220, 30, 30))))
    with_it = Image.open(io.BytesIO(contact_sheet.draw([red], "x", "png"))).convert("RGB")
    colors = with_it.resize((124, 60)).getcolors(10_000) or []
    assert sum(count for count, (r, g, _b) in colors if r > 180 and g < 80) > 100


def test_a_sheet_is_bounded(alice: User) -> None:
    asset = make_asset(alice)
    pdf = contact_sheet.draw([asset] * (contact_sheet.MAX_PICTURES + 50), "many", "pdf")
    assert pdf.count(b"/Type /Page\n") == contact_sheet.MAX_PICTURES // contact_sheet.PER_PAGE


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_sheets_are_files_with_a_name(
    alices: Client, alice: User, kind: str, begins: bytes
) -> None:
    collection = make_collection(alice, keep(make_picture(alice)), name="Füchse 1/2")
    response = alices.get(f"/collections/{collection.pk}/sheet/", {"format": kind})
    assert response.content.startswith(begins)
    assert 'filename="Fchse-1-2-' in response.headers["Content-Disposition"]
    assert f".{kind}" in response.headers["Content-Disposition"]


def test_a_sheet_of_another_kind_is_not_found(alices: Client, alice: User) -> None:
    collection = make_collection(alice)
    assert alices.get(f"/collections/{collection.pk}/sheet/?format=exe").status_code == 404
