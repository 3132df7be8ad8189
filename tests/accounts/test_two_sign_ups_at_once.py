"""Two people, or one with two clicks, who take the same address in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts import invariants
from accounts.models import User

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sign_up(_number: int) -> int:
    try:
        sent = {"email": "carol@example.org", "password1": "a long quiet winter"}
        return Client().post("/accounts/signup/", sent).status_code
    finally:
        connection.close()


def test_one_gets_it_and_the_others_are_told() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(sign_up, range(8)))
    assert answers == [302] + [422] * 7
    assert User.objects.count() == 1
    assert list(invariants.breaches()) == []
