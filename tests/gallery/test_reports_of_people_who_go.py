"""What is copied and erased of reports and appeals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from gallery import personal_data, reporting
from gallery.models import Appeal, Reason, Report
from tests.factories import make_asset

pytestmark = pytest.mark.django_db


def test_a_copy_holds_what_one_reported_and_asked_and_nobody_elses_reports(
    alice: User, bob: User
) -> None:
    asset = make_asset(alice, public=True)
    reporting.report(asset, bob, Reason.OTHER, "bob says")
    reporting.appeal(asset, "alice asks")
    mine = {name: list(rows) for name, rows in personal_data.documents(alice)}
    bobs = {name: list(rows) for name, rows in personal_data.documents(bob)}
    assert mine["reports.json"] == []
    assert mine["pictures.json"][0]["appeals"][0]["note"] == "alice asks"
    assert [row["note"] for row in bobs["reports.json"]] == ["bob says"]
    assert "bob says" not in repr(mine)


def test_open_reports_stay_without_a_name_and_closed_ones_go(alice: User, bob: User) -> None:
    open_one, closed = make_asset(alice, public=True), make_asset(alice, public=True)
    reporting.report(open_one, bob, Reason.MINOR, "bob says")
    reporting.report(closed, bob, Reason.OTHER, "bob says")
    Report.objects.filter(asset=closed).update(closed_at=timezone.now())
    personal_data.erase(bob)
    rows = list(Report.objects.values_list("asset", "reporter", "note", "reason"))
    assert rows == [(open_one.pk, None, "", Reason.MINOR)]


def test_an_owners_appeals_go_with_their_pictures(alice: User) -> None:
    Appeal.objects.create(asset=make_asset(alice), note="alice asks")
    personal_data.erase(alice)
    assert not Appeal.objects.exists()
