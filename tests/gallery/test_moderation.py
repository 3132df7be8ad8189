"""Reports, the queue, decisions, and taking them back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, StaffRole, User
from gallery import moderating, reporting
from gallery.models import Appeal, Asset, PublicState, RatedBy, Rating, Reason, Report
from gallery.moderating import Decision, Overtaken, Why
from tests.factories import make_asset, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_user("moderator@example.org", staff_role=StaffRole.MODERATOR)


@pytest.fixture
def page(moderator: User) -> Client:
    client = Client()
    client.force_login(moderator)
    return client


def public(owner: User, **more: Any) -> Asset:
    return make_asset(owner, public=True, **more)


def now_of(asset: Asset) -> Asset:
    return Asset.objects.get(pk=asset.pk)


class TestReports:
    def test_one_person_reports_one_picture_once(self, alice: User, bob: User) -> None:
        asset = public(alice)
        reporting.report(asset, bob, Reason.OTHER)
        with pytest.raises(reporting.ReportedBefore):
            reporting.report(asset, bob, Reason.HATE)
        assert Report.objects.count() == 1

    @pytest.mark.parametrize("reason", [Reason.MINOR, Reason.PERSON, Reason.ILLEGAL])
    def test_an_urgent_one_hides_the_picture_at_once(
        self, reason: Reason, alice: User, bob: User
    ) -> None:
        asset = public(alice)
        reporting.report(asset, bob, reason)
        assert now_of(asset).public_state == PublicState.HELD
        assert not now_of(asset).listed

    def test_several_peoples_hide_it_and_fewer_do_not(self, alice: User) -> None:
        asset = public(alice)
        for number in range(3):
            assert now_of(asset).listed, number
            reporting.report(asset, make_user(), Reason.RIGHTS)
        assert not now_of(asset).listed

    def test_what_a_moderator_has_approved_stays_public(self, alice: User, bob: User) -> None:
        asset = public(alice)
        Asset.objects.update(moderator_rating=Rating.SAFE)
        reporting.report(asset, bob, Reason.MINOR)
        assert now_of(asset).listed
        assert [case.asset for case in moderating.queue()] == [asset]

    def test_nobody_reports_without_end(self, alice: User, bob: User) -> None:
        for _time in range(reporting.LIMIT.burst):
            reporting.report(public(alice), bob, Reason.OTHER)
        with pytest.raises(reporting.TooManyReports):
            reporting.report(public(alice), bob, Reason.OTHER)


class TestTheQueue:
    def test_it_holds_what_is_reported_appealed_unrated_and_upgraded(
        self, alice: User, bob: User
    ) -> None:
        reported, appealed = public(alice), make_asset(alice, rating=Rating.SENSITIVE)
        unrated, upgraded = public(alice, rating=Rating.UNRATED), public(alice)
        Asset.objects.filter(pk=upgraded.pk).update(machine_source=RatedBy.UPGRADE)
        public(alice), make_asset(alice, rating=Rating.UNRATED)
        reporting.report(reported, bob, Reason.OTHER)
        reporting.appeal(appealed, "It is a painting.")
        found = {case.asset for case in moderating.queue()}
        assert found == {reported, appealed, unrated, upgraded}

    def test_the_urgent_come_first_and_then_the_oldest(self, alice: User, bob: User) -> None:
        old, new, urgent = public(alice), public(alice), public(alice)
        for asset, reason in ((new, Reason.OTHER), (old, Reason.OTHER), (urgent, Reason.MINOR)):
            reporting.report(asset, bob, reason)
        long_ago = timezone.now() - dt.timedelta(days=2)
        Report.objects.filter(asset=old).update(made_at=long_ago)
        assert [case.asset for case in moderating.queue()] == [urgent, old, new]

    def test_what_lies_in_a_bin_waits_for_nobody(self, alice: User, bob: User) -> None:
        asset = public(alice)
        reporting.report(asset, bob, Reason.OTHER)
        asset.move_to_bin()
        assert moderating.queue() == []

    def test_urgent_ones_are_found_behind_a_flood_of_others(
        self, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User
    ) -> None:
        monkeypatch.setattr(moderating, "MOST", 2)
        for _time in range(3):
            reporting.report(public(alice), bob, Reason.OTHER)
        urgent = public(alice)
        reporting.report(urgent, bob, Reason.MINOR)
        assert moderating.queue()[0].asset == urgent

    def test_what_was_binned_crowds_nothing_out(
        self, monkeypatch: pytest.MonkeyPatch, alice: User, bob: User
    ) -> None:
        monkeypatch.setattr(moderating, "MOST", 1)
        gone, reported, appealed = public(alice), public(alice), public(alice)
        for asset in (gone, reported):
            reporting.report(asset, bob, Reason.OTHER)
        for asset in (gone, appealed):
            reporting.appeal(asset, "It is a painting.")
        gone.move_to_bin()
        assert {case.asset for case in moderating.queue()} == {reported, appealed}


EXPECTED = {
    Decision.APPROVE: ("safe", PublicState.PUBLIC, False),
    Decision.SENSITIVE: ("sensitive", PublicState.PUBLIC, False),
    Decision.REMOVE: ("safe", PublicState.REMOVED, False),
    Decision.BIN: ("safe", PublicState.REMOVED, True),
}


class TestDecisions:
    @pytest.mark.parametrize("decision", Decision)
    def test_each_does_what_it_says_and_closes_what_was_open(
        self, decision: Decision, alice: User, bob: User, moderator: User
    ) -> None:
        asset = public(alice)
        reporting.report(asset, bob, Reason.MINOR)
        reporting.appeal(asset, "No.")
        moderating.decide(asset.pk, moderator, decision, Why(words="seen"))
        stands = now_of(asset)
        binned = stands.deleted_at is not None
        assert (stands.rating, stands.public_state, binned) == EXPECTED[decision]
        assert not Report.objects.open().exists()
        assert Appeal.objects.get().answer == "seen"

    @pytest.mark.parametrize("decision", Decision)
    def test_undoing_one_leaves_everything_as_it_was(
        self, decision: Decision, alice: User, bob: User, moderator: User
    ) -> None:
        asset = public(alice)
        reporting.report(asset, bob, Reason.MINOR)
        before = Asset.objects.filter(pk=asset.pk).values().get()
        entry = moderating.decide(asset.pk, moderator, decision)
        moderating.undo(entry, moderator)
        assert Asset.objects.filter(pk=asset.pk).values().get() == before
        assert Report.objects.open().exists()
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == [f"asset.{decision}", "asset.undo"]

    def test_only_the_last_word_can_be_taken_back(self, alice: User, moderator: User) -> None:
        asset = public(alice)
        first = moderating.decide(asset.pk, moderator, Decision.SENSITIVE)
        moderating.decide(asset.pk, moderator, Decision.REMOVE)
        with pytest.raises(Overtaken):
            moderating.undo(first, moderator)

    def test_nobody_takes_back_what_another_decided(
        self, alice: User, moderator: User, staff: User
    ) -> None:
        entry = moderating.decide(public(alice).pk, moderator, Decision.APPROVE)
        with pytest.raises(Overtaken):
            moderating.undo(entry, staff)

    def test_an_owner_cannot_undo_a_moderators_word(self, alice: User, moderator: User) -> None:
        asset = public(alice)
        moderating.decide(asset.pk, moderator, Decision.SENSITIVE)
        now_of(asset).say_sensitive(sensitive=True)
        now_of(asset).say_sensitive(sensitive=False)
        assert now_of(asset).rating == "sensitive"

    def test_what_was_binned_does_not_come_back_public(self, alice: User, moderator: User) -> None:
        asset = public(alice)
        moderating.decide(asset.pk, moderator, Decision.BIN)
        now_of(asset).restore()
        assert not now_of(asset).listed


class TestThePage:
    url = "/admin/moderation/"

    def test_pictures_are_folded_away_until_one_asks(
        self, page: Client, alice: User, bob: User
    ) -> None:
        reporting.report(public(alice), bob, Reason.HATE, "look at the flag")
        body = page.get(self.url).content.decode()
        assert '<details class="look">' in body
        assert "look at the flag" in body

    def test_a_decision_and_its_undoing_by_form(self, page: Client, alice: User) -> None:
        asset = public(alice, rating=Rating.UNRATED)
        sent = {"picture": str(asset.pk), "decision": "approve", "reason": "fine"}
        assert page.post(self.url, sent).status_code == 302
        assert now_of(asset).listed
        entry = AuditEntry.objects.get()
        assert f'value="{entry.pk}"' in page.get(self.url).content.decode()
        page.post(self.url, {"undo": str(entry.pk)})
        assert not now_of(asset).listed

    @pytest.mark.parametrize("sent", [{}, {"decision": "delete"}, {"undo": "x"}, {"undo": "99"}])
    def test_nonsense_decides_nothing(self, page: Client, alice: User, sent: dict) -> None:  # type: ignore[type-arg]
        asset = public(alice)
        answer = page.post(self.url, {"picture": str(asset.pk), **sent})
        assert answer.status_code in (302, 404)
        assert not AuditEntry.objects.exists()

    def test_a_picture_that_is_gone_says_so(self, page: Client, alice: User) -> None:
        sent = {"picture": "00000000-0000-4000-8000-000000000000", "decision": "bin"}
        assert "is gone" in page.post(self.url, sent, follow=True).content.decode()

    @pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.FINANCE])
    def test_other_staff_are_refused(self, role: StaffRole) -> None:
        client = Client()
        client.force_login(make_user(staff_role=role))
        assert client.get(self.url).status_code == 403
        assert client.post(self.url, {}).status_code == 403

    def test_a_moderator_sees_what_is_reported_and_nothing_else_that_is_private(
        self, page: Client, alice: User, bob: User
    ) -> None:
        private, reported = make_asset(alice), make_asset(alice)
        Report.objects.create(asset=reported, reporter=bob, reason=Reason.OTHER)
        assert page.get(reverse("asset", args=[private.pk])).status_code == 404
        assert page.get(reverse("asset", args=[reported.pk])).status_code == 200
        Report.objects.update(closed_at=timezone.now())
        assert page.get(reverse("asset", args=[reported.pk])).status_code == 404
