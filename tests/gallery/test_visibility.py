"""Who reaches what: everybody x every state of a picture x every way to look at it.

The table is `tests/gallery/sight.py`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from gallery import organising_urls, sharing, spreading_urls
from gallery.models import Asset, Share, Visibility
from tests.factories import keep, make_picture
from tests.gallery.sight import (
    ACTORS,
    HOLDERS,
    SECRET,
    STATES,
    TAGS,
    WAYS,
    WAYS_BY_LINK,
    State,
    Theatre,
    expected,
    shown_by,
)

pytestmark = pytest.mark.django_db

#: What changes a picture, by the name of its address: what the form says.
CHANGES = {
    "asset_like": {"liked": "yes"},
    "asset_visibility": {"visibility": "public"},
    "asset_rating": {"sensitive": "yes"},
    "asset_appeal": {"note": "Look again."},
    "asset_details": {"name": "taken", "description": "", "tags": ""},
    "asset_people": {"person-email": "x@example.org", "person-right": "view"},
    "asset_links": {"link-days": "1"},
    "asset_deletion": {},
    "asset_restoration": {},
    "asset_erasure": {},
}
#: Changes that those who merely see it may make.
OF_VIEWERS = {"asset_like"}
OF_BINNED = {"asset_restoration", "asset_erasure"}


@pytest.fixture
def theatre(alice: User, staff: User) -> Theatre:
    return Theatre(alice, staff)


def differences(theatre: Theatre, name: str) -> Iterator[str]:
    """A line for everybody who gets another answer than the table says."""
    state, pk = STATES[name], theatre.picture(name).pk
    for actor in ACTORS:
        for label, way in WAYS.items():
            status, body = theatre.ask(actor, way, pk)
            told = expected(state, way, actor)
            if status != told:
                yield f"{label} by {actor}: {status}, not {told}"
            if status >= 400 and (SECRET.encode() in body or b"\x89PNG" in body):
                yield f"{label} by {actor}: refused, and told all the same"
            if way.tagged and any((tag in body) != state.told_away for tag in TAGS):
                yield f"{label} by {actor}: with wrong tags for previews of links"


@pytest.mark.parametrize("name", STATES)
def test_every_way_shows_it_to_those_in_the_table_and_to_nobody_else(
    name: str, theatre: Theatre
) -> None:
    found = list(differences(theatre, name))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("label", HOLDERS)
def test_zips_collections_and_feeds_hold_what_the_table_says_and_nothing_else(
    label: str, theatre: Theatre
) -> None:
    assets = {name: theatre.picture(name) for name in STATES}
    collection = theatre.collection(assets.values())
    names = {str(asset.pk): name for name, asset in assets.items()}
    for actor in ACTORS:
        found = theatre.find(actor, HOLDERS[label], collection, names)
        assert {names[pk] for pk in found} == shown_by(HOLDERS[label], actor), actor


@pytest.mark.parametrize("name", STATES)
def test_programs_are_told_who_may_edit_by_the_same_table(name: str, theatre: Theatre) -> None:
    state, pk = STATES[name], theatre.picture(name).pk
    for actor in state.seen_by - {"anonymous"}:
        _status, body = theatre.ask(actor, WAYS["API"], pk)
        told = json.loads(body)["permissions"]["canEdit"]
        assert told == (actor in state.edited_by), actor


def outcome(state: State, address: str, actor: str) -> int:
    if actor == "anonymous":
        return 302  # to the sign-in page, whatever is there
    if address in OF_BINNED:
        return 302 if actor == "owner" and state.binned else 404
    if actor not in state.seen_by:
        return 404
    if actor == "owner" or address in OF_VIEWERS:
        return 302
    return 302 if actor in state.edited_by and address == "asset_details" else 403


@pytest.mark.parametrize("address", CHANGES)
def test_changes_are_404_for_the_unseen_and_403_for_the_seen(
    address: str, theatre: Theatre
) -> None:
    found = []
    for name, state in STATES.items():
        pk = theatre.picture(name).pk
        for actor in ACTORS:
            before = Asset.objects.filter(pk=pk).values().first()
            url = reverse(address, args=[pk])
            status = theatre.clients[actor].post(url, CHANGES[address]).status_code
            changed = Asset.objects.filter(pk=pk).values().first() != before
            told = outcome(state, address, actor)
            if status != told or (changed and (told != 302 or actor == "anonymous")):
                found.append(f"{name} by {actor}: {status}, not {told}; changed: {changed}")
            if changed:
                pk = theatre.picture(name).pk
    assert not found, "\n".join(found)


# By a link.


def by_link(theatre: Theatre, link: Share, actor: str) -> dict[str, int]:
    """What each address below the link answers to `actor`."""
    found = {}
    for name, file in WAYS_BY_LINK.items():
        url = reverse(name, args=[link.token, file] if file else [link.token])
        found[name] = theatre.clients[actor].get(url).status_code
    return found


def test_a_link_opens_for_anybody_who_has_it(theatre: Theatre) -> None:
    link = sharing.by_link(theatre.picture("private"))
    for actor in ACTORS:
        assert set(by_link(theatre, link, actor).values()) == {200}, actor


def test_the_page_of_a_link_tells_other_sites_nothing(theatre: Theatre) -> None:
    page = reverse("share_link", args=[sharing.by_link(theatre.picture("private")).token])
    for actor in ACTORS:
        body = theatre.clients[actor].get(page).content
        assert not [tag for tag in TAGS if tag in body], actor


@pytest.mark.parametrize("how", ["revoked", "expired", "binned", "erased", "forged"])
def test_a_link_that_ended_opens_for_nobody(how: str, theatre: Theatre) -> None:
    asset = theatre.picture("private")
    link = sharing.by_link(asset)
    end(link, how)
    for actor in ACTORS:
        found = by_link(theatre, link, actor)
        assert set(found.values()) <= {404, 410}, (actor, found)


def end(link: Share, how: str) -> None:
    shares = Share.objects.filter(pk=link.pk)
    if how == "revoked":
        shares.end()
    elif how == "expired":
        shares.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    elif how == "forged":
        link.pk = uuid.uuid4()
    else:
        link.asset.move_to_bin()
    if how == "erased":
        link.asset.delete()


def test_a_link_with_a_password_shows_nothing_before_it_is_typed(theatre: Theatre) -> None:
    link = sharing.by_link(theatre.picture("private"), password="open sesame")
    page = reverse("share_link", args=[link.token])
    for actor in ACTORS:
        assert by_link(theatre, link, actor) == {
            "share_link": 200,
            "share_link_file": 404,
            "share_link_download": 404,
        }, actor
        assert SECRET not in theatre.clients[actor].get(page).content.decode()
    wrong = theatre.clients["stranger"].post(page, {"password": "open barley"})
    assert wrong.status_code == 422
    assert theatre.clients["stranger"].post(page, {"password": "open sesame"}).status_code == 302
    assert set(by_link(theatre, link, "stranger").values()) == {200}
    assert by_link(theatre, link, "anonymous")["share_link_file"] == 404


def test_a_link_to_one_picture_opens_no_other_address_of_it(theatre: Theatre) -> None:
    asset = theatre.picture("private")
    link = sharing.by_link(asset)
    assert theatre.clients["anonymous"].get(reverse("share_link", args=[link.token])).status_code
    for label, way in WAYS.items():
        status, _body = theatre.ask("anonymous", way, asset.pk)
        assert status in {401, 404}, label


# Apart from the table.


def same_but_for(pk: uuid.UUID, body: bytes) -> bytes:
    """The body without what differs from one answer to the next: the id and the form token."""
    return re.sub(rb'token" value="[^"]+"', b"", body.replace(str(pk).encode(), b"ID"))


@pytest.mark.parametrize(
    ("name", "args"), [("asset", []), ("asset_file", ["original"]), ("asset_download", [])]
)
def test_a_hidden_picture_and_a_missing_one_answer_alike(
    client: Client, alice: User, name: str, args: list[str]
) -> None:
    hidden, missing = keep(make_picture(alice)).pk, uuid.uuid4()
    first = client.get(reverse(name, args=[hidden, *args]))
    second = client.get(reverse(name, args=[missing, *args]))
    assert same_but_for(hidden, first.content) == same_but_for(missing, second.content)
    assert set(first.headers) == set(second.headers)


def test_unpublishing_hides_everything_from_the_next_request_on(
    alice: User, bob: User, client: Client
) -> None:
    asset = keep(make_picture(alice), public=True)
    client.force_login(bob)
    url = reverse("asset_file", args=[asset.pk, "original"])
    assert client.get(url).status_code == 200
    asset.set_visibility(Visibility.PRIVATE)
    assert client.get(url).status_code == 404


def test_every_address_of_the_gallery_is_in_this_matrix() -> None:
    tested = {
        "asset",
        "asset_file",
        "thumbnail",
        "asset_download",
        "asset_lineage",
        "compare",
        *WAYS_BY_LINK,
        *CHANGES,
    }
    apart = (*organising_urls.urlpatterns, *spreading_urls.urlpatterns)
    elsewhere = ELSEWHERE | {each.name for each in apart}
    included = next(p for p in get_resolver().url_patterns if "gallery.urls" in repr(p))
    assert {pattern.name for pattern in included.url_patterns} == tested | elsewhere


#: Addresses whose own files test who gets in, as those of organising and spreading do.
ELSEWHERE = {
    # An owner does not report their own: test_safety_pages.
    *("asset_report", "share_link_report", "notices", "notices_mail"),
    *("gallery", "bin", "uploads", "upload_file", "upload_erasure", "asset_team"),
    *("saved_searches", "saved_search_name", "saved_search_removal"),
    *("asset_sharing", "share_right", "share_end", "share_invitation", "approvals", "approval"),
}
