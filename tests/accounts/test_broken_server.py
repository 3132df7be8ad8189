"""What is answered when the server itself fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.views import errors


def fail(error: Exception, path: str = "/") -> Any:
    """server_error as Django calls it: while the exception is being handled."""
    try:
        raise error
    except Exception:
        return errors.server_error(RequestFactory().get(path))


def test_a_fault_of_ours_is_a_page_without_details() -> None:
    response = fail(ValueError("secret detail"))
    assert response.status_code == 500
    assert b"Something broke" in response.content
    assert b"secret detail" not in response.content


def test_a_database_that_is_away_asks_to_come_back() -> None:
    response = fail(OperationalError("connection refused"))
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert b"cannot reach its database" in response.content


@pytest.mark.parametrize(("error", "status"), [(ValueError(), 500), (OperationalError(), 503)])
def test_programs_get_json(error: Exception, status: int) -> None:
    response = fail(error, "/v1/assets")
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")


@pytest.mark.django_db
def test_django_uses_these_pages(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "There is nothing here" in client.get("/nothing").content.decode()
