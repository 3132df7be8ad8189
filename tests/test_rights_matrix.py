"""Every address x everybody: who gets in is written in `tests/rights.py`, and nowhere else.

An address that is missing there fails, and so does one that is there and served no more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

from accounts.models import DataExport, Role, Scope, Team, User
from gallery import sharing
from gallery.models import CollectionRole, PublicationRequest, SavedSearch
from gallery.views.selection import EPOCH, MICROSECOND
from generator.api.site import api
from generator.models import WebhookDelivery
from tests.factories import (
    PASSWORD,
    invite,
    join,
    keep,
    make_collection,
    make_key,
    make_picture,
    make_team,
    make_upload,
    make_user,
    share,
    share_collection,
)
from tests.generator.orders import submit
from tests.generator.webhooks.receiving import make_webhook
from tests.rights import ACTORS, API, EVERYBODY, PAGES, Audience

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

METHODS = ("GET", "POST")


@dataclass
class World:
    """The things of the owner, by the names that addresses have for them, and everybody."""

    things: dict[str, Any]
    people: dict[str, User]

    def address(self, route: str) -> str:
        """The address with the owner's things in it; `route` in Django's or OpenAPI's words."""
        starts = [start for start in self.things if not start or start.endswith("/")]
        below = max((start for start in starts if route.startswith(start)), key=len)
        known = {**self.things, "pk": self.things[below]}
        if route.endswith(("/restoration/", "/erasure/")):
            known |= {"asset_id": self.things["binned"], "upload_id": self.things["unwanted"]}
        plain = re.sub(r"\(\?P<(\w+)>[^()]+\)", r"<\1>", route)
        return re.sub(r"[<{](?:\w+:)?(\w+)[>}]", lambda found: str(known[found[1]]), plain)


@pytest.fixture
def world(alice: User, staff: User) -> World:
    team = make_team(alice, credits=50)
    people = {"owner": alice, "staff": staff, "stranger": make_user()}
    for role in (Role.VIEWER, Role.CONTRIBUTOR, Role.EDITOR):
        people[role] = join(team, make_user(), role).user
    return World(things_of(alice, team), people)


def things_of(alice: User, team: Team) -> dict[str, Any]:
    """What addresses name; a name that ends in "/" says what `pk` means below it."""
    invitation, token = invite(team, uses=5)
    generation = submit(alice)
    asset = share(keep(make_picture(alice)), team)
    wish = PublicationRequest.objects.create(asset=asset, team=team, asked_by=alice)
    webhook = make_webhook(alice, "https://example.org/hook")
    return {
        "": alice.pk,
        "account/keys/": make_key(alice)[0].pk,
        "account/webhooks/": webhook.pk,
        "webhook_id": webhook.pk,
        "delivery_id": WebhookDelivery.test(webhook).pk,
        "account/security/passkeys/": make_passkey(alice).pk,
        "account/sessions/": make_session(alice).pk,
        "account/credits/teams/": team.pk,
        "account/data/copy/": make_copy(alice).pk,
        "teams/": team.pk,
        "team_id": team.pk,
        "user_id": join(team, make_user(), Role.VIEWER).user_id,
        "invitation_id": invitation.pk,
        "token": token,
        "asset_id": asset.pk,
        "share_id": sharing.by_link(asset).pk,
        "gallery/approvals/": wish.pk,
        "publication_id": wish.pk,
        "binned": keep(make_picture(alice), binned=True).pk,
        "generation_id": generation.pk,
        "task_id": generation.pk,
        "upload_id": make_upload(alice).pk,
        "unwanted": make_upload(alice, seed=1).pk,
        "key_id": make_key(alice)[0].pk,
        "model_id": "blank",
        "wallet_id": team.wallet.pk,
        "entry_id": 10**9,  # of a decision that nobody made
        "search_id": SavedSearch.objects.create(owner=alice, name="foxes").pk,
        "name": "original",
        "provider_id": "oidc",
        "uidb36": "1",
        "key": "x",
        # A link that nginx would not open: too old, and signed by nobody.
        "until": 1,
        "viewer": alice.pk,
        "code": "x",
        **organised(alice, team),
    }


def organised(alice: User, team: Team) -> dict[str, Any]:
    """A collection that the team's makers may arrange, and something that lies in the bin."""
    asset = share(keep(make_picture(alice)), team)
    # Addresses of tags name them as those of files do theirs.
    asset.set_tags(["original"])
    collection = make_collection(alice, asset)
    given = share_collection(collection, team=team, role=CollectionRole.EDITOR)
    binned = keep(make_picture(alice), binned=True)
    return {
        "asset_id": asset.pk,
        "collection_id": collection.pk,
        "access_id": given.pk,
        "file": asset.variants.all()[0].file,
        "binned": binned.pk,
        "moment": (binned.deleted_at - EPOCH) // MICROSECOND,
    }


def make_passkey(user: User) -> Authenticator:
    """A passkey as a browser registers it; no device holds its key."""
    key = CoseKey.parse({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    credential = AttestedCredentialData.create(Aaguid.NONE, b"passkey", key)
    told = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.AT, 0, credential)
    response = {
        "clientDataJSON": websafe_encode(
            b'{"type":"webauthn.create","challenge":"eA","origin":"http://testserver"}'
        ),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    data = {
        "id": websafe_encode(b"passkey"),
        "rawId": websafe_encode(b"passkey"),
        "type": "public-key",
        "response": response,
    }
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "key", "credential": data}
    )


def make_session(user: User) -> UserSession:
    told = {"session_key": "x" * 32, "user_agent": "a browser", "ip": "127.0.0.1"}
    return UserSession.objects.create(user=user, **told)


def make_copy(user: User) -> DataExport:
    """A finished copy of somebody's data."""
    file = default_storage.save("exports/copy.zip", ContentFile(b"PK"))
    now = timezone.now()
    times = {"ready_at": now, "expires_at": now + dt.timedelta(days=1)}
    return DataExport.objects.create(user=user, file=file, size=2, **times)


def sign_in(client: Client, user: User) -> None:
    """And confirm the password, so that nothing asks for it again."""
    client.force_login(user)
    confirmed = client.post("/account/confirm/", {"password": PASSWORD})
    assert confirmed.status_code == 302


class Pages:
    """Everybody's browser; a key is sent along by a program that has nothing else."""

    def __init__(self, world: World) -> None:
        self.clients = {actor: Client(raise_request_exception=False) for actor in ACTORS}
        for actor, user in world.people.items():
            sign_in(self.clients[actor], user)
        self.headers = {actor: {} for actor in ACTORS}
        _key, mine = make_key(world.people["owner"], scopes=[Scope.READ])
        self.headers["read-only key"] = mine

    def ask(self, actor: str, method: str, url: str) -> str:
        """What becomes of it; whatever it changes is undone."""
        with transaction.atomic():
            # Whatever the answer before did to the cookies.
            client = copy(self.clients[actor])
            client.cookies = deepcopy(client.cookies)
            response = client.generic(
                method, "/" + url, self.body, self.content_type, headers=self.headers[actor]
            )
            transaction.set_rollback(True)
        return outcome(response)

    # Says what is asked for where an empty form would say nothing; others pass over it.
    body, content_type = "shared=no", "application/x-www-form-urlencoded"


class Programs(Pages):
    """Everybody's key, with every scope it can have."""

    body, content_type = "{}", "application/json"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        for actor, user in world.people.items():
            self.clients[actor] = Client(raise_request_exception=False)
            scopes = [scope for scope in Scope if scope != Scope.ADMIN or user.is_staff]
            _key, self.headers[actor] = make_key(user, scopes=scopes)


def outcome(response: Any) -> str:
    assert response.status_code != 500, f"{response.request} broke"
    if response.status_code in {401, 403, 404, 405}:
        return str(response.status_code)
    asks = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    return "sign in" if asks else "open"


def wrong(asked: Pages, world: World, method: str, route: str, told: Audience) -> Iterator[str]:
    """A line for everybody who gets another answer than the table says."""
    for actor in ACTORS:
        found = asked.ask(actor, method, world.address(route))
        if found != told[actor]:
            yield f"{method} {route} by {actor}: {found}, not {told[actor]}"


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address that is served, as it is written; regular expressions without ^ and $."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)


def test_every_page_is_in_the_table_and_every_line_of_it_is_a_page() -> None:
    elsewhere = ("admin/", "v1", "api/", "sdapi/", "docs/api/")
    served = {route for route in routes(get_resolver()) if not route.startswith(elsewhere)}
    assert served == set(PAGES)


def test_every_operation_of_the_api_is_in_the_table() -> None:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    served = {f"{method.upper()} {path[1:]}" for path in paths for method in paths[path]}
    assert served | {"GET openapi.json"} == set(API)


def test_pages_open_for_those_in_the_table_and_for_nobody_else(world: World) -> None:
    pages = Pages(world)
    found = [
        line
        for route, both in PAGES.items()
        for method, told in zip(METHODS, both, strict=True)
        if told
        for line in wrong(pages, world, method, route, told)
    ]
    assert not found, "\n".join(found)


def test_a_page_that_is_only_looked_at_takes_no_post(world: World) -> None:
    pages = Pages(world)
    shut = {
        route: [pages.ask(actor, method, world.address(route)) for actor in ACTORS]
        for route, both in PAGES.items()
        for method, told in zip(METHODS, both, strict=True)
        if told is None
    }
    assert {route: told for route, told in shut.items() if "open" in told} == {}


def test_the_api_does_what_the_table_says_and_nothing_for_others(world: World) -> None:
    programs = Programs(world)
    found = [
        line
        for operation, told in API.items()
        for line in wrong(programs, world, operation.split()[0], "v1/" + operation.split()[1], told)
    ]
    assert not found, "\n".join(found)


def test_a_session_opens_no_address_of_the_api(world: World) -> None:
    pages = Pages(world)
    operations = [each.split() for each in API if API[each] != EVERYBODY]
    found = {pages.ask("owner", method, world.address("v1/" + path)) for method, path in operations}
    assert found == {"401"}


def test_nobody_but_staff_finds_anything_below_admin(world: World) -> None:
    pages = Pages(world)
    mine = world.things[""]
    world.things |= {"object_id": mine, "id": mine, "content_type_id": 1, "url": "nowhere"}
    world.things |= {"app_label": "accounts", "admin/accounts/wallet/": world.things["wallet_id"]}
    below = [route for route in routes(get_resolver()) if route.startswith("admin/")]
    assert len(below) > 50
    for actor in set(ACTORS) - {"staff"}:
        shut = {pages.ask(actor, "GET", world.address(route)) for route in below}
        assert shut <= {"404", "sign in"}, actor
