"""Ratings, reports and appeals on the page of a picture, and what each viewer is shown."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SensitivePictures, User
from gallery import moderating, sharing
from gallery.models import Appeal, Asset, Hold, Rating, Report
from tests.factories import keep, make_asset, make_collection, make_picture, make_team, share

pytestmark = pytest.mark.django_db


def at(asset: Asset, name: str) -> str:
    return reverse(name, args=[asset.pk])


def as_person(user: User, policy: str = SensitivePictures.BLUR) -> Client:
    User.objects.filter(pk=user.pk).update(sensitive_pictures=policy)
    client = Client()
    client.force_login(user)
    return client


#: What a list shows of a picture: nothing, blurred, or plainly.
POLICIES = {"hide": "absent", "blur": "veiled", "show": "plain"}
RATINGS = list(Rating)
PLACES = ("public", "team", "mine")


def shown(body: str, asset: Asset) -> str:
    if f'id="picture-{asset.pk}"' not in body:
        return "absent"
    card = body.split(f'id="picture-{asset.pk}"')[0].rpartition("<li")[2]
    return "veiled" if "veiled" in card else "plain"


def expected(policy: str, rating: str, place: str) -> str:
    if place == "public" and rating == Rating.UNRATED:
        return "absent"
    if rating != Rating.SENSITIVE:
        return "plain"
    if place == "mine":
        return "plain" if policy == "show" else "veiled"
    return POLICIES[policy]


@pytest.mark.parametrize(
    ("policy", "rating", "place"), list(itertools.product(POLICIES, RATINGS, PLACES))
)
def test_lists_show_each_viewer_what_they_chose(
    policy: str, rating: Rating, place: str, alice: User, bob: User
) -> None:
    asset = make_asset(alice if place != "mine" else bob, public=True, rating=rating)
    if place == "team":
        team = make_team(alice)
        share(asset, team)
        team.memberships.create(user=bob, role="viewer")
    for query in ("", "fox"):
        found = as_person(bob, policy).get("/gallery/", {"scope": place, "q": query})
        told = shown(found.content.decode(), asset)
        assert told == expected(policy, rating, place), query


@pytest.mark.parametrize("rating", RATINGS)
@pytest.mark.parametrize("policy", ["hide", "blur"])
def test_visitors_are_shown_what_the_operator_chose(
    policy: str, rating: Rating, settings: Any, client: Client, alice: User
) -> None:
    settings.SENSITIVE_FOR_VISITORS = policy
    asset = make_asset(alice, public=True, rating=rating)
    opens = {Rating.SAFE: True, Rating.SENSITIVE: policy == "blur", Rating.UNRATED: False}[rating]
    assert client.get(at(asset, "asset")).status_code == (200 if opens else 404)
    body = client.get("/gallery/").content.decode()
    assert shown(body, asset) == expected(policy, rating, "public")


@pytest.mark.parametrize("rating", RATINGS)
@pytest.mark.parametrize("held", Hold.values)
def test_a_visitor_gets_bytes_of_nothing_that_is_unrated_sensitive_or_held(
    rating: Rating, held: str, client: Client, alice: User
) -> None:
    asset = keep(make_picture(alice, rating=rating), public=True)
    Asset.objects.update(held=held)
    opens = rating == Rating.SAFE and not held
    for name in ("original", "96.webp"):
        answer = client.get(reverse("asset_file", args=[asset.pk, name]))
        assert answer.status_code == (200 if opens else 404)


def test_shared_caches_keep_no_sensitive_picture(alice: User, bob: User) -> None:
    asset = keep(make_picture(alice, rating=Rating.SENSITIVE), public=True)
    answer = as_person(bob).get(reverse("asset_file", args=[asset.pk, "original"]))
    assert answer["Cache-Control"] == "private, no-cache"


def test_the_page_is_veiled_with_a_real_button_and_opens_without_javascript(
    alice: User, bob: User
) -> None:
    asset = make_asset(alice, public=True, rating=Rating.SENSITIVE)
    viewer = as_person(bob)
    body = viewer.get(at(asset, "asset")).content.decode()
    assert 'class="stage veiled"' in body
    assert 'aria-pressed="false" data-veil' in body
    assert 'class="stage"' in viewer.get(at(asset, "asset"), {"reveal": "yes"}).content.decode()


def test_the_front_door_shows_safe_pictures_alone(client: Client, alice: User) -> None:
    pictures = [make_asset(alice, public=True, rating=rating) for rating in RATINGS]
    body = client.get("/").content.decode()
    assert [str(each.pk) in body for each in pictures] == [r == Rating.SAFE for r in RATINGS]


def test_other_pages_blur_it_too(alice: User, bob: User) -> None:
    asset = make_asset(alice, public=True, rating=Rating.SENSITIVE)
    collection = make_collection(bob, asset)
    viewer = as_person(bob)
    compared = f"/gallery/compare/?a={asset.pk}&b={make_asset(bob).pk}"
    for url in ("/collections/", compared, collection.get_absolute_url()):
        assert "veiled" in viewer.get(url).content.decode(), url
    shower = as_person(bob, SensitivePictures.SHOW)
    assert "veiled" not in shower.get("/collections/").content.decode()


class TestTheOwner:
    def test_raises_and_takes_back(self, alice: User) -> None:
        asset = make_asset(alice)
        owner = as_person(alice)
        for word, rating in (("yes", "sensitive"), ("no", "safe")):
            assert owner.post(at(asset, "asset_rating"), {"sensitive": word}).status_code == 302
            asset.refresh_from_db()
            assert asset.rating == rating

    def test_is_told_that_an_unrated_picture_waits(self, alice: User) -> None:
        asset = make_asset(alice, public=True, rating=Rating.UNRATED)
        assert "waits for review" in as_person(alice).get(at(asset, "asset")).content.decode()

    def test_asks_for_another_look_once_and_reads_the_answer(self, alice: User) -> None:
        asset = make_asset(alice, public=True, rating=Rating.SENSITIVE)
        owner = as_person(alice)
        for _time in range(2):
            owner.post(at(asset, "asset_appeal"), {"note": "It is a statue."})
        assert Appeal.objects.count() == 1
        Appeal.objects.update(answer="So it is.", answered_at="2026-01-01T00:00:00Z")
        assert "So it is." in owner.get(at(asset, "asset")).content.decode()

    def test_cannot_appeal_about_nothing(self, alice: User) -> None:
        asset = make_asset(alice)
        as_person(alice).post(at(asset, "asset_appeal"), {"note": "x"})
        assert not Appeal.objects.exists()

    def test_an_empty_appeal_is_marked_beside_the_field(self, alice: User) -> None:
        asset = make_asset(alice, rating=Rating.SENSITIVE)
        answer = as_person(alice).post(at(asset, "asset_appeal"), {"note": " "})
        assert answer.status_code == 422
        assert "This field is required" in answer.content.decode()


class TestReporting:
    def test_somebody_else_reports_with_a_reason(self, alice: User, bob: User) -> None:
        asset = make_asset(alice, public=True)
        viewer = as_person(bob)
        sent = {"reason": "hate", "note": "the flag"}
        assert viewer.post(at(asset, "asset_report"), sent).status_code == 302
        assert Report.objects.get().note == "the flag"
        assert "You have reported" in viewer.get(at(asset, "asset")).content.decode()

    def test_a_report_without_a_reason_keeps_the_note(self, alice: User, bob: User) -> None:
        asset = make_asset(alice, public=True)
        answer = as_person(bob).post(at(asset, "asset_report"), {"note": "the flag"})
        assert answer.status_code == 422
        assert "the flag" in answer.content.decode()

    def test_too_many_are_refused_with_a_time_to_come_back(self, alice: User, bob: User) -> None:
        viewer = as_person(bob)
        answers = [
            viewer.post(at(make_asset(alice, public=True), "asset_report"), {"reason": "other"})
            for _time in range(21)
        ]
        assert [answer.status_code for answer in answers] == [302] * 20 + [429]
        assert int(answers[-1]["Retry-After"]) > 0

    def test_visitors_report_what_is_public_and_hide_nothing(
        self, client: Client, alice: User
    ) -> None:
        asset = make_asset(alice, public=True)
        assert "You need no account" in client.get(at(asset, "asset")).content.decode()
        for _time in range(4):
            answer = client.post(at(asset, "asset_report"), {"reason": "minor"}, follow=True)
            assert "A moderator will look at it" in answer.content.decode()
        assert Report.objects.filter(reporter=None, by_visitor=True).count() == 3
        assert Asset.objects.get().listed
        [case] = moderating.queue()
        assert case.is_urgent

    def test_harmless_ones_of_visitors_keep_no_urgent_one_out(
        self, client: Client, alice: User
    ) -> None:
        url = at(make_asset(alice, public=True), "asset_report")
        for reason in ("other", "other", "other", "minor"):
            client.post(url, {"reason": reason})
        [case] = moderating.queue()
        assert case.is_urgent

    def test_one_visitor_is_stopped_in_time(self, client: Client, alice: User) -> None:
        url = at(make_asset(alice, public=True), "asset_report")
        answers = [client.post(url, {"reason": "other"}) for _time in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert int(answers[-1]["Retry-After"]) > 0

    def test_visitors_report_nothing_that_they_cannot_see(
        self, client: Client, alice: User
    ) -> None:
        for asset in (make_asset(alice), make_asset(alice, public=True, rating=Rating.UNRATED)):
            assert client.post(at(asset, "asset_report"), {"reason": "hate"}).status_code == 404
        assert not Report.objects.exists()


class TestReportingByLink:
    def test_whoever_has_the_link_reports_with_an_account_or_without(
        self, client: Client, alice: User, bob: User
    ) -> None:
        link = sharing.by_link(make_asset(alice))
        url = reverse("share_link_report", args=[link.token])
        for viewer in (client, as_person(bob)):
            assert url in viewer.get(reverse("share_link", args=[link.token])).content.decode()
            assert viewer.post(url, {"reason": "rights"}).status_code == 302
        assert {report.reporter for report in Report.objects.all()} == {None, bob}

    def test_an_urgent_one_by_a_person_lets_the_link_rest(self, alice: User, bob: User) -> None:
        link = sharing.by_link(make_asset(alice))
        url = reverse("share_link_report", args=[link.token])
        answer = as_person(bob).post(url, {"reason": "minor"}, follow=True)
        assert answer.status_code == 410
        assert "A moderator will look at it" in answer.content.decode()

    def test_a_report_without_a_reason_keeps_the_note(self, client: Client, alice: User) -> None:
        url = reverse("share_link_report", args=[sharing.by_link(make_asset(alice)).token])
        answer = client.post(url, {"note": "the flag"})
        assert answer.status_code == 422
        assert "the flag" in answer.content.decode()

    def test_neither_without_the_password_nor_by_the_owner(
        self, client: Client, alice: User
    ) -> None:
        link = sharing.by_link(make_asset(alice), password="sesame")
        url = reverse("share_link_report", args=[link.token])
        assert client.post(url, {"reason": "hate"}).status_code == 404
        opened = reverse("share_link", args=[sharing.by_link(link.asset).token])
        owner = as_person(alice)
        assert "Send the report" not in owner.get(opened).content.decode()
        assert owner.post(f"{opened}report/", {"reason": "hate"}).status_code == 403
        assert not Report.objects.exists()


def test_one_chooses_what_becomes_of_sensitive_pictures(alice: User) -> None:
    client = as_person(alice)
    client.post("/account/sensitive-pictures/", {"sensitive_pictures": "hide"})
    alice.refresh_from_db()
    assert alice.sensitive_pictures == "hide"
    wrong = client.post("/account/sensitive-pictures/", {"sensitive_pictures": "burn"})
    assert wrong.status_code == 422
