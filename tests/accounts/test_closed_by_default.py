"""Who is not signed in, and where they end up."""

from __future__ import annotations

import re

import pytest
from django.test import AsyncClient, Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000001"


def test_a_page_sends_strangers_to_the_door(client: Client) -> None:
    assert client.get("/account/").url == "/accounts/login/?next=%2Faccount%2F"


def test_a_form_that_was_sent_is_no_page_to_return_to(client: Client) -> None:
    assert client.post("/account/theme/").url == "/accounts/login/"


def test_a_fragment_moves_the_whole_page_to_the_door(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/keys/?a=1"}
    response = client.get("/account/credits/", headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Faccount%2Fkeys%2F%3Fa%3D1"
    assert response.content == b""


async def test_it_holds_for_async_requests_as_well() -> None:
    response = await AsyncClient().get("/account/")
    assert response.status_code == 302
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_programs_are_never_sent_to_a_page(client: Client) -> None:
    response = client.get("/v1/there-is-no-such-thing")
    assert response.status_code == 404
    assert set(response.json()) == {"message"}


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/inactive/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/healthz",
    ],
)
def test_the_doors_are_open(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_every_page_of_this_app_that_is_no_door_is_closed(client: Client) -> None:
    own = [pattern for pattern in flat(get_resolver()) if pattern.startswith("account/")]
    assert len(own) >= 5
    for pattern in own:
        named = re.sub(r"<int:\w+>", "1", re.sub(r"<uuid:\w+>", NOBODY, pattern))
        response = client.get(f"/{named}")
        assert response.status_code == 302, pattern
        assert response.url.startswith("/accounts/login/"), pattern


def flat(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(route)
        else:
            found.extend(flat(entry, route))
    return found


@pytest.mark.parametrize("path", ["/accounts/login/", "/account/", "/nothing-here"])
def test_every_page_forbids_frames_and_foreign_scripts(
    client: Client, alice: User, path: str
) -> None:
    client.force_login(alice)
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=()")
    assert response["Referrer-Policy"] in {"same-origin", "strict-origin"}


def test_a_missing_page_says_the_same_whatever_was_asked(client: Client, alice: User) -> None:
    client.force_login(alice)
    one, other = client.get("/nothing-here"), client.get("/nor-here")
    assert one.status_code == 404
    assert without_token(one.content.decode()) == without_token(other.content.decode())


def without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
