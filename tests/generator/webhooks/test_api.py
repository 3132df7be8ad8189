"""Programs manage webhooks: making, changing, rotating, looking, sending again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from generator.models import Webhook, WebhookDelivery, WebhookEvent
from generator.webhooks.managing import MAX_WEBHOOKS
from tests.factories import join, make_team, make_user
from tests.generator.api.programs import Program
from tests.generator.remote.provider import Says
from tests.generator.webhooks.receiving import Receiver, deliver_all, make_webhook, verified

pytestmark = pytest.mark.django_db
URL = "https://example.org/hook"


@pytest.fixture
def alices(alice: User) -> Program:
    return Program(alice)


def make(program: Program, **fields: Any) -> Any:
    return program.post("/v1/webhooks", {"url": URL, **fields})


def test_one_that_is_made_tells_its_secret_once(alices: Program) -> None:
    made = make(alices, description="  orders  ")
    assert made.status_code == 201
    told = made.json()
    assert told["secret"].startswith("whsec_")
    assert (told["url"], told["description"], told["events"]) == (
        URL,
        "orders",
        WebhookEvent.values,
    )
    assert "secret" not in alices.get(f"/v1/webhooks/{told['id']}").json()
    assert told["secret"] not in alices.get("/v1/webhooks").content.decode()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": 7}, "url"),
        ({"url": "https://example.org/" + "x" * 500}, "url"),
        ({"events": []}, "events"),
        ({"events": ["webhook.test"]}, "events"),
        ({"events": "generation.failed"}, "events"),
        ({"description": "x" * 121}, "description"),
        ({"team": 10**15}, "team"),
        ({"enabled": False}, "enabled"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"owner": 1}, "owner"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_made(
    fields: dict[str, Any], wrong: str, alices: Program
) -> None:
    refused = make(alices, **fields)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [wrong])
    assert not Webhook.objects.exists()


def test_a_key_that_may_not_look_has_nothing_sent_either(alice: User) -> None:
    blind = Program(alice, scopes=["gallery"])
    assert make(blind).status_code == 403
    webhook = make_webhook(alice, URL)
    assert blind.post(f"/v1/webhooks/{webhook.pk}/rotate").status_code == 403
    assert blind.patch(f"/v1/webhooks/{webhook.pk}", {"url": URL + "2"}).status_code == 403


def test_there_is_an_end_to_how_many(alices: Program, alice: User) -> None:
    for _ in range(MAX_WEBHOOKS):
        make_webhook(alice, URL)
    assert make(alices).status_code == 409


def test_what_changes_is_what_was_sent(alices: Program, alice: User) -> None:
    webhook = make_webhook(alice, URL)
    told = alices.patch(f"/v1/webhooks/{webhook.pk}", {"events": ["generation.failed"]}).json()
    assert (told["events"], told["url"], told["enabled"]) == (["generation.failed"], URL, True)
    assert not alices.patch(f"/v1/webhooks/{webhook.pk}", {"enabled": False}).json()["enabled"]


def test_a_rotation_tells_the_new_secret_once(alices: Program, receiver: Receiver) -> None:
    made = make(alices, url=receiver.url).json()
    path = f"/v1/webhooks/{made['id']}"
    rotated = alices.post(f"{path}/rotate").json()
    assert rotated["secret"] != made["secret"]
    alices.post(f"{path}/test")
    deliver_all()
    for secret in (made["secret"], rotated["secret"]):
        verified(receiver.seen[0], secret)


def test_a_test_arrives_and_is_in_the_log(alices: Program, receiver: Receiver) -> None:
    receiver.says = Says(b"thank you")
    path = f"/v1/webhooks/{make(alices, url=receiver.url).json()['id']}"
    sent = alices.post(f"{path}/test")
    assert (sent.status_code, sent.json()["state"]) == (202, "pending")
    deliver_all()
    [told] = alices.get(f"{path}/deliveries").json()["items"]
    assert (told["id"], told["state"]) == (sent.json()["id"], "delivered")
    assert (told["attempts"][0]["status"], told["attempts"][0]["answer"]) == (200, "thank you")


def test_what_arrived_can_be_sent_again_under_the_same_id(
    alices: Program, receiver: Receiver
) -> None:
    path = f"/v1/webhooks/{make(alices, url=receiver.url).json()['id']}"
    sent = alices.post(f"{path}/test").json()["id"]
    deliver_all()
    again = alices.post(f"{path}/deliveries/{sent}/redeliver")
    assert again.status_code == 202
    deliver_all()
    assert [seen.headers["webhook-id"] for seen in receiver.seen] == [sent, sent]


def test_what_is_on_its_way_is_not_sent_twice(alices: Program, alice: User) -> None:
    webhook = make_webhook(alice, URL)
    message = WebhookDelivery.test(webhook).message_id
    WebhookDelivery.objects.claim()
    path = f"/v1/webhooks/{webhook.pk}/deliveries/{message}/redeliver"
    assert alices.post(path).status_code == 409


def test_what_is_switched_off_sends_no_test(alices: Program, alice: User) -> None:
    webhook = make_webhook(alice, URL)
    webhook.change(alice, enabled=False)
    assert alices.post(f"/v1/webhooks/{webhook.pk}/test").status_code == 409
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("sent", ["x", "msg_", "msg_" + "0" * 32, "%00", "a" * 300])
def test_a_message_that_is_not_there_is_404(sent: str, alices: Program, alice: User) -> None:
    path = f"/v1/webhooks/{make_webhook(alice, URL).pk}/deliveries/{sent}/redeliver"
    assert alices.post(path).status_code == 404


def test_the_log_is_walked_by_cursors(alices: Program, alice: User) -> None:
    webhook = make_webhook(alice, URL)
    sent = [WebhookDelivery.test(webhook) for _ in range(5)]
    for age, delivery in enumerate(sent):
        earlier = delivery.created_at - dt.timedelta(hours=age)
        WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=earlier)
    seen, cursor = [], ""
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        page = alices.get(f"/v1/webhooks/{webhook.pk}/deliveries?limit=2{more}").json()
        seen += [item["id"] for item in page["items"]]
        if not (cursor := page["nextCursor"]):
            break
    assert seen == [delivery.message_id for delivery in sent]


def test_the_log_takes_as_many_queries_for_one_as_for_many(alices: Program, alice: User) -> None:
    webhook = make_webhook(alice, URL)

    def queries() -> int:
        alices.key.note_use()
        with CaptureQueriesContext(connection) as captured:
            alices.get(f"/v1/webhooks/{webhook.pk}/deliveries")
        return len(captured)

    WebhookDelivery.test(webhook)
    queries()
    with_one = queries()
    for _ in range(20):
        WebhookDelivery.test(webhook)
    assert queries() == with_one


class TestOfATeam:
    """Owners of a team manage its webhooks; its other members see none."""

    @pytest.fixture
    def team(self, alice: User):
        return make_team(alice)

    def test_its_owners_see_it_and_its_others_do_not(self, team, alices):
        made = make(alices, team=team.pk).json()
        second = Program(join(team, make_user(), Role.OWNER).user)
        editor = Program(join(team, make_user(), Role.EDITOR).user)
        path = f"/v1/webhooks/{made['id']}"
        assert second.get(path).json()["team"] == team.pk
        assert editor.get(path).status_code == 404
        assert editor.get("/v1/webhooks").json()["items"] == []

    def test_an_editor_makes_none_for_it(self, team):
        editor = Program(join(team, make_user(), Role.EDITOR).user)
        assert make(editor, team=team.pk).status_code == 422

    def test_who_changes_it_answers_for_it(self, team, alices, alice):
        second = Program(join(team, make_user(), Role.OWNER).user)
        webhook = make_webhook(alice, URL, team=team)
        told = second.patch(f"/v1/webhooks/{webhook.pk}", {"url": URL + "/2"}).json()
        assert told["ownerId"] == second.user.pk

    def test_who_left_it_finds_it_no_more(self, team, alices, alice):
        join(team, make_user(), Role.OWNER)
        webhook = make_webhook(alice, URL, team=team)
        team.memberships.get(user=alice).end()
        assert alices.get(f"/v1/webhooks/{webhook.pk}").status_code == 404
