"""The web tests order from an engine that costs no time."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from generator.models import EngineModel
from tests.generator.orders import make_model


@pytest.fixture
def blank(db: None) -> EngineModel:
    """The offered model, 1 credit for a picture of the usual size; the only one."""
    EngineModel.objects.all().delete()
    return make_model("blank")


@pytest.fixture
def page(client: Client, alice: User, blank: EngineModel) -> Client:
    """Alice's browser."""
    client.force_login(alice)
    return client
