"""Keys for programs: made, shown once, used, revoked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.authentication import authenticate_key
from accounts.keys import MAX_KEYS, add_key
from accounts.models import ApiKey, Scope, User
from tests.factories import make_key

pytestmark = pytest.mark.django_db

KEYS = "/account/keys/"


def opens(headers: dict[str, str], path: str = "/v1/assets") -> User | None:
    key = authenticate_key(RequestFactory().get(path, headers=headers))
    return key.user if key else None


def make(client: Client, **fields: Any) -> Any:
    return client.post(KEYS, {"name": "laptop", "scopes": ["read"]} | fields)


def token_on(page: str) -> str:
    found = re.search(r'value="(lim_[^"]+)"', page)
    assert found
    return found.group(1)


def test_a_new_key_is_shown_once_and_opens(client: Client, alice: User) -> None:
    client.force_login(alice)
    response = make(client)
    token = token_on(response.content.decode())
    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    assert opens({"Authorization": f"Bearer {token}"}) == alice
    assert token not in client.get(KEYS).content.decode()


def test_only_a_hash_is_stored(alice: User) -> None:
    key, headers = make_key(alice)
    token = headers["Authorization"].removeprefix("Bearer ")
    stored = str(ApiKey.objects.filter(pk=key.pk).values().get())
    assert token not in stored
    assert token[12:] not in stored


def test_a_key_has_the_scopes_that_were_chosen(client: Client, alice: User) -> None:
    client.force_login(alice)
    make(client, scopes=["gallery", "read"])
    key = alice.api_keys.get()
    assert key.scopes == ["read", "gallery"]
    assert key.allows(Scope.READ)
    assert not key.allows(Scope.GENERATE)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_a_bad_form_says_why_beside_the_field(
    client: Client, alice: User, fields: dict[str, Any], field: str
) -> None:
    client.force_login(alice)
    response = make(client, **fields)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not alice.api_keys.exists()


def test_a_person_has_so_many_keys_and_no_more(client: Client, alice: User) -> None:
    for _ in range(MAX_KEYS):
        make_key(alice)
    client.force_login(alice)
    assert make(client).status_code == 422
    assert alice.api_keys.count() == MAX_KEYS


def test_a_revoked_key_opens_nothing_from_then_on(client: Client, alice: User) -> None:
    key, headers = make_key(alice)
    client.force_login(alice)
    client.post(f"{KEYS}{key.pk}/revocation/")
    assert opens(headers) is None
    assert key.prefix not in client.get(KEYS).content.decode()


def test_nobody_else_can_revoke_it(client: Client, alice: User, mallory: User) -> None:
    key, headers = make_key(alice)
    client.force_login(mallory)
    assert client.post(f"{KEYS}{key.pk}/revocation/").status_code == 404
    assert opens(headers) == alice


def test_revoking_twice_keeps_the_first_moment(alice: User) -> None:
    key, _headers = make_key(alice)
    key.revoke()
    first = key.revoked_at
    key.revoke()
    assert key.revoked_at == first


def test_the_key_of_a_closed_account_opens_nothing(alice: User) -> None:
    _key, headers = make_key(alice)
    User.objects.update(is_active=False)
    assert opens(headers) is None


def test_the_scheme_is_read_in_any_case(alice: User) -> None:
    _key, headers = make_key(alice)
    assert opens({"Authorization": headers["Authorization"].replace("Bearer", "bEARER")}) == alice


def test_a_key_in_the_address_opens_nothing(alice: User) -> None:
    _key, headers = make_key(alice)
    token = headers["Authorization"].removeprefix("Bearer ")
    assert opens({}, f"/v1/assets?api_key={token}") is None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer lim_",
        "Basic bGltOg==",
        "Bearer ümläut",
        "Bearer " + "x" * 5000,
        "Bearer lim_00000000_a b",
        "Bearer lim_\x7f",
    ],
)
def test_what_is_no_key_opens_nothing(alice: User, header: str) -> None:
    make_key(alice)
    assert opens({"Authorization": header}) is None


def test_the_right_prefix_with_a_wrong_secret_opens_nothing(alice: User) -> None:
    key, headers = make_key(alice)
    assert opens({"Authorization": headers["Authorization"] + "x"}) is None
    assert opens({"Authorization": f"Bearer {key.prefix}"}) is None


def test_a_wrong_prefix_costs_as_many_queries_as_a_wrong_secret(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key, _headers = make_key(alice)
    for token in (f"{key.prefix}_wrong", "lim_ffffffff_wrong"):
        with django_assert_num_queries(1):
            assert ApiKey.objects.authenticate(token) is None


def test_its_use_is_noted_once_a_minute(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key, headers = make_key(alice)
    opens(headers)
    key.refresh_from_db()
    noted = key.last_used_at
    with django_assert_num_queries(2):
        opens(headers)
    key.refresh_from_db()
    assert noted is not None
    assert key.last_used_at == noted


def test_its_use_is_noted_again_after_a_minute(alice: User) -> None:
    key, headers = make_key(alice)
    long_ago = timezone.now() - dt.timedelta(minutes=2)
    ApiKey.objects.update(last_used_at=long_ago)
    opens(headers)
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at > long_ago


def test_a_label_with_markup_is_shown_as_text(client: Client, alice: User) -> None:
    client.force_login(alice)
    make(client, name='"><img src=x onerror=1>')
    assert "<img src=x" not in client.get(KEYS).content.decode()


def test_a_key_has_the_budget_and_the_last_day_that_were_chosen(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    make(client, budget="40", last_day="2040-02-29")
    key = alice.api_keys.get()
    assert key.budget == 40
    assert key.expires_at == dt.datetime(2040, 3, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", "-1"),
        ("budget", "1.5"),
        ("budget", "NaN"),
        ("budget", "9" * 30),
        ("last_day", "2020-01-01"),
        ("last_day", "9999-12-31"),
        ("last_day", "soon"),
    ],
)
def test_an_impossible_budget_or_day_says_so_beside_the_field(
    client: Client, alice: User, field: str, value: str
) -> None:
    client.force_login(alice)
    response = make(client, **{field: value})
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not alice.api_keys.exists()


def test_the_page_says_what_each_key_spent(client: Client, alice: User) -> None:
    key, _headers = make_key(alice)
    ApiKey.objects.filter(pk=key.pk).update(budget=1000, spent=250)
    client.force_login(alice)
    page = client.get(KEYS).content.decode()
    assert "250 of 1,000 credits spent" in page
    assert '<progress max="1000" value="250"' in page


def test_a_key_that_has_passed_its_day_opens_nothing_and_says_so(
    client: Client, alice: User
) -> None:
    key, headers = make_key(alice)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    client.force_login(alice)
    assert opens(headers) is None
    assert "expired" in client.get(KEYS).content.decode()


def test_only_staff_are_offered_keys_that_administer(
    client: Client, alice: User, staff: User
) -> None:
    for user, status in ((alice, 422), (staff, 201)):
        client.force_login(user)
        assert make(client, scopes=["admin"]).status_code == status
        assert ('value="admin"' in client.get(KEYS).content.decode()) == (status == 201)


def test_a_key_takes_those_it_made_along_when_it_is_revoked(alice: User) -> None:
    maker, _headers = make_key(alice)
    made, _token = add_key(alice, "made", ["read"], made_by=maker)
    maker.revoke()
    made.refresh_from_db()
    assert made.revoked_at is not None
