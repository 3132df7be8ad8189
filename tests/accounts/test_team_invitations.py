"""Ways into a team: by mail and by link, bound, counted, expiring, revocable."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import inviting, suspension
from accounts.models import Role, Team, TeamInvitation, User
from tests.factories import invite, join, make_team, make_user

pytestmark = pytest.mark.django_db
PHRASE = "a long enough phrase"


@pytest.fixture
def team(alice: User) -> Team:
    return make_team(alice)


def opened(client: Client, token: str) -> int:
    return client.get(reverse("team_invitation", args=[token])).status_code


def post(client: Client, page: str, /, *args: object, **said: object) -> int:
    return client.post(reverse(page, args=args), said).status_code


def by_mail(client: Client, team: Team, email: str, role: str = "contributor") -> int:
    said = {"by": "mail", "mail-email": email, "mail-role": role}
    return client.post(reverse("team_invitations", args=[team.pk]), said).status_code


def token_in_the_mail(number: int = -1) -> str:
    found = re.search(r"/teams/invitation/([\w-]+)/", str(mail.outbox[number].body))
    assert found
    return found[1]


def test_the_mail_lets_its_addressee_in(client: Client, alice: User, bob: User, team: Team) -> None:
    client.force_login(alice)
    assert by_mail(client, team, "Bob@Example.org", "editor") == 302
    assert mail.outbox[0].to == ["bob@example.org"]
    client.force_login(bob)
    assert opened(client, token_in_the_mail()) == 302
    assert post(client, "team_join") == 302
    assert bob.memberships.get(team=team).role == Role.EDITOR


def test_a_look_at_the_page_joins_nobody(client: Client, bob: User, team: Team) -> None:
    client.force_login(bob)
    opened(client, invite(team)[1])
    page = client.get(reverse("team_join")).content.decode()
    assert "Join" in page
    assert "Alice" in page
    assert not bob.memberships.exists()


def test_a_mail_is_for_its_addressee_alone(client: Client, mallory: User, team: Team) -> None:
    _invitation, token = invite(team, email="bob@example.org")
    client.force_login(mallory)
    assert opened(client, token) == 403
    assert not mallory.memberships.exists()


def test_who_opened_it_as_a_visitor_and_signs_in_as_another_is_refused(
    client: Client, mallory: User, team: Team
) -> None:
    _invitation, token = invite(team, email="bob@example.org")
    assert opened(client, token) == 302
    client.force_login(mallory)
    assert post(client, "team_join") == 403
    assert not mallory.memberships.exists()


def test_it_works_once(client: Client, bob: User, team: Team) -> None:
    _invitation, token = invite(team, email="bob@example.org")
    client.force_login(bob)
    opened(client, token)
    post(client, "team_join")
    bob.memberships.all().delete()
    assert opened(client, token) == 410


def test_a_link_works_as_often_as_it_says(client: Client, team: Team) -> None:
    _invitation, token = invite(team, uses=2)
    statuses = []
    for _number in range(3):
        client.force_login(make_user())
        statuses.append(opened(client, token))
        post(client, "team_join")
    assert statuses == [302, 302, 410]
    assert team.memberships.count() == 3


def test_it_is_open_until_its_day(client: Client, bob: User, team: Team) -> None:
    _invitation, token = invite(team)
    TeamInvitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    client.force_login(bob)
    assert opened(client, token) == 410


def test_a_revoked_one_lets_nobody_in(client: Client, alice: User, bob: User, team: Team) -> None:
    invitation, token = invite(team)
    client.force_login(alice)
    assert post(client, "team_invitation_revocation", team.pk, invitation.pk) == 302
    client.force_login(bob)
    assert opened(client, token) == 410


def test_one_that_is_revoked_while_somebody_looks_lets_nobody_in(
    client: Client, bob: User, team: Team
) -> None:
    invitation, token = invite(team)
    client.force_login(bob)
    opened(client, token)
    invitation.revoke()
    assert post(client, "team_join") == 410


@pytest.mark.parametrize("loss", ["removed", "demoted", "suspended"])
def test_who_may_invite_no_more_has_no_way_back_by_an_earlier_link(
    client: Client, mallory: User, bob: User, staff: User, team: Team, loss: str
) -> None:
    mine = join(team, mallory, Role.OWNER)
    _link, token = TeamInvitation.issue(team, Role.OWNER, invited_by=mallory, uses=9)
    if loss == "removed":
        mine.end()
    elif loss == "demoted":
        mine.take_role(Role.EDITOR)
    else:
        suspension.suspend(mallory, by=staff, reason="spam")
    client.force_login(mallory if loss == "removed" else bob)
    assert opened(client, token) == 410
    assert team.memberships.filter(role=Role.OWNER).exclude(user=mallory).count() == 1


def test_what_another_owner_sent_stays_open_when_one_leaves(
    client: Client, mallory: User, bob: User, team: Team
) -> None:
    _link, token = invite(team)
    join(team, mallory, Role.OWNER).end()
    client.force_login(bob)
    assert opened(client, token) == 302


def test_a_closed_team_lets_nobody_in(client: Client, bob: User, team: Team) -> None:
    _invitation, token = invite(team)
    team.close()
    client.force_login(bob)
    assert opened(client, token) == 410


def test_a_made_up_token_is_404(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert opened(client, "a" * 32) == 404


def test_a_member_stays_as_they_are_and_uses_nothing(client: Client, bob: User, team: Team) -> None:
    join(team, bob, Role.VIEWER)
    invitation, token = invite(team, role=Role.OWNER)
    client.force_login(bob)
    opened(client, token)
    post(client, "team_join")
    invitation.refresh_from_db()
    assert (bob.memberships.get().role, invitation.used) == (Role.VIEWER, 0)


def test_sending_it_again_voids_the_earlier_link(
    client: Client, alice: User, bob: User, team: Team
) -> None:
    client.force_login(alice)
    by_mail(client, team, bob.email)
    invitation = TeamInvitation.objects.get()
    assert post(client, "team_invitation_renewal", team.pk, invitation.pk) == 302
    client.force_login(bob)
    assert opened(client, token_in_the_mail(0)) == 404
    assert opened(client, token_in_the_mail(1)) == 302


def test_inviting_an_address_twice_is_one_invitation(
    client: Client, alice: User, team: Team
) -> None:
    client.force_login(alice)
    by_mail(client, team, "bob@example.org", "viewer")
    by_mail(client, team, "bob@example.org", "editor")
    assert TeamInvitation.objects.get().role == Role.EDITOR
    assert len(mail.outbox) == 2


def test_who_is_in_the_team_is_not_invited(
    client: Client, alice: User, bob: User, team: Team
) -> None:
    join(team, bob, Role.VIEWER)
    client.force_login(alice)
    assert by_mail(client, team, bob.email) == 422
    assert mail.outbox == []


@pytest.mark.parametrize("email", ["", "bob", "bob@", "bob@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_refused_and_kept(
    client: Client, alice: User, team: Team, email: str
) -> None:
    client.force_login(alice)
    assert by_mail(client, team, email) == 422
    assert mail.outbox == []
    assert not TeamInvitation.objects.exists()


def test_a_mail_that_cannot_be_sent_leaves_no_invitation(
    client: Client, alice: User, team: Team, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    client.force_login(alice)
    assert by_mail(client, team, "bob@example.org") == 422
    assert not TeamInvitation.objects.exists()


def test_nobody_sends_mails_without_end(client: Client, alice: User, team: Team) -> None:
    client.force_login(alice)
    statuses = {by_mail(client, team, f"p{n}@example.org") for n in range(inviting.MAILS.burst)}
    assert statuses == {302}
    assert by_mail(client, team, "one-more@example.org") == 422


def test_a_team_has_so_many_open_ones_and_no_more(
    client: Client, alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "MAX_PENDING", 1)
    invite(team)
    client.force_login(alice)
    said = {"by": "link", "link-uses": "1", "link-days": "7", "link-role": "viewer"}
    url = reverse("team_invitations", args=[team.pk])
    assert client.post(url, said).status_code == 422


def test_a_link_is_shown_once_and_kept_nowhere(client: Client, alice: User, team: Team) -> None:
    client.force_login(alice)
    said = {"by": "link", "link-uses": "3", "link-days": "7", "link-role": "viewer"}
    answer = client.post(reverse("team_invitations", args=[team.pk]), said)
    found = re.search(r"/teams/invitation/([\w-]+)/", answer.content.decode())
    assert answer.status_code == 201
    assert found
    assert answer.headers["Cache-Control"].count("no-store") == 1
    assert found[1] not in client.get(reverse("team", args=[team.pk])).content.decode()
    assert found[1] not in str(TeamInvitation.objects.values().get())


@pytest.mark.parametrize(
    "wrong",
    [
        {"uses": "0"},
        {"uses": "-1"},
        {"uses": "1.5"},
        {"uses": "1001"},
        {"days": "2"},
        {"role": "x"},
    ],
    ids=str,
)
def test_a_link_within_reason(
    client: Client, alice: User, team: Team, wrong: dict[str, str]
) -> None:
    client.force_login(alice)
    fields = {"uses": "1", "days": "7", "role": "viewer"} | wrong
    said = {"by": "link"} | {f"link-{name}": value for name, value in fields.items()}
    url = reverse("team_invitations", args=[team.pk])
    assert client.post(url, said).status_code == 422
    assert not TeamInvitation.objects.exists()


def test_no_other_site_learns_the_address(client: Client, bob: User, team: Team) -> None:
    client.force_login(bob)
    answer = client.get(reverse("team_invitation", args=[invite(team)[1]]))
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    # The page that asks is at an address without the token.
    assert answer.headers["Location"] == reverse("team_join")


def sign_up(client: Client, email: str) -> int:
    said = {"email": email, "password1": PHRASE, "next": reverse("team_join")}
    return client.post(reverse("account_signup"), said).status_code


def test_who_has_no_account_makes_one_and_is_in(client: Client, team: Team) -> None:
    opened(client, invite(team, email="new@example.org")[1])
    assert sign_up(client, "new@example.org") == 302
    assert User.objects.get(email="new@example.org").memberships.get().team == team


def test_who_signs_up_by_a_link_is_asked_first(client: Client, team: Team) -> None:
    opened(client, invite(team)[1])
    assert sign_up(client, "new@example.org") == 302
    new = User.objects.get(email="new@example.org")
    assert not new.memberships.exists()
    assert post(client, "team_join") == 302
    assert new.memberships.get().team == team


def test_who_signs_up_with_another_address_is_not_in(client: Client, team: Team) -> None:
    opened(client, invite(team, email="new@example.org")[1])
    assert sign_up(client, "other@example.org") == 302
    assert not User.objects.get(email="other@example.org").memberships.exists()
    assert post(client, "team_join") == 403


def test_where_sign_up_is_by_invitation_a_teams_mail_is_one_without_credits(
    client: Client, team: Team, settings: object
) -> None:
    settings.SIGN_UP = "invitation"  # type: ignore[attr-defined]
    opened(client, invite(team, email="new@example.org")[1])
    assert sign_up(client, "other@example.org") == 422
    assert sign_up(client, "new@example.org") == 302
    new = User.objects.get(email="new@example.org")
    assert new.memberships.get().team == team
    assert new.wallet.balance == 0


def test_where_sign_up_is_by_invitation_a_teams_link_is_none(
    client: Client, team: Team, settings: object
) -> None:
    settings.SIGN_UP = "invitation"  # type: ignore[attr-defined]
    opened(client, invite(team)[1])
    assert sign_up(client, "new@example.org") == 403


def test_where_sign_up_is_off_nobody_is_let_in_by_a_team(
    client: Client, team: Team, settings: object
) -> None:
    settings.SIGN_UP = "off"  # type: ignore[attr-defined]
    opened(client, invite(team, email="new@example.org")[1])
    assert sign_up(client, "new@example.org") == 403


def test_a_team_invites_no_domain_that_is_not_welcome(
    client: Client, team: Team, settings: object
) -> None:
    settings.SIGN_UP, settings.SIGN_UP_DOMAINS = "invitation", ["corp.example"]  # type: ignore[attr-defined]
    opened(client, invite(team, email="new@example.org")[1])
    assert sign_up(client, "new@example.org") == 422
