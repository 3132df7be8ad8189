"""manage.py make_demo_gallery: what it makes, again the same, and what may be deleted of it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import CreditEntry, Membership, Role, Team, User, Wallet
from gallery import demo, keeping
from gallery.models import Asset, TeamShare, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "SHAPES", ((96, 64), (64, 96)))
    monkeypatch.setattr(demo, "FILES_PER_SHAPE", 1)


def make(*, assets: int = 200, users: int = 5, **options: Any) -> str:
    out = io.StringIO()
    call_command("make_demo_gallery", assets=assets, users=users, stdout=out, **options)
    return out.getvalue()


def rows() -> list[tuple[Any, ...]]:
    """All that a seed decides: everything but the random names of the files."""
    columns = ("id", "owner__email", "prompt", "visibility", "created_at", "width", "tags__name")
    return sorted(Asset.objects.values_list(*columns), key=str)


def test_it_makes_as_many_as_asked_each_with_its_copies() -> None:
    make(assets=200, users=5)
    assert Asset.objects.count() == 200
    assert User.objects.count() == 5
    assert Variant.objects.values("asset").distinct().count() == 200


def test_the_owner_gets_four_fifths(alice: User) -> None:
    make(assets=1000, owner="Alice@example.org")
    assert 760 <= Asset.objects.filter(owner=alice).count() <= 840


def test_the_same_seed_makes_the_same_gallery() -> None:
    make(seed=3)
    first = rows()
    Asset.objects.all().delete()
    make(seed=3)
    assert rows() == first
    Asset.objects.all().delete()
    make(seed=4)
    assert rows() != first


def test_a_seed_is_made_once() -> None:
    make(seed=3)
    with pytest.raises(CommandError, match="another --seed"):
        make(seed=3)


def test_bad_wishes_are_refused_in_one_line() -> None:
    for wish in ({"users": 0}, {"assets": -1}, {"teams": -1}, {"owner": "nobody@example.org"}):
        with pytest.raises(CommandError):
            make(**wish)
    assert not Asset.objects.exists()


def test_every_team_has_an_owner_and_pictures_hang_with_their_owners_teams(alice: User) -> None:
    make(teams=7, owner=alice.email)
    owners = Membership.objects.filter(role=Role.OWNER).values("team").distinct()
    assert Team.objects.count() == owners.count() == 7
    assert alice.memberships.count() == demo.OWNERS_TEAMS
    shares = TeamShare.objects.select_related("asset")
    assert 20 <= shares.count() <= 80
    for share in shares:
        assert share.asset.owner.memberships.filter(team=share.team_id).exists()
        assert share.made_at == share.asset.created_at


def test_its_people_have_a_wallet_that_agrees_with_the_ledger_and_cannot_sign_in() -> None:
    make()
    assert Wallet.objects.filter(balance=0).count() == User.objects.count()
    assert not CreditEntry.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_its_pictures_are_served_and_one_deletion_hurts_no_other(
    client: Client, alice: User
) -> None:
    make(owner=alice.email)
    client.force_login(alice)
    first, second = Asset.objects.filter(owner=alice, width=96)[:2]
    assert first.file == second.file
    first.move_to_bin()
    keeping.purge([first.pk])
    assert default_storage.exists(second.file)
    url = reverse("asset_file", args=[second.pk, "96.webp"])
    assert client.get(url).status_code == 200
