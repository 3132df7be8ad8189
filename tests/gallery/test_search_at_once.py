"""Two people change one picture at once. Means most on PostgreSQL, where both get on with it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import User
from gallery import scopes
from gallery.models import Asset
from tests.factories import make_asset
from tests.waiting import until


def waits_or_is_done(other: Future[None]) -> bool:
    """Whether the other side came as far as it can. SQLite lets it begin when we are done."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0]) or other.done()


@pytest.mark.django_db(transaction=True)
def test_searches_know_what_both_of_two_did_at_once(alice: User) -> None:
    asset = make_asset(alice, name="old")

    def rename() -> None:
        Asset.objects.filter(pk=asset.pk).update(name="new")
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            asset.set_tags(["owl"])
            renamed = pool.submit(rename)
            until(lambda: waits_or_is_done(renamed))
        renamed.result()
    assert scopes.find(alice, "mine", "#owl new").rows.get() == asset
