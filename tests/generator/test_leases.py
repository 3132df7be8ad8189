"""Leases are kept alive, even over a database that was away."""

from __future__ import annotations

import pytest
from django.db import connection

from generator import scheduling
from generator.leases import Heartbeat
from tests.generator.orders import make_person, submit


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_again_after_the_connection_broke():
    submit(make_person(), model="scripted")
    [claimed] = scheduling.claim("scripted")
    claimed.refresh_from_db()
    before = claimed.lease_until
    heartbeat = Heartbeat([claimed])
    connection.connection.close()
    heartbeat._renew()
    heartbeat._renew()
    claimed.refresh_from_db()
    assert claimed.lease_until > before
