"""What people are told of decisions about their pictures, reports and appeals."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import StaffRole, User
from gallery import moderating, notice_mail, reporting, tasks
from gallery.models import Asset, Notice, NoticeKind, QueueMail, Rating, Reason, ReasonKind
from gallery.moderating import Decision, Why
from tests.factories import make_asset, make_user

pytestmark = pytest.mark.django_db
PAGE = "/gallery/notices/"


@pytest.fixture
def moderator() -> User:
    return make_user("moderator@example.org", staff_role=StaffRole.MODERATOR)


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def kinds(person: User) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def long_ago() -> None:
    """As if everything so far had happened yesterday."""
    day = dt.timedelta(days=1)
    for notice in Notice.objects.all():
        mailed = notice.mailed_at and notice.mailed_at - day
        moments = {"made_at": notice.made_at - day, "mailed_at": mailed}
        Notice.objects.filter(pk=notice.pk).update(**moments)
    QueueMail.objects.exclude(told_at=None).update(told_at=timezone.now() - day)


class TestOwners:
    @pytest.mark.parametrize(
        ("decision", "kind"),
        [
            (Decision.APPROVE, NoticeKind.APPROVED),
            (Decision.SENSITIVE, NoticeKind.SENSITIVE),
            (Decision.REMOVE, NoticeKind.REMOVED),
            (Decision.BIN, NoticeKind.BINNED),
        ],
    )
    def test_learn_that_a_picture_was_held_and_what_became_of_it(
        self, decision: Decision, kind: str, alice: User, bob: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True)
        reporting.report(asset, bob, Reason.MINOR)
        moderating.decide(asset.pk, moderator, decision, Why(ReasonKind.SEXUAL, "too bare"))
        assert kinds(alice) == [NoticeKind.HELD, kind]
        told = Notice.objects.get(person=alice, kind=kind)
        assert (told.reason_kind, told.words) == (ReasonKind.SEXUAL, "too bare")

    def test_are_not_told_of_a_report_that_changed_nothing(
        self, alice: User, bob: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True)
        reporting.report(asset, bob, Reason.OTHER)
        moderating.decide(asset.pk, moderator, Decision.APPROVE)
        assert kinds(alice) == []

    def test_learn_that_a_picture_that_waited_is_public(self, alice: User, moderator: User) -> None:
        asset = make_asset(alice, public=True, rating=Rating.UNRATED)
        moderating.decide(asset.pk, moderator, Decision.APPROVE)
        assert kinds(alice) == [NoticeKind.APPROVED]

    def test_learn_how_an_appeal_ended_even_if_nothing_changed(
        self, alice: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True, rating=Rating.SENSITIVE)
        reporting.appeal(asset, "It is a painting.")
        why = Why(words="for the log", answer="It is bare.")
        moderating.decide(asset.pk, moderator, Decision.SENSITIVE, why)
        told = Notice.objects.get(person=alice)
        assert (told.answers_appeal, told.words) == (True, "It is bare.")

    def test_hear_nothing_of_what_was_taken_back_before_they_looked(
        self, alice: User, bob: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True)
        reporting.report(asset, bob, Reason.OTHER)
        entry = moderating.decide(asset.pk, moderator, Decision.REMOVE)
        moderating.undo(entry, moderator)
        assert kinds(alice) == kinds(bob) == []
        assert not User.objects.filter(has_notices=True).exists()

    def test_still_see_that_there_is_something_else_new(self, alice: User, moderator: User) -> None:
        for _number in range(2):
            asset = make_asset(alice, public=True)
            entry = moderating.decide(asset.pk, moderator, Decision.REMOVE)
        moderating.undo(entry, moderator)
        assert User.objects.get(pk=alice.pk).has_notices

    def test_who_have_read_it_learn_that_it_was_taken_back(
        self, alice: User, moderator: User, client: Client
    ) -> None:
        asset = make_asset(alice, public=True)
        entry = moderating.decide(asset.pk, moderator, Decision.REMOVE)
        client.get(PAGE)
        moderating.undo(entry, moderator)
        assert kinds(alice) == [NoticeKind.REMOVED, NoticeKind.UNDONE]


class TestOfTheAdministration:
    """What staff do to a picture outside the queue; its reason is for the log alone."""

    @pytest.mark.parametrize(
        ("action", "kind"),
        [
            ("unpublish", NoticeKind.REMOVED),
            ("move_to_bin", NoticeKind.BINNED),
            ("restore", NoticeKind.RESTORED),
        ],
    )
    def test_an_action_tells_the_owner(
        self, action: str, kind: str, alice: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True)
        if action == "restore":
            asset.move_to_bin()
        staff = Client()
        staff.force_login(moderator)
        sent = {"action": action, "_selected_action": str(asset.pk), "audit_reason": "between us"}
        staff.post("/admin/gallery/asset/", sent)
        told = Notice.objects.get()
        assert (told.person, told.kind, told.words) == (alice, kind, "")

    def test_a_rating_by_form_does(self, alice: User, moderator: User) -> None:
        asset = make_asset(alice, public=True)
        staff = Client()
        staff.force_login(moderator)
        sent = {"moderator_rating": "sensitive", "audit_reason": "between us"}
        said = {"moderator_kind": "violence", "moderator_reason": "the sword"}
        staff.post(f"/admin/gallery/asset/{asset.pk}/change/", sent | said)
        told = Notice.objects.get()
        assert (told.kind, told.reason_kind, told.words) == ("sensitive", "violence", "the sword")


class TestReporters:
    def test_learn_that_somebody_looked_and_nothing_of_what_was_decided(
        self, alice: User, bob: User, moderator: User
    ) -> None:
        asset = make_asset(alice, public=True)
        Asset.objects.filter(pk=asset.pk).update(name="Alice at home")
        reporting.report(asset, bob, Reason.HATE)
        moderating.decide(asset.pk, moderator, Decision.REMOVE, Why(ReasonKind.HATE, "the flag"))
        theirs = Client()
        theirs.force_login(bob)
        page = theirs.get(PAGE).content.decode()
        assert "dealt with a picture that you reported" in page
        for secret in (str(asset.pk), "Alice", "Hatred", "the flag"):
            assert secret not in page


class TestThePage:
    def test_says_what_is_new_once(self, alice: User, client: Client, moderator: User) -> None:
        asset = make_asset(alice, public=True)
        moderating.decide(asset.pk, moderator, Decision.REMOVE, Why("", "so <b>bare</b>"))
        assert "(news)" in client.get("/gallery/").content.decode()
        first = client.get(PAGE).content.decode()
        assert "so &lt;b&gt;bare&lt;/b&gt;" in first
        assert 'class="card new"' in first
        assert 'class="card new"' not in client.get(PAGE).content.decode()
        assert "(news)" not in client.get("/gallery/").content.decode()

    def test_shows_nobody_elses(self, alice: User, bob: User, moderator: User) -> None:
        asset = make_asset(alice, public=True)
        moderating.decide(asset.pk, moderator, Decision.REMOVE)
        theirs = Client()
        theirs.force_login(bob)
        assert "took a picture" not in theirs.get(PAGE).content.decode()

    def test_costs_the_same_however_much_it_shows(
        self, alice: User, client: Client, moderator: User, django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(5):
            moderating.decide(make_asset(alice, public=True).pk, moderator, Decision.REMOVE)
        with django_assert_max_num_queries(12):
            client.get(PAGE)


class TestMailsToPeople:
    def test_gather_what_happened_and_come_once(self, alice: User, moderator: User) -> None:
        for _number in range(3):
            asset = make_asset(alice, public=True)
            moderating.decide(asset.pk, moderator, Decision.REMOVE, Why(words="no"))
        assert notice_mail.tell_people() == 0
        long_ago()
        assert (notice_mail.tell_people(), notice_mail.tell_people()) == (1, 0)
        [message] = mail.outbox
        assert message.to == [alice.email]
        assert message.body.count("out of the public") == 3

    def test_come_no_oftener_than_every_half_hour(self, alice: User, moderator: User) -> None:
        moderating.decide(make_asset(alice, public=True).pk, moderator, Decision.REMOVE)
        later = timezone.now() + dt.timedelta(minutes=6)
        Notice.objects.update(mailed_at=timezone.now())
        told = Notice.objects.get()
        told.pk, told.mailed_at, told.made_at = None, None, later - dt.timedelta(hours=1)
        told.save()
        assert notice_mail.tell_people() == 0
        long_ago()
        assert notice_mail.tell_people() == 1

    def test_leave_out_what_was_read_here_and_whom_they_bother(
        self, alice: User, bob: User, client: Client, moderator: User
    ) -> None:
        User.objects.filter(pk=bob.pk).update(mail_notices=False)
        for owner in (alice, bob):
            moderating.decide(make_asset(owner, public=True).pk, moderator, Decision.REMOVE)
        client.get(PAGE)
        long_ago()
        assert notice_mail.tell_people() == 0

    def test_are_tried_again_when_the_server_refused(
        self, alice: User, moderator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moderating.decide(make_asset(alice, public=True).pk, moderator, Decision.REMOVE)
        long_ago()
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "send_messages", _refuse)
            assert notice_mail.tell_people() == 0
        assert notice_mail.tell_people() == 1

    def test_are_switched_off_and_on_on_the_page(self, alice: User, client: Client) -> None:
        for answer, kept in (("no", False), ("yes", True), ("perhaps", True)):
            status = client.post(f"{PAGE}mail/", {"mail": answer}).status_code
            alice.refresh_from_db()
            assert (alice.mail_notices, status) == (kept, 400 if answer == "perhaps" else 302)


class TestMailsToModerators:
    def test_a_flood_of_reports_is_one_mail(self, alice: User, moderator: User) -> None:
        for _number in range(10):
            reporting.report(make_asset(alice, public=True), make_user(), Reason.OTHER)
            notice_mail.tell_moderators()
        [message] = mail.outbox
        assert message.to == [moderator.email]
        long_ago()
        assert notice_mail.tell_moderators()
        assert "10 pictures wait" in mail.outbox[1].subject

    def test_nothing_new_is_no_mail(self, alice: User, bob: User, moderator: User) -> None:
        reporting.report(make_asset(alice, public=True), bob, Reason.OTHER)
        make_asset(alice, public=True, rating=Rating.UNRATED)
        assert notice_mail.tell_moderators()
        long_ago()
        assert not notice_mail.tell_moderators()

    def test_appeals_and_pictures_that_wait_count_as_new(
        self, alice: User, moderator: User
    ) -> None:
        waiting = make_asset(alice, public=True, rating=Rating.UNRATED)
        assert notice_mail.tell_moderators()
        long_ago()
        moderating.decide(waiting.pk, moderator, Decision.APPROVE)
        assert not notice_mail.tell_moderators()
        make_asset(alice, public=True, rating=Rating.UNRATED)
        assert notice_mail.tell_moderators()
        long_ago()
        reporting.appeal(make_asset(alice, rating=Rating.SENSITIVE), "It is a painting.")
        assert notice_mail.tell_moderators()

    def test_names_nobody_and_shows_nothing(self, alice: User, bob: User, moderator: User) -> None:
        asset = make_asset(alice, public=True)
        reporting.report(asset, bob, Reason.MINOR, "look at her")
        notice_mail.tell_moderators()
        body = mail.outbox[0].body
        assert "1 of them is urgent" in body
        for secret in (alice.email, bob.email, "look at her", str(asset.pk)):
            assert secret not in body

    def test_the_operator_may_want_none(
        self, alice: User, bob: User, moderator: User, settings: Settings
    ) -> None:
        settings.MODERATION_MAIL_MINUTES = 0
        reporting.report(make_asset(alice, public=True), bob, Reason.OTHER)
        assert not notice_mail.tell_moderators()

    def test_go_to_those_who_decide_and_to_no_other_staff(self, alice: User, bob: User) -> None:
        for role in StaffRole:
            make_user(f"{role or 'nobody'}@example.org", staff_role=role)
        gone = make_user("gone@example.org", staff_role=StaffRole.MODERATOR)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        reporting.report(make_asset(alice, public=True), bob, Reason.OTHER)
        tasks.tell()
        assert {*mail.outbox[0].to} == {"admin@example.org", "moderator@example.org"}

    def test_are_tried_again_when_the_server_refused(
        self, alice: User, bob: User, moderator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reporting.report(make_asset(alice, public=True), bob, Reason.OTHER)
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "send_messages", _refuse)
            assert not notice_mail.tell_moderators()
        assert notice_mail.tell_moderators()


class TestTheBadge:
    def test_counts_what_somebody_waits_for(self, alice: User, bob: User) -> None:
        twice = make_asset(alice, public=True)
        for person in (bob, make_user()):
            reporting.report(twice, person, Reason.OTHER)
        reporting.appeal(twice, "No.")
        make_asset(alice, public=True, rating=Rating.UNRATED)
        binned = make_asset(alice, public=True)
        reporting.report(binned, bob, Reason.OTHER)
        binned.move_to_bin()
        assert moderating.awaited() == 2

    @pytest.mark.parametrize("role", StaffRole)
    def test_is_shown_to_those_who_decide(self, role: StaffRole, alice: User, bob: User) -> None:
        reporting.report(make_asset(alice, public=True), bob, Reason.OTHER)
        viewer = Client()
        viewer.force_login(make_user(staff_role=role))
        decides = role in (StaffRole.MODERATOR, StaffRole.ADMIN)
        counted = '1<span class="visually-hidden"> waiting</span>'
        assert (counted in viewer.get("/gallery/").content.decode()) is decides
        if role:
            assert (counted in viewer.get("/admin/").content.decode()) is decides


def test_old_notices_are_forgotten(alice: User, moderator: User) -> None:
    for _number in range(2):
        moderating.decide(make_asset(alice, public=True).pk, moderator, Decision.REMOVE)
    old = Notice.objects.order_by("pk")[:1]
    Notice.objects.filter(pk__in=old.values("pk")).update(
        made_at=timezone.now() - dt.timedelta(days=400)
    )
    assert tasks.forget_notices() == 1


def _refuse(*_args: Any) -> int:
    raise smtplib.SMTPServerDisconnected
