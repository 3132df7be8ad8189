"""`manage.py models`: what an operator learns about models without opening a browser."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import CreditEntry
from generator.models import EngineModel, Generation
from tests.generator.orders import make_model

pytestmark = pytest.mark.django_db


def make_broken(**fields: object) -> EngineModel:
    plain = {"slug": "theirs", "name": "Theirs", "engine": "remote", "options": {}}
    return EngineModel.objects.create(**{**plain, **fields})


def test_each_model_has_a_line_that_says_whether_it_works(capsys) -> None:
    make_broken()
    make_model("blank")
    EngineModel.objects.filter(slug="blank").update(enabled=False)
    call_command("models")
    lines = capsys.readouterr().out.splitlines()
    assert "sketch\tsketch\tworks" in lines
    assert "blank\tblank\tis switched off" in lines
    assert any(line.startswith("theirs\tremote\tSet “provider”") for line in lines)


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
