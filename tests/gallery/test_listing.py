"""Pages by keyset: together they are the whole list, in order, each row once."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from gallery import listing
from gallery.listing import BadCursor, cursor_after, page, read_cursor
from gallery.models import Asset
from tests.factories import make_asset

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: Few moments, so that many rows share one and the id decides.
moments = st.lists(st.integers(0, 5), max_size=30)


def make_rows(owner: User, ticks: list[int]) -> None:
    Asset.objects.all().delete()
    Asset.objects.bulk_create(
        Asset(
            owner=owner, source=str(n), width=1, height=1, size=1,
            created_at=START + tick * dt.timedelta(microseconds=1),
        )
        for n, tick in enumerate(ticks)
    )  # fmt: skip


def walk(limit: int) -> list[Asset]:
    rows: list[Asset] = []
    cursor = None
    while True:
        found = page(Asset.objects.all(), cursor=cursor, limit=limit)
        assert len(found.items) <= limit
        rows += found.items
        cursor = found.next_cursor
        if cursor is None:
            return rows


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ticks=moments, limit=st.integers(1, 7))
def test_the_pages_together_are_the_whole_list(alice: User, ticks: list[int], limit: int) -> None:
    make_rows(alice, ticks)
    assert walk(limit) == list(Asset.objects.newest_first())


@pytest.mark.django_db
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ticks=moments)
def test_neighbours_are_the_rows_beside_in_the_list(alice: User, ticks: list[int]) -> None:
    make_rows(alice, ticks)
    rows = [None, *Asset.objects.newest_first(), None]
    for newer, asset, older in zip(rows, rows[1:], rows[2:], strict=False):
        assert asset is not None
        assert listing.neighbours(Asset.objects.all(), asset) == (newer, older)


@pytest.mark.django_db
def test_a_picture_added_meanwhile_moves_nothing_to_the_next_page(alice: User) -> None:
    make_rows(alice, [1, 2, 3, 4])
    first = page(Asset.objects.all(), cursor=None, limit=2)
    make_asset(alice, created_at=START + dt.timedelta(days=1))
    second = page(Asset.objects.all(), cursor=first.next_cursor, limit=2)
    assert [row.source for row in second.items] == ["1", "0"]


@given(st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2400, 1, 1)), st.uuids())
def test_a_cursor_reads_back_as_it_was_written(moment: dt.datetime, pk: uuid.UUID) -> None:
    moment = moment.replace(tzinfo=dt.UTC)
    assert read_cursor(cursor_after(Asset(pk=pk, created_at=moment))) == (moment, pk)


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: raw.hex()))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    try:
        moment, pk = read_cursor(text)
    except BadCursor:
        return
    assert cursor_after(Asset(pk=pk, created_at=moment)) == text


@pytest.mark.parametrize("cursor", ["x", "é", "\ud800", "A" * 32 + "=", "_" * 32, "a" * 10_000])
def test_broken_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(cursor)
