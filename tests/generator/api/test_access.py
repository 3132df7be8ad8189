"""Who gets in: keys, scopes, strangers."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import ApiKey, Role, Scope, TeamInvitation, User
from gallery import sharing
from gallery.models import SavedSearch
from generator.api.site import api
from generator.models import Generation, WebhookDelivery
from tests.factories import (
    make_asset,
    make_collection,
    make_team,
    make_upload,
    make_wish,
    share_collection,
)
from tests.generator.api.programs import SQUARE, TASKS, Program, body
from tests.generator.webhooks.receiving import make_webhook

NOBODY = uuid.UUID(int=1)
#: Every operation: method, path, the scope it needs.
OPERATIONS = [
    ("post", TASKS, "generate"),
    ("get", "/v1/tasks", "read"),
    ("get", "/v1/tasks/{task}", "read"),
    ("get", "/v1/tasks/text-to-image/{task}", "read"),
    ("post", "/v1/tasks/{task}/cancel", "generate"),
    ("post", "/v1/tasks/{task}/retry", "generate"),
    ("get", "/v1/assets", "read"),
    ("post", "/v1/assets/bulk", "gallery"),
    ("get", "/v1/assets/{asset}", "read"),
    ("patch", "/v1/assets/{asset}", "gallery"),
    ("delete", "/v1/assets/{asset}", "gallery"),
    ("post", "/v1/assets/{asset}/like", "gallery"),
    ("delete", "/v1/assets/{asset}/like", "gallery"),
    ("post", "/v1/assets/{asset}/rating", "gallery"),
    ("post", "/v1/assets/{asset}/report", "gallery"),
    ("post", "/v1/assets/{asset}/appeal", "gallery"),
    ("get", "/v1/staff/moderation", "admin"),
    ("post", "/v1/staff/moderation/{asset}", "admin"),
    ("post", "/v1/staff/moderation/{entry}/undo", "admin"),
    ("post", "/v1/imports", "generate"),
    ("get", "/v1/searches", "read"),
    ("post", "/v1/searches", "gallery"),
    ("patch", "/v1/searches/{search}", "gallery"),
    ("delete", "/v1/searches/{search}", "gallery"),
    ("get", "/v1/collections", "read"),
    ("post", "/v1/collections", "gallery"),
    ("get", "/v1/collections/{collection}", "read"),
    ("patch", "/v1/collections/{collection}", "gallery"),
    ("delete", "/v1/collections/{collection}", "gallery"),
    ("get", "/v1/collections/{collection}/items", "read"),
    ("post", "/v1/collections/{collection}/items", "gallery"),
    ("patch", "/v1/collections/{collection}/items/{asset}", "gallery"),
    ("delete", "/v1/collections/{collection}/items/{asset}", "gallery"),
    ("get", "/v1/collections/{collection}/shares", "read"),
    ("post", "/v1/collections/{collection}/shares", "gallery"),
    ("delete", "/v1/collections/{collection}/shares/{access}", "gallery"),
    ("get", "/v1/tags", "read"),
    ("patch", "/v1/tags/{name}", "gallery"),
    ("delete", "/v1/tags/{name}", "gallery"),
    ("post", "/v1/uploads", "generate"),
    ("get", "/v1/uploads/{upload}", "read"),
    ("delete", "/v1/uploads/{upload}", "generate"),
    ("get", "/v1/shares", "read"),
    ("post", "/v1/shares", "gallery"),
    ("get", "/v1/shares/{share}", "read"),
    ("patch", "/v1/shares/{share}", "gallery"),
    ("delete", "/v1/shares/{share}", "gallery"),
    ("get", "/v1/publications", "read"),
    ("get", "/v1/publications/{publication}", "read"),
    ("post", "/v1/publications/{publication}/approve", "gallery"),
    ("post", "/v1/publications/{publication}/decline", "gallery"),
    ("delete", "/v1/publications/{publication}", "gallery"),
    ("get", "/v1/billing", "read"),
    ("get", "/v1/models", "read"),
    ("get", "/v1/models/{model}", "read"),
    ("get", "/v1/styles", "read"),
    ("get", "/v1/samplers", "read"),
    ("get", "/v1/ratios", "read"),
    ("get", "/v1/me", "read"),
    ("patch", "/v1/me", "gallery"),
    ("get", "/v1/teams", "read"),
    ("post", "/v1/teams", "gallery"),
    ("get", "/v1/teams/{team}", "read"),
    ("patch", "/v1/teams/{team}", "gallery"),
    ("delete", "/v1/teams/{team}", "gallery"),
    ("post", "/v1/teams/{team}/leave", "gallery"),
    ("get", "/v1/teams/{team}/members", "read"),
    ("patch", "/v1/teams/{team}/members/{user}", "gallery"),
    ("delete", "/v1/teams/{team}/members/{user}", "gallery"),
    ("get", "/v1/teams/{team}/invitations", "read"),
    ("post", "/v1/teams/{team}/invitations", "gallery"),
    ("delete", "/v1/teams/{team}/invitations/{invitation}", "gallery"),
    ("post", "/v1/teams/invitations/accept", "gallery"),
    ("get", "/v1/credits", "read"),
    ("get", "/v1/credits/entries", "read"),
    ("get", "/v1/credits/use", "read"),
    ("get", "/v1/keys", "read"),
    ("post", "/v1/keys", "gallery"),
    ("delete", "/v1/keys/{key}", "gallery"),
    ("get", "/v1/webhooks", "read"),
    ("post", "/v1/webhooks", "gallery"),
    ("get", "/v1/webhooks/{webhook}", "read"),
    ("patch", "/v1/webhooks/{webhook}", "gallery"),
    ("delete", "/v1/webhooks/{webhook}", "gallery"),
    ("post", "/v1/webhooks/{webhook}/rotate", "gallery"),
    ("post", "/v1/webhooks/{webhook}/test", "gallery"),
    ("get", "/v1/webhooks/{webhook}/deliveries", "read"),
    ("post", "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", "gallery"),
    ("get", "/v1/staff/people", "admin"),
    ("get", "/v1/staff/people/{user}", "admin"),
    ("get", "/v1/staff/teams", "admin"),
    ("get", "/v1/staff/teams/{team}", "admin"),
    ("post", "/v1/staff/wallets/{wallet}/grants", "admin"),
    ("post", "/v1/staff/wallets/{wallet}/corrections", "admin"),
]
#: Models are everybody's; test_choices has the one that is not there.
ABOUT_ONE = [
    one
    for one in OPERATIONS
    if "{" in one[1] and one[2] != "admin" and not one[1].startswith("/v1/models")
]
NUMBERED = ("team", "user", "invitation", "key", "wallet", "webhook", "search", "entry")
ABSENT = dict.fromkeys(
    ("task", "asset", "share", "upload", "model", "delivery"), NOBODY
) | dict.fromkeys(NUMBERED, 10**15)
ABSENT |= {"collection": NOBODY, "access": 10**15, "name": "nothing", "publication": 10**15}


def call(client: Client, method: str, path: str) -> Any:
    data = json.dumps(body() if path == TASKS else {})
    return client.generic(method.upper(), path, data, "application/json")


def test_the_list_above_holds_every_operation() -> None:
    paths = api.get_openapi_schema(path_prefix="/v1/")["paths"]
    served = {(method, path.replace("_id}", "}")) for path, all in paths.items() for method in all}
    assert served == {(method, path) for method, path, _scope in OPERATIONS}


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_nobody_gets_in_without_a_key(method: str, path: str, scope: str, client: Client) -> None:
    answer = call(client, method, path.format(**ABSENT))
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthenticated."})
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_a_key_without_the_scope_is_refused(
    method: str, path: str, scope: str, alice: User
) -> None:
    others = [other for other in Scope.values if other != scope]
    program = Program(alice, scopes=others)
    answer = call(program.client, method, path.format(**ABSENT))
    assert answer.status_code == 403
    assert scope in answer.json()["message"]


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_a_session_opens_nothing(
    method: str, path: str, scope: str, client: Client, alice: User
) -> None:
    client.force_login(alice)
    assert call(client, method, path.format(**ABSENT)).status_code == 401


def things_of(program: Program) -> dict[str, object]:
    """One of each kind, all of them somebody's own."""
    team = make_team(program.user)
    invitation, _token = TeamInvitation.issue(team, Role.VIEWER, invited_by=program.user)
    webhook = make_webhook(program.user, "https://example.org/hook")
    asset = make_asset(program.user)
    asset.set_tags(["fox"])
    collection = make_collection(program.user, asset)
    return {
        "task": program.submit().json()["id"],
        "asset": asset.pk,
        "collection": collection.pk,
        "access": share_collection(collection, team=team).pk,
        "name": "fox",
        "share": sharing.by_link(make_asset(program.user)).pk,
        "upload": make_upload(program.user).pk,
        "publication": make_wish(asset, team).pk,
        "team": team.pk,
        "user": program.user.pk,
        "invitation": invitation.pk,
        "key": program.key.pk,
        "webhook": webhook.pk,
        "search": SavedSearch.objects.create(owner=program.user, name="foxes").pk,
        "delivery": WebhookDelivery.test(webhook).message_id,
    }


@pytest.mark.parametrize(("method", "path", "scope"), ABOUT_ONE)
def test_what_is_not_yours_looks_like_what_is_not_there(
    method: str, path: str, scope: str, alices: Program, mallorys: Program
) -> None:
    hidden = call(mallorys.client, method, path.format(**things_of(alices)))
    absent = call(mallorys.client, method, path.format(**ABSENT))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content


def test_somebody_elses_public_picture_may_be_seen_but_not_changed(
    alices: Program, mallorys: Program
) -> None:
    path = f"/v1/assets/{make_asset(alices.user, public=True).pk}"
    assert mallorys.get(path).json()["permissions"] == {"canEdit": False}
    assert mallorys.patch(path, {"name": "mine"}).status_code == 403
    assert mallorys.delete(path).status_code == 403


def test_a_revoked_key_opens_nothing_from_the_next_request_on(alices: Program) -> None:
    assert alices.get("/v1/billing").status_code == 200
    alices.key.revoke()
    assert alices.get("/v1/billing").status_code == 401


def test_a_person_who_was_shut_out_has_no_key(alices: Program) -> None:
    User.objects.filter(pk=alices.user.pk).update(is_active=False)
    assert alices.submit().status_code == 401


@pytest.mark.parametrize("value", ["Bearer", "Bearer  ", "Basic abc", "Bearer lim_wrong", "é\x7f"])
def test_a_wrong_header_is_401(value: str, client: Client) -> None:
    assert client.get("/v1/billing", headers={"Authorization": value}).status_code == 401


def test_a_key_in_the_address_opens_nothing(alice: User, client: Client) -> None:
    _key, token = ApiKey.issue(alice, "k")
    assert client.get(f"/v1/billing?api_key={token}").status_code == 401


def test_each_answer_tells_the_rate_limit(alices: Program) -> None:
    headers = alices.get("/v1/billing").headers
    assert headers["RateLimit-Limit"] == str(settings.API_BURST)
    assert int(headers["RateLimit-Remaining"]) == settings.API_BURST - 1


def test_who_asks_too_often_is_told_when_to_come_back(alices: Program, settings: Any) -> None:
    settings.API_BURST, settings.API_REQUESTS_PER_SECOND = 2, 1
    answers = [alices.submit() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_answers_are_kept_by_no_cache(alices: Program) -> None:
    assert "no-store" in alices.get("/v1/assets").headers["Cache-Control"]


def test_a_submission_by_one_is_not_in_the_list_of_another(
    alices: Program, mallorys: Program
) -> None:
    alices.submit(ratio=SQUARE)
    assert mallorys.get("/v1/tasks").json()["items"] == []
    assert Generation.objects.count() == 1
