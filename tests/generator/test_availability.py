"""A model that lacks something is hidden from people, and the operator is told what it lacks."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config.management.commands.serve import what_cannot_work
from generator.availability import why_not
from generator.choosing import choose
from generator.contract import Control, ImageRequest, InvalidRequest
from generator.models import EngineModel
from generator.submission import Order, Refusal, submit
from tests.factories import make_asset

KEY = "not-a-real-key-0123456789"
OPENAI = {"provider": "openai", "model": "dall-e-2", "key_env": "LIMNER_KEY_TEST"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings) -> None:
    settings.PROVIDER_KEYS = {"LIMNER_KEY_TEST": KEY}
    settings.OUTBOUND_ALLOW = []


def make(options: dict[str, Any], **fields: Any) -> EngineModel:
    plain = {"slug": "theirs", "name": "Theirs", "engine": "remote"}
    return EngineModel.objects.create(**{**plain, "options": options, **fields})


@pytest.mark.parametrize(
    "options",
    [
        OPENAI,
        {"provider": "horde"},
        {"provider": "horde", "key_env": "LIMNER_KEY_TEST", "model": "Deliberate"},
        {"provider": "picfinder", "key_env": "LIMNER_KEY_TEST", "url": "wss://example.org/v1"},
        {**OPENAI, "patience": 60},
    ],
)
def test_complete_options_are_usable(options):
    assert why_not("remote", options) == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Set “provider” to one of openai, a1111"),
        ({"provider": "midjourney"}, "Set “provider” to one of"),
        ({**OPENAI, "key_env": "LIMNER_KEY_OTHER"}, "Set LIMNER_KEY_OTHER in the environment"),
        ({**OPENAI, "key_env": "SECRET_KEY"}, "“key_env” must begin with LIMNER_KEY_."),
        ({**OPENAI, "key_env": ""}, "Set “key_env” to the variable"),
        ({**OPENAI, "model": ""}, "Set “model” to what OpenAI calls the model."),
        ({**OPENAI, "model": 3}, "“model” must be text."),
        ({**OPENAI, "key": KEY}, "The options do not know “key”."),
        ({**OPENAI, "url": "file:///etc/passwd"}, "The address must be a public http(s) one"),
        ({**OPENAI, "patience": 0}, "“patience” is a number of seconds"),
        ({"provider": "a1111"}, "or in OUTBOUND_ALLOW"),
        ({"provider": "stubber", "key_env": "LIMNER_KEY_TEST"}, "Set the address to where Stubber"),
        (["not", "an", "object"], "The options must be a JSON object."),
    ],
)
def test_what_is_missing_is_told_in_one_line(options, told):
    line = why_not("remote", options)
    assert told in line
    assert "\n" not in line
    assert KEY not in line


def test_an_engine_that_is_not_there_is_named():
    assert why_not("magic", {}).startswith("There is no engine “magic”; there is sketch")


def test_the_network_that_the_operator_allows_makes_a_local_server_usable(settings):
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    assert why_not("remote", {"provider": "a1111"}) == ""


def test_a_model_without_its_key_is_neither_offered_nor_found(settings, alice: User):
    make(OPENAI)
    assert choose("theirs", alice).model.name == "Theirs"
    settings.PROVIDER_KEYS = {}
    assert not EngineModel.objects.offered_to(alice).filter(slug="theirs").exists()
    with pytest.raises(InvalidRequest, match="no model “theirs”"):
        choose("theirs", alice)


def test_the_create_page_shows_only_what_works(client: Client, alice: User):
    make(OPENAI)
    make({"provider": "nobody"}, slug="broken", name="Broken one")
    client.force_login(alice)
    page = client.get(reverse("create")).content.decode()
    assert "Theirs" in page
    assert "Broken one" not in page


def test_what_does_not_work_can_be_saved_only_while_it_is_off():
    model = make({"provider": "nobody"}, enabled=False)
    model.full_clean()
    model.enabled = True
    with pytest.raises(ValidationError, match="Set “provider”"):
        model.full_clean()


def test_the_start_names_what_is_switched_on_and_cannot_work():
    make({"provider": "nobody"}, slug="off", enabled=False)
    make(OPENAI)
    make({**OPENAI, "key_env": "LIMNER_KEY_OTHER"}, slug="broken")
    (line,) = what_cannot_work()
    assert "“broken” is not offered: Set LIMNER_KEY_OTHER in the environment" in line


def test_where_others_buy_this_machine_needs_no_key_and_no_way_there(settings):
    settings.PROVIDER_KEYS, settings.ENGINES_ELSEWHERE = {}, ["remote"]
    assert why_not("remote", {**OPENAI, "url": "http://10.0.0.7:8000/v1"}) == ""
    assert "must begin with" in why_not("remote", {**OPENAI, "key_env": "SECRET_KEY"})
    assert "must be a public" in why_not("remote", {**OPENAI, "url": "file:///etc/passwd"})


def test_what_no_provider_is_asked_for_is_refused_before_anything_is_charged(alice: User):
    make(OPENAI)
    control = Control(preprocessor="canny", guide=str(make_asset(alice).pk))
    wanted = ImageRequest(prompt="a red house", model="theirs", controls=(control,))
    with pytest.raises(Refusal, match="from words alone"):
        submit(Order(owner=alice, request=wanted))
    assert not alice.wallet.entries.filter(kind="charge").exists()
