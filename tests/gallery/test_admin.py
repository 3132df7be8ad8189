"""The operator's lists: they work, and keep what people keep private."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Asset
from tests.factories import make_asset

pytestmark = pytest.mark.django_db

LIST = "admin:gallery_asset_changelist"


def test_no_private_picture_and_no_prompt_is_shown(
    client: Client, staff: User, alice: User
) -> None:
    hidden = make_asset(alice, prompt="the secret prompt")
    shown = make_asset(alice, prompt="the open prompt", public=True)
    client.force_login(staff)
    body = client.get(reverse(LIST)).content.decode()
    assert f"/files/{shown.pk}/" in body
    assert f"/files/{hidden.pk}/" not in body
    page = client.get(reverse("admin:gallery_asset_change", args=[hidden.pk])).content.decode()
    assert "secret" not in body + page


def test_a_picture_is_unpublished_or_binned_never_deleted(
    client: Client, staff: User, alice: User
) -> None:
    asset = make_asset(alice, public=True)
    client.force_login(staff)
    for action in ("unpublish", "move_to_bin"):
        sent = {"action": action, "_selected_action": str(asset.pk), "audit_reason": "reported"}
        client.post(reverse(LIST), sent)
    asset.refresh_from_db()
    assert (asset.is_public, asset.deleted_at is None) == (False, False)
    delete = reverse("admin:gallery_asset_delete", args=[asset.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Asset.objects.filter(pk=asset.pk).exists()


def test_people_without_rights_do_not_get_in(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(reverse(LIST)).status_code in {302, 403, 404}


def test_a_new_rating_changes_nothing_else(client: Client, staff: User, alice: User) -> None:
    asset = make_asset(alice, public=True)
    client.force_login(staff)
    url = reverse("admin:gallery_asset_change", args=[asset.pk])
    sent = {"moderator_rating": "sensitive", "visibility": "private", "audit_reason": "too bright"}
    assert client.post(url, sent).status_code == 302
    asset.refresh_from_db()
    assert (asset.rating, asset.is_public) == ("sensitive", True)
