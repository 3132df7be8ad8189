"""The cast's programs, and a model that paints at once."""

from __future__ import annotations

import pytest

from accounts.models import User
from generator.models import EngineModel
from tests.generator.api.programs import Program, offer_blank


@pytest.fixture(autouse=True)
def blank(db: None) -> EngineModel:
    return offer_blank()


@pytest.fixture
def alices(alice: User) -> Program:
    return Program(alice)


@pytest.fixture
def mallorys(mallory: User) -> Program:
    return Program(mallory)
