"""Schemathesis reads the description and sends what it allows, and what it does not.

No answer may be a server's fault, or of a status, type or shape that is not described.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Role, Scope, StaffRole, TeamInvitation, User
from gallery import moderating
from gallery.models import SavedSearch, Share
from gallery.moderating import Decision
from generator.models import WebhookDelivery
from tests.factories import (
    join,
    keep,
    make_asset,
    make_collection,
    make_key,
    make_picture,
    make_team,
    make_upload,
    make_user,
    make_wish,
    share_collection,
)
from tests.generator.api.examples import examples
from tests.generator.api.programs import Program
from tests.generator.orders import run_all
from tests.generator.webhooks.receiving import make_webhook

pytestmark = pytest.mark.slow

EXAMPLES = examples(50)
CHECKS = [
    checks.not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", WSGIHandler())
_calls = itertools.count()


@pytest.fixture
def there(alices: Program, settings: Any) -> dict[str, list[str]]:
    """Ids that exist, by the name of their place in a path."""
    settings.MAX_QUEUED_PER_USER = settings.API_BURST = 100_000
    for prompt in ("a", "b"):
        alices.submit(prompt=prompt, ratio=None, width=256, height=256)
    run_all()
    alices.submit()
    cancelled = alices.submit().json()["id"]
    alices.post(f"/v1/tasks/{cancelled}/cancel")
    tasks = [item["id"] for item in alices.get("/v1/tasks").json()["items"]]
    assets = [str(make_asset(alices.user, public=True).pk) for _ in range(2)]
    uploads = [str(make_upload(alices.user, seed=n).pk) for n in range(2)]
    made = {"task_id": tasks, "asset_id": assets, "upload_id": uploads, "model_id": ["blank"]}
    return {**made, **people(alices.user), **kept(alices.user)}


def kept(owner: User) -> dict[str, list[str]]:
    """Collections and pictures that others see, decisions, a search, a webhook that was tried."""
    pictures = [keep(make_picture(owner)) for _ in range(2)]
    for picture in pictures:
        picture.set_tags(["fox"])
    collections = [make_collection(owner, picture) for picture in pictures]
    given = [share_collection(each, person=make_user()) for each in collections]
    team = make_team(owner, name="East")
    webhook = make_webhook(owner, "https://example.org/hook")
    rows = {
        "collection_id": collections,
        "access_id": given,
        "share_id": [Share.objects.give(each, make_user(), may_edit=False) for each in pictures],
        "entry_id": [moderating.decide(each.pk, owner, Decision.SENSITIVE) for each in pictures],
        "publication_id": [make_wish(picture, team) for picture in pictures],
        "search_id": [SavedSearch.objects.create(owner=owner, name="foxes")],
        "webhook_id": [webhook],
        "delivery_id": [WebhookDelivery.test(webhook)],
    }
    ids = {name: [str(row.pk) for row in found] for name, found in rows.items()}
    return {**ids, "name": ["fox"]}


def people(owner: User) -> dict[str, list[str]]:
    """Teams with a member and an invitation each, and a key to revoke."""
    teams = [make_team(owner, name=name, credits=50) for name in ("North", "South")]
    members = [join(team, make_user(), Role.EDITOR).user for team in teams]
    ways = [TeamInvitation.issue(team, Role.VIEWER, invited_by=owner)[0] for team in teams]
    rows = {
        "team_id": teams,
        "user_id": members,
        "invitation_id": ways,
        "wallet_id": [team.wallet for team in teams],
        "key_id": [make_key(owner)[0]],
    }
    return {name: [str(row.pk) for row in found] for name, found in rows.items()}


@pytest.fixture
def alices(alice: User) -> Program:
    """She may do everything, so that every operation is reached."""
    alice.set_staff_role(StaffRole.ADMIN)
    alice.save()
    return Program(alice, Scope.values)


@pytest.fixture(autouse=True)
def one_connection(there: dict[str, list[str]]) -> Iterator[None]:
    """Requests would else close the connection that holds the test's transaction.

    Comes after `there`, because Django's own client connects these signals again.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(
    case: Any, alices: Program, there: dict[str, list[str]]
) -> None:
    number = next(_calls)
    if number % 2:
        aim(case, there, number // 2)
    case.call_and_validate(headers=alices.headers, checks=CHECKS)


def aim(case: Any, there: dict[str, list[str]], number: int) -> None:
    """Let a request that would meet nothing meet something: ids and models that exist."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = there[name][number % len(there[name])]
    if isinstance(case.body, dict) and "ratio" in case.body:
        sized = {"width", "height"}
        rest = {name: value for name, value in case.body.items() if name not in sized}
        case.body = {**rest, "model": "blank"}
