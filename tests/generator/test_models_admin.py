"""Models in the admin: the form, its refusals, and the list that says what works."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import StaffRole, User
from generator.models import EngineModel
from tests.factories import make_team
from tests.generator.orders import make_model, make_person

KEY = "sk-not-a-real-key-0123456789"
ADD = "admin:generator_enginemodel_add"
LIST = "admin:generator_enginemodel_changelist"
CHANGE = "admin:generator_enginemodel_change"
OPENAI = {
    "slug": "theirs",
    "name": "Theirs",
    "engine": "remote",
    "family": "other",
    "price": "3",
    "provider": "openai",
    "provider_model": "dall-e-2",
    "key_env": "LIMNER_KEY_TEST",
    "audience": "everyone",
    "enabled": "on",
}


@pytest.fixture
def admin(client: Client, staff: User, settings: Any) -> Client:
    settings.PROVIDER_KEYS = {"LIMNER_KEY_TEST": KEY}
    settings.OUTBOUND_ALLOW = []
    client.force_login(staff)
    return client


def save(admin: Client, row: EngineModel | None = None, **fields: object) -> str:
    """The page after pressing Save, which is the list when it was saved."""
    url = reverse(CHANGE, args=[row.pk]) if row else reverse(ADD)
    sent = {name: value for name, value in {**OPENAI, **fields}.items() if value is not None}
    return admin.post(url, sent, follow=True).content.decode()


def saved() -> EngineModel | None:
    return EngineModel.objects.filter(slug="theirs").first()


def test_a_provider_is_connected_by_filling_in_fields(admin: Client):
    save(admin, patience="60", default_steps="12", sizes="512x512, 1024x1024")
    row = saved()
    assert row is not None
    assert row.options == {
        "provider": "openai",
        "model": "dall-e-2",
        "key_env": "LIMNER_KEY_TEST",
        "patience": 60.0,
    }
    assert (row.why_not, row.default_steps, row.defaults["steps"]) == ("", 12, 12)


def test_what_was_saved_is_shown_again(admin: Client):
    save(admin, patience="60")
    page = admin.get(reverse(CHANGE, args=[saved().pk])).content.decode()
    for shown in ('value="dall-e-2"', 'value="LIMNER_KEY_TEST"', 'value="60.0"', "selected>OpenAI"):
        assert shown in page


def test_another_engine_forgets_what_only_the_former_one_knew(admin: Client):
    save(admin)
    save(admin, saved(), engine="diffusion", address="mine", variant="fp16", enabled=None)
    assert saved().engine_options == {"path": "mine", "variant": "fp16"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"key_env": "LIMNER_KEY_OTHER"}, "Set LIMNER_KEY_OTHER in the environment"),
        ({"provider": ""}, "Set “provider” to one of openai"),
        ({"provider": "a1111"}, "or in OUTBOUND_ALLOW"),
        ({"engine": "diffusion", "address": ""}, "Set the address: a folder in MODELS_DIR"),
        ({"engine": "diffusion", "address": "../x"}, "is no name of something in the models"),
        ({"engine": "diffusion", "address": "none"}, "There is no model in MODELS_DIR/none"),
        ({"min_side": "1024", "max_side": "512"}, "The smallest side is larger"),
        ({"sizes": "large"}, "“large” is no size"),
    ],
)
def test_a_broken_model_is_not_saved_and_one_line_says_why(admin: Client, fields, told, request):
    if fields.get("engine") == "diffusion":
        request.getfixturevalue("packages")
    assert told in save(admin, **fields)
    assert saved() is None


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if torch and its company were installed, for what is checked after them."""
    monkeypatch.setattr("generator.engines.diffusion.refusals.PACKAGES", ())


def test_missing_packages_are_named_with_the_command_that_installs_them(
    admin: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("generator.engines.diffusion.refusals.PACKAGES", ("no_such_package",))
    page = save(admin, engine="diffusion", address="mine")
    assert "no_such_package is not installed. Install them with “make diffusion”." in page


def test_a_broken_model_can_wait_switched_off_and_saving_says_what_it_lacks(admin: Client):
    page = save(admin, key_env="LIMNER_KEY_OTHER", enabled=None)
    assert saved() is not None
    assert "not offered while it cannot work: Set LIMNER_KEY_OTHER" in page


def test_a_key_typed_for_its_variable_is_neither_kept_nor_repeated(admin: Client):
    page = save(admin, key_env=KEY)
    assert "must begin with LIMNER_KEY_" in page
    assert (KEY in page, saved()) == (False, None)


def test_a_model_is_given_to_teams(admin: Client, alice: User):
    team = make_team(alice)
    save(admin, audience="teams", teams=[str(team.pk)])
    assert EngineModel.objects.offered_to(alice).filter(slug="theirs").exists()


def test_the_list_says_what_works_why_not_and_how_it_went(admin: Client):
    save(admin)
    EngineModel.objects.filter(slug="sketch").note_success()
    model = make_model()
    EngineModel.objects.filter(pk=model.pk).note_failure("The brush broke.")
    page = admin.get(reverse(LIST)).content.decode()
    assert "Set LIMNER_KEY_OPENAI in the environment" in page  # the row for DALL·E 3
    assert "yes · worked now" in page
    assert "failed now: The brush broke." in page
    assert KEY not in page


def test_support_looks_and_changes_nothing(client: Client, db: None):
    client.force_login(make_person(staff_role=StaffRole.SUPPORT))
    row = EngineModel.objects.get(slug="sketch")
    assert "sketch" in client.get(reverse(CHANGE, args=[row.pk])).content.decode()
    assert client.post(reverse(CHANGE, args=[row.pk]), OPENAI).status_code == 403
