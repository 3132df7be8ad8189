"""One model by its name, as both kinds of program ask for it."""

from __future__ import annotations

import pytest

from accounts.models import User
from generator.models import EngineModel
from generator.models.engine_model import Audience
from tests.generator.api.programs import Program


def test_a_model_is_told_as_in_the_list(alice: User) -> None:
    program = Program(alice)
    one = program.get("/v1/models/blank").json()
    assert one in program.get("/v1/models").json()["data"]
    assert one["id"] == "blank"


@pytest.mark.parametrize("name", ["no-such-model", "..", "%2e%2e%2fetc"])
def test_a_model_that_is_not_there(alice: User, name: str) -> None:
    assert Program(alice).get(f"/v1/models/{name}").status_code == 404


def test_a_model_that_is_kept_for_others_looks_like_one_that_is_not_there(alice: User) -> None:
    EngineModel.objects.filter(slug="blank").update(audience=Audience.STAFF)
    kept, missing = (Program(alice).get(f"/v1/models/{name}") for name in ("blank", "missing"))
    assert (kept.status_code, kept.json()) == (404, missing.json())
