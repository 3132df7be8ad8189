"""What a person's keys did, and the services that they open."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, CreditEntry, User
from generator import api_usage, examples, submission
from generator.models import EngineModel
from tests.factories import make_key, make_user
from tests.generator.orders import make_model, make_request, run_all, submit
from tests.generator.web.browsing import open_form, press_create


def buy(key: ApiKey, prompt: str = "a fox", *, count: int = 1, model: str = "blank") -> None:
    """One request of a program, queued."""
    request = make_request(prompt, count=count, model=model)
    submission.submit(submission.Order(owner=key.user, request=request, key=key))


@pytest.fixture
def key(alice: User, blank: EngineModel) -> ApiKey:
    return make_key(alice)[0]


def test_requests_pictures_and_credits_are_counted(key: ApiKey) -> None:
    buy(key, count=3)
    buy(key)
    run_all()
    total = api_usage.of(key.user).total
    assert (total.requests, total.pictures, total.credits) == (2, 4, 4)


def test_what_failed_is_a_request_that_cost_nothing(key: ApiKey) -> None:
    make_model("scripted")
    buy(key, "refuse", model="scripted")
    run_all("scripted")
    total = api_usage.of(key.user).total
    assert (total.requests, total.pictures, total.credits) == (1, 0, 0)


def test_what_a_free_model_painted_counts_too(key: ApiKey) -> None:
    EngineModel.objects.update(price=0)
    buy(key)
    run_all()
    total = api_usage.of(key.user).total
    assert (total.requests, total.pictures, total.credits) == (1, 1, 0)


def test_keys_and_models_are_told_apart_the_dearest_first(key: ApiKey) -> None:
    other, _ = make_key(key.user)
    make_model("scripted")
    buy(key)
    buy(other, count=2, model="scripted")
    usage = api_usage.of(key.user)
    assert [(name, use.credits) for name, use in usage.by_key()] == [(str(other), 2), (str(key), 1)]
    assert [name for name, _use in usage.by_model()] == ["scripted", "blank"]


def test_neither_the_form_nor_anybody_else_counts(page: Client, key: ApiKey) -> None:
    press_create(page, open_form(page, prompt="a fox"))
    submit(make_user(), "a fox")
    assert api_usage.of(key.user).total.requests == 0


def test_there_are_thirty_days_and_what_was_before_is_forgotten(
    key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy(key)
    later = timezone.now() + dt.timedelta(days=29)
    monkeypatch.setattr(timezone, "now", lambda: later)
    days = api_usage.of(key.user).by_day()
    assert len(days) == 30
    assert (days[0][1].requests, days[-1][1].requests) == (1, 0)
    monkeypatch.setattr(timezone, "now", lambda: later + dt.timedelta(days=1))
    assert api_usage.of(key.user).total.requests == 0


def test_a_thousand_requests_take_no_more_queries_than_one(
    key: ApiKey, django_assert_num_queries: object
) -> None:
    for _ in range(3):
        buy(key)
    with django_assert_num_queries(3):  # type: ignore[operator]
        api_usage.of(key.user)


def test_the_page_shows_charts_with_tables_behind(page: Client, key: ApiKey) -> None:
    buy(key, count=2)
    text = page.get("/account/api/usage/").content.decode()
    assert text.count("<svg viewBox") == 3
    assert text.count("As a table") == 3
    assert str(key)[:9] in text


def test_the_page_of_who_has_not_begun_says_how_to(page: Client) -> None:
    text = page.get("/account/api/usage/").content.decode()
    assert "No key of yours has asked for a picture yet." in text
    assert "<svg viewBox" not in text


def test_the_table_has_a_line_for_each_day_key_and_model(page: Client, key: ApiKey) -> None:
    buy(key, count=2)
    run_all()
    answer = page.get("/account/api/usage/export/")
    text = b"".join(answer).decode("utf-8-sig")
    [head, line] = csv.reader(io.StringIO(text))
    today = CreditEntry.objects.latest("id").created_at.date().isoformat()
    assert head[0] == "Day (UTC)"
    assert line == [today, str(key), "blank", "1", "2", "2"]


def test_every_service_has_its_address_its_description_and_a_line_to_try(page: Client) -> None:
    text = page.get("/account/api/").content.decode()
    for service in examples.SERVICES:
        assert f'id="service-{service.dialect.name}-text"' in text
    described = [service.description for service in examples.SERVICES if service.description]
    assert len(described) == 6
    for address in described:
        assert f'href="{address}"' in text
        assert page.get(address).status_code == 200


def test_without_any_model_the_services_are_still_listed(page: Client) -> None:
    EngineModel.objects.all().delete()
    answer = page.get("/account/api/")
    assert answer.status_code == 200
    assert "There is no model" in answer.content.decode()
