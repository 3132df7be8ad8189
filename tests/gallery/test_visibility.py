"""Who reaches what: every viewer x every state of a picture x every address."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Role, User
from gallery import organising_urls, spreading_urls
from gallery.models import Asset, Visibility
from tests.factories import join, keep, make_key, make_picture, make_team, make_user, share

pytestmark = pytest.mark.django_db

MEMBERS = tuple(f"team's {role}" for role in Role)
VIEWERS = (
    *("anonymous", "stranger", "owner", "staff", "key of stranger", "key of owner"),
    *(*MEMBERS, "who left the team", "key of team's viewer"),
)
STATES = (
    *("private", "public", "binned", "binned public", "nowhere"),
    *("shared", "binned shared", "shared with a closed team"),
)
CASES = list(itertools.product(VIEWERS, STATES))
#: Name of the address -> method, and which of its bytes.
BYTES = {
    "original": ("GET", "asset_file", ["original"]),
    "variant": ("GET", "asset_file", ["96.webp"]),
    "original HEAD": ("HEAD", "asset_file", ["original"]),
    "variant range": ("RANGE", "asset_file", ["96.webp"]),
    "download": ("GET", "asset_download", []),
    "download HEAD": ("HEAD", "asset_download", []),
}
PAGES = {"page": ("GET", "asset", []), "page HEAD": ("HEAD", "asset", [])}
CHANGES = {
    "like": ("POST", "asset_like", []),
    "unlike": ("DELETE", "asset_like", []),
    "visibility": ("POST", "asset_visibility", []),
    "details": ("POST", "asset_details", []),
    "rating": ("POST", "asset_rating", []),
    "appeal": ("POST", "asset_appeal", []),
    "deletion": ("POST", "asset_deletion", []),
    "restoration": ("POST", "asset_restoration", []),
    "erasure": ("POST", "asset_erasure", []),
}
FORM = {
    **{"visibility": "public", "sensitive": "yes", "note": "Look again."},
    **{"name": "taken", "description": "", "tags": ""},
}


@dataclass
class Viewer:
    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, url: str) -> tuple[int, bytes]:
        headers = dict(self.headers)
        if method == "RANGE":
            method, headers["Range"] = "GET", "bytes=0-3"
        data = FORM if method == "POST" else None
        request = getattr(self.client, method.lower())
        response = request(url, data, headers=headers) if data else request(url, headers=headers)
        body = b"".join(response) if response.streaming else response.content
        return response.status_code, body


@pytest.fixture
def viewer(alice: User, bob: User, staff: User) -> Callable[[str], Viewer]:
    people = {"stranger": bob, "owner": alice, "staff": staff, "who left the team": make_user()}
    people |= {member: make_user() for member in MEMBERS}

    def make(kind: str) -> Viewer:
        person = people.get(kind.removeprefix("key of "))
        _be_in_teams(people)
        if kind.startswith("key of"):
            return Viewer(Client(), make_key(person)[1])
        client = Client()
        if person:
            client.force_login(person)
        return Viewer(client)

    return make


def _be_in_teams(people: dict[str, User]) -> None:
    """Put everybody into the owner's teams, as what they are there."""
    for membership in people["owner"].memberships.select_related("team"):
        if membership.team.memberships.count() == 1:
            for role in Role:
                join(membership.team, people[f"team's {role}"], role)
            join(membership.team, people["who left the team"], Role.EDITOR).end()
            if "closed" in membership.team.name:
                membership.team.close()


def make_state(owner: User, state: str) -> uuid.UUID:
    if state == "nowhere":
        return uuid.uuid4()
    picture = make_picture(owner, prompt="the secret prompt")
    asset = keep(picture, public="public" in state, binned="binned" in state)
    if "shared" in state:
        share(asset, make_team(owner, name=state))
    return asset.pk


def expected_bytes(kind: str, state: str) -> bool:
    """Published ones are everybody's, others their owner's; the bin shows its owner's session."""
    if state == "public":
        return True
    if state == "shared":
        return kind in {"owner", "key of owner", "key of team's viewer", *MEMBERS}
    if state in {"private", "shared with a closed team"}:
        return kind in {"owner", "key of owner"}
    return kind == "owner" and state != "nowhere"


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_bytes_go_to_those_who_may_see_the_picture_and_to_nobody_else(
    kind: str, state: str, viewer: Callable[[str], Viewer], alice: User
) -> None:
    pk = make_state(alice, state)
    for what, (method, name, args) in BYTES.items():
        status, body = viewer(kind).ask(method, reverse(name, args=[pk, *args]))
        if expected_bytes(kind, state):
            assert status == (206 if method == "RANGE" else 200), what
        else:
            assert status == 404, what
            assert b"secret" not in body, what
            assert b"\x89PNG" not in body, what


def expected_page(kind: str, state: str) -> int:
    # Keys open the API and files; a page knows sessions only.
    if state == "public" or (state == "shared" and kind in MEMBERS):
        return 200
    mine = {"private", "shared", "shared with a closed team"}
    return 200 if kind == "owner" and state in mine else 404


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_pages_open_for_those_who_may_see_the_picture_and_for_nobody_else(
    kind: str, state: str, viewer: Callable[[str], Viewer], alice: User
) -> None:
    pk = make_state(alice, state)
    for what, (method, name, args) in PAGES.items():
        status, body = viewer(kind).ask(method, reverse(name, args=[pk, *args]))
        assert status == expected_page(kind, state), what
        if status == 404:
            assert b"secret" not in body, what


def expected_change(kind: str, state: str, what: str) -> int:
    if kind == "anonymous" or kind.startswith("key of"):
        return 302  # to the sign-in page, whatever is there
    if what in {"restoration", "erasure"}:
        return 302 if kind == "owner" and "binned" in state else 404
    if state == "nowhere" or "binned" in state:
        return 404
    seen = state == "public" or (state == "shared" and kind in MEMBERS)
    if kind == "owner" or (seen and what in {"like", "unlike"}):
        return 302
    edits = state == "shared" and kind in {"team's owner", "team's editor"}
    return 302 if edits and what == "details" else 403 if seen else 404


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_changes_are_404_for_the_unseen_and_403_for_the_seen(
    kind: str, state: str, viewer: Callable[[str], Viewer], alice: User
) -> None:
    for what, (method, name, args) in CHANGES.items():
        pk = make_state(alice, state)
        before = Asset.objects.filter(pk=pk).values().first()
        status, _body = viewer(kind).ask(method, reverse(name, args=[pk, *args]))
        expected = expected_change(kind, state, what)
        assert status == expected, what
        if expected != 302 or kind == "anonymous" or kind.startswith("key of"):
            assert Asset.objects.filter(pk=pk).values().first() == before, what


def same_but_for(pk: uuid.UUID, body: bytes) -> bytes:
    """The body without what differs from one answer to the next: the id and the form token."""
    return re.sub(rb'token" value="[^"]+"', b"", body.replace(str(pk).encode(), b"ID"))


@pytest.mark.parametrize(
    ("name", "args"), [("asset", []), ("asset_file", ["original"]), ("asset_download", [])]
)
def test_a_hidden_picture_and_a_missing_one_answer_alike(
    client: Client, alice: User, name: str, args: list[str]
) -> None:
    hidden, missing = make_state(alice, "private"), make_state(alice, "nowhere")
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
    tested = {name for _method, name, _args in (BYTES | PAGES | CHANGES).values()}
    # Tested in test_gallery_page, test_bin, test_uploads, test_uploads_page and test_team_gallery.
    others = {"gallery", "bin", "uploads", "upload_file", "upload_erasure", "asset_team"}
    # And this one in test_safety_pages: an owner does not report their own.
    others |= {"asset_report"}
    # What is for everybody or nobody, in test_spreading.
    others |= {pattern.name for pattern in spreading_urls.urlpatterns}
    included = next(p for p in get_resolver().url_patterns if "gallery.urls" in repr(p))
    # And these in test_collection_pages, test_selection, test_tags, test_zip and test_bin.
    others |= {pattern.name for pattern in organising_urls.urlpatterns}
    assert {pattern.name for pattern in included.url_patterns} == tested | others
