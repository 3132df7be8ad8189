"""What load balancers ask: alive, ready, and nothing said that helps an attacker."""

from __future__ import annotations

import pytest
from django.test import Client

from config import health


def broken() -> None:
    raise ConnectionError("postgres://limner:hunter2@db/limner refused")


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside the tests, so the last answer of one is recent by decree."""
    monkeypatch.setattr(health, "_seen", {"worker": float("inf")})


def test_alive_asks_no_database(client: Client) -> None:
    # pytest-django refuses database access here, so an answer proves that none was asked.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_ready_when_every_part_is(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True} | dict.fromkeys(health.CHECKS, "ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("part", list(health.CHECKS))
def test_not_ready_when_one_part_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setitem(health.CHECKS, part, broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    states = {"ready": False} | dict.fromkeys(health.CHECKS, "ok") | {part: "failing"}
    assert answer.json() == states


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_the_answer_holds_no_secret_and_the_log_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(health.CHECKS, "database", broken)
    assert b"hunter2" not in client.get("/readyz").content
    assert "database is failing" in caplog.text


@pytest.mark.django_db
def test_no_worker_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_seen", {})
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    assert client.get("/readyz").json()["worker"] == "failing"


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_the_storage_check_leaves_no_file(client: Client) -> None:
    from django.core.files.storage import default_storage

    client.get("/readyz")
    assert default_storage.listdir("ready")[1] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("healthy")
def test_asking_often_writes_to_the_storage_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/readyz")
    monkeypatch.setattr(health, "default_storage", None)
    assert client.get("/readyz").json()["storage"] == "ok"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_cannot_be_posted_to(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
