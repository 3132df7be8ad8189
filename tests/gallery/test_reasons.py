"""Who reads what a moderator wrote about a picture, and who only what kind of reason it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, SensitivePictures, StaffRole, User
from gallery import moderating, sharing
from gallery.models import Asset, ReasonKind, Share
from gallery.moderating import Decision, Why
from tests.factories import join, keep, make_key, make_picture, make_team, make_user, share

pytestmark = pytest.mark.django_db

WORDS = "You wrote the neighbour's name into it."
KIND = "A real person"
#: Who looks -> whether they read the words; everybody who sees it reads the kind.
READS_THE_WORDS = {
    "owner": True,
    "moderator": True,
    "administrator": True,
    "stranger": False,
    "team's viewer": False,
    "team's editor": False,
    "may edit": False,
    "support": False,
    "anonymous": False,
}
DECISIONS = (Decision.APPROVE, Decision.SENSITIVE)


@pytest.fixture
def asset(alice: User) -> Asset:
    """Public, and hung in a team of its owner's."""
    made = keep(make_picture(alice), public=True)
    share(made, make_team(alice))
    return made


STAFF = {"moderator": "moderator", "administrator": "admin", "support": "support"}
MEMBERS = {"team's viewer": Role.VIEWER, "team's editor": Role.EDITOR}


def somebody(name: str, asset: Asset) -> User:
    """That person of the table."""
    if name == "owner":
        return asset.owner
    person = make_user(staff_role=StaffRole(STAFF.get(name, "")))
    if name in MEMBERS:
        join(asset.team_shares.get().team, person, MEMBERS[name])
    if name == "may edit":
        Share.objects.give(asset, person, may_edit=True)
    return person


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("name", READS_THE_WORDS)
def test_the_page_says_the_words_to_those_alone_whom_they_concern(
    name: str, decision: Decision, asset: Asset, settings: Any
) -> None:
    settings.SENSITIVE_FOR_VISITORS = SensitivePictures.BLUR
    judge = make_user(staff_role=StaffRole.MODERATOR)
    moderating.decide(asset.pk, judge, decision, Why(ReasonKind.PERSON, WORDS))
    client = Client()
    if name != "anonymous":
        client.force_login(somebody(name, asset))
    page = client.get(asset.get_absolute_url())
    assert page.status_code == 200
    assert (WORDS in _plain(page)) is READS_THE_WORDS[name]
    assert KIND in _plain(page)


@pytest.mark.parametrize("name", [name for name in READS_THE_WORDS if name != "anonymous"])
def test_so_does_the_api(name: str, asset: Asset) -> None:
    judge = make_user(staff_role=StaffRole.MODERATOR)
    moderating.decide(asset.pk, judge, Decision.SENSITIVE, Why(ReasonKind.PERSON, WORDS))
    client, headers = Client(), make_key(somebody(name, asset))[1]
    one = client.get(f"/v1/assets/{asset.pk}", headers=headers).json()
    listed = client.get("/v1/assets?scope=public&sensitive=show", headers=headers).json()["items"]
    for told in (one, *listed):
        assert told["ratingReason"] == (WORDS if READS_THE_WORDS[name] else "")
        assert told["ratingKind"] == ReasonKind.PERSON
    assert len(listed) == 1


@pytest.mark.parametrize("name", ["owner", "team's editor", "moderator"])
def test_the_words_of_a_removal_are_no_team_members_either(name: str, asset: Asset) -> None:
    judge = make_user(staff_role=StaffRole.MODERATOR)
    moderating.decide(asset.pk, judge, Decision.REMOVE, Why(ReasonKind.PERSON, WORDS))
    client = Client()
    client.force_login(somebody(name, asset))
    page = _plain(client.get(asset.get_absolute_url()))
    assert (WORDS in page) is (name == "owner")
    assert (KIND in page) is (name != "moderator")


def test_a_machines_words_are_everybodys(asset: Asset, bob: User) -> None:
    Asset.objects.update(machine_reason="nothing bare")
    client = Client()
    client.force_login(bob)
    assert "nothing bare" in _plain(client.get(asset.get_absolute_url()))


def test_neither_feeds_previews_nor_links_say_any(asset: Asset, alice: User) -> None:
    judge = make_user(staff_role=StaffRole.MODERATOR)
    moderating.decide(asset.pk, judge, Decision.APPROVE, Why(ReasonKind.PERSON, WORDS))
    link = reverse("share_link", args=[sharing.by_link(asset).token])
    visitor = Client()
    for address in (link, "/gallery/feed.atom", f"/gallery/{asset.pk}/embed/", "/gallery/"):
        answer = visitor.get(address)
        assert WORDS not in _plain(answer), address


def _plain(answer: Any) -> str:
    return str(answer.content.decode()).replace("&#x27;", "'")
