"""A default model that paints at once, and a worker who comes when somebody waits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import pytest
from asgiref.sync import sync_to_async

from generator import watching
from generator.api import foreign, modelslab_views
from generator.models import EngineModel
from tests.generator.api.programs import Program
from tests.generator.orders import run_all


@pytest.fixture(autouse=True)
def blank_is_the_default(blank: EngineModel) -> EngineModel:
    EngineModel.objects.update(is_default=False)
    blank.is_default = True
    blank.save()
    return blank


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for is painted by then; the waiting itself has tests of its own."""

    async def paint(_whatever: object, seconds: float) -> None:
        for engine in ("blank", "scripted"):
            await sync_to_async(run_all)(engine)

    async def changed(seen: Mapping[uuid.UUID, int], timeout: float) -> set[uuid.UUID]:
        await paint(seen, timeout)
        return set(seen)

    for module in (foreign, modelslab_views):
        monkeypatch.setattr(module, "until_finished", paint)
    monkeypatch.setattr(watching, "changed", changed)


@pytest.fixture
def token(alices: Program) -> str:
    """Alice's key, for programs that do not put it into a header."""
    return alices.headers["Authorization"].removeprefix("Bearer ")
