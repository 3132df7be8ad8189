"""The job feed: what a card says, how pages look again, who may do what."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from generator import scheduling
from generator.feed import SHOWN
from generator.models import EngineModel, Generation
from generator.models import Preview as PreviewRow
from tests.factories import make_user
from tests.generator.orders import make_model, run_all, submit
from tests.generator.web.browsing import HTMX


def feed(client: Client) -> str:
    return " ".join(client.get(reverse("jobs"), headers=HTMX).content.decode().split())


def state(text: str) -> str:
    found = re.search(r"\?v=(\w+)", text)
    assert found is not None
    return found[1]


def start(owner: User, **fields: object) -> Generation:
    """A job that a worker has begun."""
    submit(owner, **fields)
    (running,) = scheduling.claim("blank", 1)
    return running


def test_an_empty_feed_says_what_to_do_and_offers_two_prompts(page: Client) -> None:
    text = feed(page)
    assert "Nothing painted yet" in text
    assert text.count("data-prompt=") == 2


def test_a_queued_job_tells_its_place_and_what_is_held(page: Client, alice: User) -> None:
    submit(make_user(), "somebody else")
    submit(alice, "first", count=2)
    text = feed(page)
    assert "2nd in line" in text
    assert "2 credits held" in text


def test_a_running_job_tells_its_step_and_picture(page: Client, alice: User) -> None:
    job = start(alice, count=4)
    Generation.objects.filter(pk=job.pk).update(step=6, delivered=1)
    text = feed(page)
    assert "Step 2 of 4" in text
    assert "picture 2 of 4" in text
    assert f'for="progress-{job.pk}"' in text
    assert 'max="16" value="6"' in text


def test_a_running_job_shows_its_preview_inline(page: Client, alice: User) -> None:
    job = start(alice)
    assert "data:image" not in feed(page)
    PreviewRow.show(job, b"webp")
    assert 'src="data:image/webp;base64,d2VicA=="' in feed(page)


def test_finished_pictures_appear_and_the_price_is_settled(page: Client, alice: User) -> None:
    job = submit(alice, count=2)
    run_all()
    text = feed(page)
    for output in job.outputs.all():
        assert reverse("asset", args=[output.asset_id]) in text
    assert "2 credits paid<" in text
    assert "held" not in text


def test_a_failed_job_says_why_and_what_came_back(page: Client, alice: User) -> None:
    make_model("scripted")
    submit(alice, "refuse this", model="scripted", count=3)
    run_all("scripted")
    text = feed(page)
    assert "This prompt is refused." in text
    assert "3 credits came back" in text
    assert "Try again" in text


def test_a_partial_job_says_what_was_paid_and_what_came_back(page: Client, alice: User) -> None:
    make_model("scripted")
    submit(alice, "partial", model="scripted", count=3)
    run_all("scripted")
    text = feed(page)
    assert "1 credit paid<" in text
    assert "2 credits came back" in text


def test_a_binned_picture_is_not_shown(page: Client, alice: User) -> None:
    job = submit(alice)
    run_all()
    output = job.outputs.get()
    output.asset.move_to_bin()
    text = feed(page)
    assert str(output.asset_id) not in text
    assert "Deleted" in text


def test_pages_ask_often_while_painting_seldom_while_queued_and_never_when_idle(
    page: Client, alice: User
) -> None:
    assert "hx-trigger" not in feed(page)
    submit(alice)
    assert 'hx-trigger="every 2000ms"' in feed(page)
    scheduling.claim("blank", 1)
    assert 'hx-trigger="every 600ms"' in feed(page)


def test_an_unchanged_feed_is_not_sent_again(page: Client, alice: User) -> None:
    job = start(alice)
    address = f"{reverse('jobs')}?v={state(feed(page))}"
    assert page.get(address, headers=HTMX).status_code == 204
    Generation.objects.filter(pk=job.pk).update(step=2, revision=F("revision") + 1)
    assert page.get(address, headers=HTMX).status_code == 200


def test_a_job_that_moves_up_the_queue_is_news(page: Client, alice: User) -> None:
    other = submit(make_user(), "somebody else")
    submit(alice)
    address = f"{reverse('jobs')}?v={state(feed(page))}"
    other.cancel()
    assert page.get(address, headers=HTMX).status_code == 200


def test_without_javascript_there_is_a_page_with_a_way_to_look_again(
    page: Client, alice: User
) -> None:
    submit(alice)
    text = page.get(reverse("jobs")).content.decode()
    assert "<title>(1) Jobs" in text
    assert "Refresh" in text


def test_answers_bring_the_balance_along_and_are_not_kept_by_caches(page: Client) -> None:
    response = page.get(reverse("jobs"), headers=HTMX)
    assert 'id="credits"' in response.content.decode()
    assert {"HX-Request", "Cookie"} <= set(re.split(", *", response["Vary"]))
    assert "private" in response["Cache-Control"]
    assert "no-store" not in response["Cache-Control"]


def test_the_feed_shows_the_latest_and_links_to_the_rest(page: Client, alice: User) -> None:
    for number in range(SHOWN + 2):
        submit(alice, f"wish number {number:02}")
    text = feed(page)
    assert text.count("<article") == SHOWN
    assert text.index("wish number 21") < text.index("wish number 20")
    assert "wish number 01" not in text
    assert "in the gallery" in text


@pytest.mark.parametrize("address", ["create", "jobs"])
def test_the_number_of_queries_does_not_grow_with_the_jobs(
    page: Client, alice: User, address: str
) -> None:
    def queries(jobs: int) -> int:
        for number in range(jobs):
            submit(alice, f"wish {number}", count=3)
        run_all()
        submit(alice, "waiting")
        with CaptureQueriesContext(connection) as seen:
            assert page.get(reverse(address)).status_code == 200
        return len(seen)

    queries(1)  # The first look also fills caches.
    assert queries(1) == queries(8)


def test_cancelling_stops_the_job_and_pays_it_back(page: Client, alice: User) -> None:
    job = submit(alice, count=3)
    response = page.post(reverse("job_cancel", args=[job.pk]), headers=HTMX)
    text = response.content.decode()
    assert "3 credits came back" in text
    assert 'id="credits"' in text
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_cancelling_what_ended_says_so(page: Client, alice: User) -> None:
    job = submit(alice)
    run_all()
    response = page.post(reverse("job_cancel", args=[job.pk]), headers=HTMX)
    assert "That job had already ended." in response.content.decode()


def test_trying_again_is_a_new_job_charged_anew(page: Client, alice: User) -> None:
    job = submit(alice, "a heron", seed=9)
    job.cancel()
    response = page.post(reverse("job_retry", args=[job.pk]))
    again = Generation.objects.get(retry_of=job)
    alice.wallet.refresh_from_db()
    assert response["Location"] == reverse("create")
    assert again.request == job.request
    assert alice.wallet.balance == 199


@pytest.mark.parametrize("runs", [0, 1])
def test_only_what_ended_with_nothing_is_tried_again(page: Client, alice: User, runs: int) -> None:
    job = submit(alice)
    for _ in range(runs):
        run_all()
    response = page.post(reverse("job_retry", args=[job.pk]), headers=HTMX)
    assert "Only a failed or cancelled job can be tried again." in response.content.decode()
    assert Generation.objects.count() == 1


def test_trying_again_without_the_credits_says_what_it_costs(page: Client, alice: User) -> None:
    job = submit(alice)
    job.cancel()
    alice.wallet.refresh_from_db()
    alice.wallet.charge(200, reference="test")
    response = page.post(reverse("job_retry", args=[job.pk]), headers=HTMX)
    assert "This costs 1 credit; you have 0." in response.content.decode()


def test_trying_again_when_the_model_is_gone_says_so(page: Client, alice: User) -> None:
    job = submit(alice)
    job.cancel()
    EngineModel.objects.update(enabled=False)
    response = page.post(reverse("job_retry", args=[job.pk]), headers=HTMX)
    assert "There is no model “blank” here" in response.content.decode()


@pytest.mark.parametrize("action", ["job_cancel", "job_retry"])
def test_a_strangers_job_is_not_there(page: Client, mallory: User, action: str) -> None:
    job = submit(mallory)
    assert page.post(reverse(action, args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.status == "queued"
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("action", ["job_cancel", "job_retry"])
def test_looking_changes_nothing(page: Client, alice: User, action: str) -> None:
    job = submit(alice)
    assert page.get(reverse(action, args=[job.pk])).status_code == 405


def test_a_strangers_jobs_are_not_in_the_feed(page: Client, mallory: User) -> None:
    submit(mallory, "a secret wish")
    assert "a secret wish" not in feed(page)


@pytest.mark.parametrize("address", ["create", "jobs", "price"])
def test_visitors_are_sent_to_the_sign_in_page(client: Client, db: None, address: str) -> None:
    response = client.get(reverse(address))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_prompts_are_text_and_never_markup(page: Client, alice: User) -> None:
    submit(alice, '<img src=x onerror="alert(1)">')
    assert "<img src=x" not in feed(page)
