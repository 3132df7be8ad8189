"""What holds for every service alike: keys, limits, hostile bodies, failures, money."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Scope
from gallery.models import Asset
from generator.api import foreign
from generator.dialects.registry import FOREIGN
from generator.models import EngineModel, Generation
from tests.factories import make_key
from tests.generator.api.foreign.services import NAMES, SERVICES, Service
from tests.generator.api.programs import Program

pytestmark = pytest.mark.parametrize("service", SERVICES, ids=NAMES)
HOSTILE = {
    "empty": b"",
    "no JSON": b"prompt=x",
    "cut off": b'{"prompt": "x"',
    "not UTF-8": b'{"prompt": "\xff"}',
    "10,000 brackets": b"[" * 10_000,
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "5,000 digits": b'{"seed": ' + b"9" * 5000 + b"}",
    "an array": b"[1]",
    "null": b"null",
    "a string": b'"x"',
    "3 MB": b'{"prompt": "' + b"x" * 3_000_000 + b'"}',
}
WRONG = [None, "", " ", 5, True, [], {}, float("nan"), float("inf"), "\ud800", "\0", "x" * 5000]


def token_of(program: Program) -> str:
    return program.headers["Authorization"].removeprefix("Bearer ")


def test_it_is_served(service: Service) -> None:
    assert {each.name for each in FOREIGN} == set(NAMES)


@pytest.mark.usefixtures("worker")
def test_the_picture_is_in_the_answer_and_in_the_gallery(service: Service, alices: Program) -> None:
    answer = service.send(token_of(alices), service.body)
    assert (answer.status_code, service.succeeded(answer.json())) == (200, True)
    [asset] = Asset.objects.visible_to(alices.user)
    assert (asset.prompt, asset.recipe["request"]["prompt"]) == ("a red house", "a red house")
    assert Generation.objects.get().dialect == service.dialect.name
    assert alices.balance() == 200 - Generation.objects.get().cost


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "application/x-foo"])
def test_the_body_is_json_whatever_it_calls_itself(
    service: Service, alices: Program, kind: str
) -> None:
    answer = service.send(token_of(alices), service.body, content_type=kind)
    assert service.succeeded(answer.json())


@pytest.mark.parametrize("key", ["", "nonsense", "lim_" + "0" * 40, "sk-ünïcode"])
def test_a_wrong_key_is_told_so_in_its_words(service: Service, key: str) -> None:
    answer = service.send(key, service.body)
    assert (answer.status_code, service.reason(answer.json())) == service.unknown


def test_a_key_that_may_only_look_buys_nothing(service: Service, alices: Program) -> None:
    _, headers = make_key(alices.user, scopes=[Scope.READ])
    answer = service.send(headers["Authorization"].removeprefix("Bearer "), service.body)
    assert answer.status_code == 403
    assert "generate" in service.reason(answer.json())


def test_who_asks_too_often_is_told_when_to_come_back(
    service: Service, alices: Program, settings: Any
) -> None:
    settings.API_BURST, settings.API_REQUESTS_PER_SECOND = 1, 1
    answers = [service.send(token_of(alices), b"{}") for _ in range(2)]
    assert answers[1].status_code == 429
    assert int(answers[1].headers["Retry-After"]) >= 1
    assert service.reason(answers[1].json())


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_refused_in_its_words(
    service: Service, alices: Program, data: bytes
) -> None:
    answer = service.send(token_of(alices), data)
    assert answer.status_code < 500
    assert not service.succeeded(answer.json())
    assert service.reason(answer.json())


@pytest.mark.parametrize("prompt", WRONG, ids=lambda value: repr(value)[:20])
def test_what_is_no_prompt_is_refused_by_name(
    service: Service, alices: Program, prompt: object
) -> None:
    answer = service.send(token_of(alices), service.saying(prompt))
    assert answer.status_code < 500
    assert "prompt" in service.reason(answer.json()).lower()
    assert not Generation.objects.exists()


@pytest.mark.usefixtures("worker")
def test_unknown_fields_are_passed_over(service: Service, alices: Program) -> None:
    answer = service.send(token_of(alices), {**service.body, "novelty": {"a": [1]}, "more": None})
    assert service.succeeded(answer.json())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_in_its_words(
    service: Service, alices: Program, method: str
) -> None:
    answer = service.send(token_of(alices), service.body, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert service.reason(answer.json())


def test_a_page_of_another_site_may_ask(service: Service) -> None:
    answer = Client().options(service.dialect.path)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")


@pytest.mark.usefixtures("worker")
def test_what_fails_says_why_and_is_not_billed(
    service: Service, alices: Program, blank: EngineModel
) -> None:
    blank.engine = "scripted"
    blank.save()
    answer = service.send(token_of(alices), service.saying("refuse"))
    assert service.reason(answer.json()) == "This prompt is refused."
    assert not service.succeeded(answer.json())
    assert (Generation.objects.get().status, alices.balance()) == ("failed", 200)


def test_what_costs_too_much_is_refused_before_anything_is_made(
    service: Service, alices: Program, blank: EngineModel
) -> None:
    blank.price = 10_000
    blank.save()
    answer = service.send(token_of(alices), service.body)
    assert not service.succeeded(answer.json())
    assert "credits" in service.reason(answer.json())
    assert not Generation.objects.exists()


def test_what_takes_too_long_is_stopped_and_refunded(
    service: Service, alices: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not service.stops:
        pytest.skip("its programs ask again")
    monkeypatch.setattr(foreign, "LONGEST_WAIT", 0.0)
    answer = service.send(token_of(alices), service.body)
    assert not service.succeeded(answer.json())
    assert "in time" in service.reason(answer.json())
    assert (Generation.objects.get().status, alices.balance()) == ("cancelled", 200)


@pytest.mark.usefixtures("worker")
def test_the_same_idempotency_key_is_paid_once(service: Service, alices: Program) -> None:
    headers = {"Idempotency-Key": "once"}
    answers = [service.send(token_of(alices), service.body, headers=headers) for _ in range(2)]
    assert all(service.succeeded(answer.json()) for answer in answers)
    assert Generation.objects.count() == 1


@pytest.mark.usefixtures("worker")
def test_who_stands_in_for_the_model_is_told_beside_the_body(
    service: Service, alices: Program
) -> None:
    answer = service.send(token_of(alices), service.body)
    assert "blank" in answer.headers["Limner-Note"]


def test_it_describes_itself(service: Service) -> None:
    described = json.loads(Client().get(f"/docs/api/{service.dialect.name}.json").content)
    assert described["openapi"].startswith("3.1")
    assert next(iter(described["paths"])) == service.dialect.path
