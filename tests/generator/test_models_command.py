"""`manage.py models`: what an operator learns about models without opening a browser."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import CreditEntry
from generator.models import EngineModel, Generation
from tests.generator.orders import make_model

pytestmark = pytest.mark.django_db


def make_broken(**fields: object) -> EngineModel:
    plain = {"slug": "theirs", "name": "Theirs", "engine": "remote", "options": {}}
    return EngineModel.objects.create(**{**plain, **fields})


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """The cells of each line by the model's id."""
    call_command("models")
    lines = [re.split(r"\s{2,}", line) for line in capsys.readouterr().out.splitlines()]
    return {cells[0]: cells[1:] for cells in lines}


def test_each_model_has_a_line_that_says_whether_it_works(capsys) -> None:
    make_broken()
    make_model("blank")
    EngineModel.objects.filter(slug="blank").update(enabled=False)
    lines = told(capsys)
    assert lines["sketch"] == ["sketch", "sketch", "1", "everyone", "-", "works"]
    assert lines["blank"][-1] == "is switched off"
    assert lines["theirs"][-1].startswith("Set “provider”")


def test_a_model_whose_last_try_failed_says_why(capsys) -> None:
    EngineModel.objects.filter(slug="sketch").note_failure("The brush broke.")
    assert told(capsys)["sketch"][-1] == "failed last time: The brush broke."


def test_the_check_fails_only_for_what_is_switched_on() -> None:
    broken = make_broken(enabled=False)
    call_command("models", "--check")
    EngineModel.objects.filter(pk=broken.pk).update(enabled=True)
    with pytest.raises(SystemExit) as stopped:
        call_command("models", "--check")
    assert stopped.value.code == 1


def test_warming_paints_a_picture_that_nobody_keeps_or_pays(capsys) -> None:
    make_model("blank", price=9)
    call_command("models", "--warm", "blank")
    assert capsys.readouterr().out == "blank paints\n"
    assert EngineModel.objects.get(slug="blank").worked_at is not None
    assert not Generation.objects.exists()
    assert not CreditEntry.objects.filter(kind="charge").exists()


@pytest.mark.parametrize(
    ("slug", "options", "told"),
    [
        ("nobody", {}, "there is no model “nobody”"),
        ("theirs", {}, "Set “provider”"),
        ("theirs", {"provider": "horde"}, "nothing to warm"),
    ],
)
def test_what_cannot_be_warmed_says_why(slug: str, options: dict[str, str], told: str) -> None:
    make_broken(options=options)
    with pytest.raises(CommandError, match=told):
        call_command("models", "--warm", slug)
