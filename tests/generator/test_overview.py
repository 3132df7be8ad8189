"""The staff's overview: sums by day, what is wrong, and charts with their tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import StaffRole, User
from generator import charts, overview
from generator.models import EngineModel, Generation
from generator.models.status import Status
from generator.troubles import troubles
from tests.factories import make_user

pytestmark = pytest.mark.django_db

URL = "/admin/overview/"
DAY = dt.timedelta(days=1)


def ended(owner: User, *, ago: dt.timedelta = dt.timedelta(), **fields: Any) -> Generation:
    """A job that ended `ago`, ordered half a minute before and begun ten seconds before."""
    end = timezone.now() - ago
    told = {"status": Status.SUCCEEDED, "count": 2, "delivered": 2, "provider_cost": 40_000}
    moments = {
        "created_at": end - dt.timedelta(seconds=30),
        "queued_at": end - dt.timedelta(seconds=30),
        "started_at": end - dt.timedelta(seconds=10),
        "finished_at": end,
    }
    model = EngineModel.objects.get(slug="sketch")
    return Generation.objects.create(
        owner=owner, payer=owner.wallet, model=model, engine="sketch", spec={}, batch_key="x",
        **{**told, **moments, **fields},
    )  # fmt: skip


def queued(owner: User, *, ago: dt.timedelta) -> Generation:
    waiting = {"status": Status.QUEUED, "delivered": 0, "finished_at": None, "started_at": None}
    return ended(owner, **waiting, queued_at=timezone.now() - ago)


class TestFigures:
    def test_each_day_has_its_own(self, alice: User) -> None:
        ended(alice)
        ended(alice, ago=2 * DAY)
        ended(alice, ago=2 * DAY, status=Status.FAILED, delivered=0)
        days = overview.last_days(3)
        assert [day.date for day in days] == [(timezone.now() - n * DAY).date() for n in (2, 1, 0)]
        assert [(day.ended, day.failed, day.pictures) for day in days] == [
            (2, 1, 2),
            (0, 0, 0),
            (1, 0, 2),
        ]

    def test_use_and_refunds_come_from_the_ledger(self, alice: User) -> None:
        alice.wallet.charge(30, reference="generation:1")
        alice.wallet.charge(12, reference="generation:2")
        alice.wallet.refund(12, reference="generation:2")
        today = overview.last_days()[-1]
        assert (today.used, today.refunded) == (42, 12)

    def test_a_wait_lasts_from_the_queue_to_the_start(self, alice: User) -> None:
        ended(alice)
        ended(alice, started_at=timezone.now())
        today = overview.last_days()[-1]
        assert (round(today.wait), round(today.longest_wait)) == (25, 30)

    def test_what_never_began_has_not_waited(self, alice: User) -> None:
        ended(alice, started_at=None, status=Status.CANCELLED, delivered=0)
        assert overview.last_days()[-1].longest_wait == 0

    def test_only_delivered_pictures_cost_and_at_the_price_of_their_day(self, alice: User) -> None:
        ended(alice)
        ended(alice, count=4, delivered=1, provider_cost=100)
        EngineModel.objects.update(provider_cost=7_000_000)
        assert overview.last_days()[-1].cost == 80_100

    def test_the_queue_is_counted_as_it_is(self, alice: User) -> None:
        queued(alice, ago=dt.timedelta(minutes=7))
        queued(alice, ago=dt.timedelta(seconds=5))
        told = overview.queue()
        assert (told.waiting, told.running) == (2, 0)
        assert 420 <= told.oldest < 600

    @pytest.mark.parametrize("jobs", [0, 25])
    def test_the_number_of_queries_does_not_follow_the_jobs(
        self, alice: User, jobs: int, django_assert_num_queries: Any
    ) -> None:
        for number in range(jobs):
            ended(alice, ago=number * DAY)
        with django_assert_num_queries(5):
            overview.last_days()
            overview.queue()

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL scans small tables")
    def test_sums_are_read_from_indexes_alone(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            overview.last_days()
        assert len(asked) == 3
        with connection.cursor() as cursor:
            for query in asked:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                searches = [row[3] for row in cursor.fetchall() if "SEARCH" in row[3]]
                assert len(searches) == overview.DAYS
                assert all("COVERING INDEX" in search for search in searches)


class TestTroubles:
    def told(self) -> list[str]:
        return [each.what for each in troubles(overview.last_days(1)[-1], overview.queue())]

    def test_all_is_well_at_first(self) -> None:
        assert self.told() == []

    def test_a_job_that_waits_for_long(self, alice: User) -> None:
        queued(alice, ago=dt.timedelta(minutes=8, seconds=5))
        assert self.told() == ["The first job has waited for 8 minutes."]

    def test_a_job_whose_worker_is_gone(self, alice: User) -> None:
        lost = {
            "lease_token": "6f0c6a3e-54c6-4e6f-9b1b-5a7b6f1d2c3e",
            "lease_until": timezone.now() - DAY,
        }
        ended(alice, status=Status.RUNNING, finished_at=None, delivered=0, **lost)
        assert self.told() == ["1 job lost its worker."]

    @pytest.mark.parametrize(("failed", "seen"), [(4, False), (5, True)])
    def test_many_failures(self, alice: User, failed: int, seen: bool) -> None:  # noqa: FBT001
        for _ in range(failed):
            ended(alice, status=Status.FAILED, delivered=0)
        assert self.told() == ([f"{failed} of today's {failed} jobs failed."] if seen else [])

    def test_a_model_that_fails_and_one_that_cannot_work(self) -> None:
        EngineModel.objects.update(failed_at=timezone.now() - DAY, last_error="out of paint")
        EngineModel.objects.create(slug="x", name="Theirs", engine="remote", options={})
        assert self.told() == [
            "Limner sketch failed 1\xa0day ago and has not worked since.",
            "Theirs cannot work.",
        ]

    def test_a_full_disk(self, settings: Any) -> None:
        settings.MIN_FREE_DISK_PERCENT = 100
        assert self.told() == ["Less than 100 % of the disk is free: no job is taken."]


class TestThePage:
    @pytest.mark.parametrize("role", ["support", "finance", "moderator", "admin"])
    def test_all_staff_see_it(self, role: str) -> None:
        client = Client()
        client.force_login(make_user(staff_role=StaffRole(role)))
        assert client.get(URL).status_code == 200

    def test_ordinary_people_do_not(self, alice: User) -> None:
        client = Client()
        client.force_login(alice)
        assert client.get(URL).status_code == 404

    def test_every_chart_has_its_table(self, staff: User, alice: User) -> None:
        ended(alice)
        client = Client()
        client.force_login(staff)
        page = client.get(URL).content.decode()
        charts_shown = page.count("<svg viewBox")
        assert charts_shown == page.count("<details>") == 7
        assert page.count("<rect ") == page.count('<tr><th scope="row">') == 7 * overview.DAYS

    def test_it_is_linked_from_the_index(self, staff: User) -> None:
        client = Client()
        client.force_login(staff)
        assert f'href="{URL}"' in client.get("/admin/").content.decode()


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_bars_stay_within_their_chart(values: list[int]) -> None:
    dates = [timezone.now().date() - n * DAY for n in range(len(values))]
    drawn = charts.chart("", "", list(zip(dates, values, strict=True)))
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= charts.WIDTH + 0.1
        assert -0.01 <= bar.y <= bar.y + bar.height <= charts.HEIGHT + 0.01
        assert (bar.height > 0) == (bar.value > 0)
    assert drawn.top == max(values)
