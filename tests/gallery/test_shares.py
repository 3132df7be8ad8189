"""Sharing in person and by link: who is told what, what ends when, and what editors decide."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from gallery import personal_data, publishing, sharing
from gallery.models import Asset, Hold, PublicationRequest, RequestState, Share
from gallery.sharing import CannotShare
from tests.factories import join, keep, make_asset, make_picture, make_team, share

pytestmark = pytest.mark.django_db


def test_a_stranger_cannot_be_named_by_number(alice: User, mallory: User) -> None:
    with pytest.raises(CannotShare):
        sharing.with_colleague(make_asset(alice), mallory.pk, may_edit=False)


def test_a_colleague_sees_it_at_once(alice: User, bob: User) -> None:
    join(make_team(alice), bob, Role.VIEWER)
    asset = make_asset(alice)
    sharing.with_colleague(asset, bob.pk, may_edit=False)
    assert Asset.objects.visible_to(bob).contains(asset)
    assert not Asset.objects.editable_by(bob).contains(asset)


def test_an_address_is_answered_alike_with_an_account_or_without(
    client: Client, alice: User, bob: User
) -> None:
    client.force_login(alice)
    asset = make_asset(alice)
    url = reverse("asset_people", args=[asset.pk])
    pages = []
    for email in (bob.email, "nobody@example.org"):
        said = {"person-email": email, "person-right": "view"}
        page = client.post(url, said, follow=True).content.decode()
        pages.append(re.sub(r'token" value="[^"]+"', "", page.split('id="links"')[1]))
        Share.objects.all().delete()
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2
    assert not Asset.objects.visible_to(bob).contains(asset)


def invited(alice: User, email: str) -> tuple[Asset, str]:
    asset = keep(make_picture(alice))
    given = sharing.by_mail(asset, email, may_edit=True)
    return asset, reverse("share_invitation", args=[given.token])


def test_an_invitation_binds_to_whoever_signs_in_with_its_address(
    client: Client, alice: User, bob: User
) -> None:
    asset, url = invited(alice, "BOB@example.org")
    assert url in mail.outbox[0].body
    client.force_login(bob)
    assert client.get(url).status_code == 200
    assert not Asset.objects.visible_to(bob).contains(asset)
    assert client.post(url).status_code == 302
    assert Asset.objects.editable_by(bob).contains(asset)
    assert client.post(url).status_code == 410


def test_an_invitation_is_nothing_to_anybody_else(
    client: Client, alice: User, bob: User, mallory: User
) -> None:
    asset, url = invited(alice, bob.email)
    assert client.get(url).status_code == 200
    client.force_login(mallory)
    assert client.post(url).status_code == 403
    assert not Asset.objects.visible_to(mallory).contains(asset)


def test_what_a_person_may_do_is_changed_in_place(client: Client, alice: User, bob: User) -> None:
    asset = make_asset(alice)
    share = Share.objects.give(asset, bob, may_edit=False)
    client.force_login(alice)
    page, change = (
        reverse("asset_sharing", args=[asset.pk]),
        reverse("share_right", args=[share.pk]),
    )
    for said, may_edit in (("edit", True), ("view", False)):
        assert f'value="{said}" aria-label=' in client.get(page).content.decode()
        assert client.post(change, {"right": said}).status_code == 302
        assert Asset.objects.editable_by(bob).contains(asset) == may_edit
    assert Share.objects.get() == share


def test_an_invitation_that_waits_is_changed_before_it_is_accepted(
    client: Client, alice: User, bob: User
) -> None:
    asset, url = invited(alice, bob.email)
    client.force_login(alice)
    client.post(reverse("share_right", args=[Share.objects.get().pk]), {"right": "view"})
    client.force_login(bob)
    client.post(url)
    assert Asset.objects.visible_to(bob).contains(asset)
    assert not Asset.objects.editable_by(bob).contains(asset)


@pytest.mark.parametrize("right", ["", "own"])
def test_a_right_that_is_none_changes_nothing(
    client: Client, alice: User, bob: User, right: str
) -> None:
    share = Share.objects.give(make_asset(alice), bob, may_edit=True)
    client.force_login(alice)
    told = client.post(reverse("share_right", args=[share.pk]), {"right": right})
    assert (told.status_code, Share.objects.get().may_edit) == (400, True)


def test_nobody_changes_the_rights_of_a_link_or_of_what_others_shared(
    client: Client, alice: User, bob: User
) -> None:
    asset = make_asset(alice)
    link, share = sharing.by_link(asset), Share.objects.give(asset, bob, may_edit=False)
    client.force_login(bob)
    assert (
        client.post(reverse("share_right", args=[share.pk]), {"right": "edit"}).status_code == 404
    )
    client.force_login(alice)
    assert client.post(reverse("share_right", args=[link.pk]), {"right": "edit"}).status_code == 404
    assert not Share.objects.filter(may_edit=True).exists()


def test_what_was_shared_ends_in_the_bin_and_does_not_come_back(
    client: Client, alice: User, bob: User
) -> None:
    asset = keep(make_picture(alice))
    Share.objects.give(asset, bob, may_edit=True)
    link = sharing.by_link(asset)
    asset.move_to_bin()
    asset.restore()
    assert not Asset.objects.visible_to(bob).contains(asset)
    assert client.get(reverse("share_link", args=[link.token])).status_code == 410


def test_a_link_counts_who_looks_but_not_its_owner(client: Client, alice: User) -> None:
    link = sharing.by_link(keep(make_picture(alice)))
    url = reverse("share_link", args=[link.token])
    client.head(url)
    client.get(url)
    client.force_login(alice)
    client.get(url)
    link.refresh_from_db()
    assert link.views == 1


def test_a_link_without_the_prompt_says_it_nowhere(client: Client, alice: User) -> None:
    asset = keep(make_picture(alice, prompt="the secret prompt"))
    link = sharing.by_link(asset, shows_prompt=False)
    answers = [
        client.get(reverse("share_link", args=[link.token])),
        client.get(reverse("share_link_file", args=[link.token, "original"])),
        client.get(reverse("share_link_download", args=[link.token])),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert b"secret" not in answer.content
        assert "secret" not in str(answer.headers)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("hold", [Hold.REPORTS, Hold.MODERATOR])
def test_a_link_rests_while_moderators_hold_its_picture(
    client: Client, alice: User, hold: Hold
) -> None:
    asset = keep(make_picture(alice))
    token = sharing.by_link(asset).token
    addresses = [
        reverse("share_link", args=[token]),
        reverse("share_link_file", args=[token, "original"]),
        reverse("share_link_download", args=[token]),
    ]
    Asset.objects.filter(pk=asset.pk).update(held=hold)
    assert [client.get(url).status_code for url in addresses] == [410, 404, 404]
    client.force_login(alice)
    told = client.get(reverse("asset_sharing", args=[asset.pk])).content
    assert b"open nothing while it is held back" in told
    Asset.objects.filter(pk=asset.pk).update(held=Hold.NONE)
    assert [client.get(url).status_code for url in addresses] == [200, 200, 200]


def test_passwords_are_not_guessed_for_long(client: Client, alice: User) -> None:
    link = sharing.by_link(keep(make_picture(alice)), password="open sesame")
    url = reverse("share_link", args=[link.token])
    answers = [client.post(url, {"password": f"guess {n}"}).status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert client.post(url, {"password": "open sesame"}).status_code == 429


def test_shares_go_with_an_erased_person(alice: User, bob: User) -> None:
    Share.objects.give(make_asset(alice), bob, may_edit=False)
    sharing.by_mail(make_asset(alice), bob.email, may_edit=False)
    personal_data.erase(bob)
    assert not Share.objects.exists()


# What editors let become public.


def reviewed(alice: User, bob: User) -> tuple[Asset, Team]:
    """A picture of bob, a contributor, in a team of alice that reviews what becomes public."""
    team = make_team(alice)
    Team.objects.filter(pk=team.pk).update(reviews_publications=True)
    join(team, bob, Role.CONTRIBUTOR)
    return share(make_asset(bob), team), team


def is_public(asset: Asset) -> bool:
    return Asset.objects.get(pk=asset.pk).is_public


def test_a_contributor_asks_and_an_editor_decides(alice: User, bob: User) -> None:
    asset, team = reviewed(alice, bob)
    assert publishing.publish(asset, bob) == [team]
    assert not is_public(asset)
    wish = PublicationRequest.objects.get()
    assert not publishing.approve(wish, bob)
    assert publishing.approve(wish, alice)
    assert is_public(asset)
    assert not publishing.decline(wish, alice)


def test_a_no_is_told_with_its_reason(client: Client, alice: User, bob: User) -> None:
    asset, _team = reviewed(alice, bob)
    publishing.publish(asset, bob)
    client.force_login(alice)
    wish = PublicationRequest.objects.get()
    said = {"decision": "decline", "note": "Too dark."}
    assert client.post(reverse("approval", args=[wish.pk]), said).status_code == 302
    client.force_login(bob)
    assert "Too dark." in client.get(asset.get_absolute_url()).content.decode()
    assert not is_public(asset)


def test_who_asks_may_take_it_back_and_ask_again(alice: User, bob: User) -> None:
    asset, _team = reviewed(alice, bob)
    for _time in range(2):
        publishing.publish(asset, bob)
        publishing.publish(asset, bob)
        assert PublicationRequest.objects.waiting().count() == 1
        publishing.hide(asset)
        assert not PublicationRequest.objects.waiting().exists()


def test_an_editor_publishes_their_own_at_once(alice: User, bob: User) -> None:
    _asset, team = reviewed(alice, bob)
    mine = share(make_asset(alice), team)
    assert publishing.publish(mine, alice) == []
    assert is_public(mine)


def test_a_binned_picture_waits_for_nobody(alice: User, bob: User) -> None:
    asset, _team = reviewed(alice, bob)
    publishing.publish(asset, bob)
    asset.move_to_bin()
    asset.restore()
    assert PublicationRequest.objects.get().state == RequestState.WITHDRAWN
