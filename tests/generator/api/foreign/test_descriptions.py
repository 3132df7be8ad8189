"""Schemathesis reads each service's description and sends what it allows, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from generator.api import a1111_urls
from generator.dialects import a1111, modelslab, openai_edits
from generator.dialects.registry import FOREIGN
from generator.models import EngineModel
from tests.generator.api.examples import examples
from tests.generator.api.programs import Program

pytestmark = pytest.mark.slow

EXAMPLES = examples(200)
CHECKS = [
    checks.not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(autouse=True)
def one_connection(alices: Program, worker: None, settings: Any) -> Iterator[None]:
    """Requests would else close the connection that holds the test's transaction."""
    EngineModel.objects.update(price=0)
    settings.MAX_QUEUED_PER_USER = settings.API_BURST = 100_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("dialect", FOREIGN, ids=lambda dialect: dialect.name)
def test_every_answer_is_one_that_is_described(dialect: Any, alices: Program) -> None:
    hammer(dialect.name, dialect.path, alices)


@pytest.mark.parametrize("path", modelslab.OTHERS, ids=lambda path: path.rpartition("/")[2])
def test_what_modelslab_has_besides_answers_as_described(path: str, alices: Program) -> None:
    hammer(modelslab.name, path, alices)


@pytest.mark.parametrize("name", ["img2img", "options", "interrupt"])
def test_what_the_web_ui_is_told_answers_as_described(name: str, alices: Program) -> None:
    hammer(a1111.name, f"/sdapi/v1/{name}", alices)


@pytest.mark.parametrize("name", sorted(a1111_urls.READ))
def test_what_the_web_ui_tells_is_as_described(name: str, alices: Program) -> None:
    hammer(a1111.name, f"/sdapi/v1/{name}", alices, "GET")


def test_edits_answer_as_described(alices: Program) -> None:
    hammer(openai_edits.name, openai_edits.path, alices)


def hammer(name: str, path: str, program: Program, method: str = "POST") -> None:
    """Send whatever comes to mind to `path`, as the description `name` has it."""
    described = schemathesis.openapi.from_wsgi(f"/docs/api/{name}.json", WSGIHandler())
    operation = described[path][method]
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def sent(case: Any) -> None:
        case.call_and_validate(headers=program.headers, checks=CHECKS)

    sent()
