"""An OpenID Connect provider that listens on this machine, and somebody who signs in there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from django.test import Client
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

#: What the provider knows of its people, by its own ids of them.
PEOPLE: Mapping[str, dict[str, Any]] = {
    "carol-1": {"email": "Carol@example.org", "email_verified": True, "name": "Carol  Chen"},
    "carol-2": {"email": "carol@example.org", "email_verified": True, "name": "Another"},
    "alice-1": {"email": "alice@example.org", "email_verified": True, "name": "Alice"},
    "alice-word": {"email": "alice@example.org", "email_verified": "true"},
    "mallory-1": {"email": "alice@example.org", "email_verified": False},
    "mallory-word": {"email": "alice@example.org", "email_verified": "false"},
    "mallory-silent": {"email": "alice@example.org"},
    "nobody": {"name": "No Address"},
    "erin-unproven": {"email": "erin@example.org", "email_verified": False},
    "elsewhere": {"email": "dave@elsewhere.example", "email_verified": True},
}


@contextmanager
def provider() -> Iterator[str]:
    """A listening provider; yields its issuer."""
    known = [Known(sub=sub, claims=dict(claims)) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


def environment(issuer: str) -> dict[str, str]:
    """What the operator sets."""
    return {
        "OIDC_NAME": "Example Login",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "limner",
        "OIDC_CLIENT_SECRET": "between us",
    }


def leave(client: Client, **fields: str) -> str:
    """Press the button; returns the provider's address on the page that follows."""
    response = client.post("/accounts/oidc/login/", fields)
    assert response.status_code == 200, response.content
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.content.decode())
    assert found
    return html.unescape(found[1])


def sign_in_there(address: str, sub: str) -> str:
    """Sign in at the provider; returns where it sends the browser, without the host."""
    answer = httpx.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://testserver")


def come_in(client: Client, sub: str, **fields: str) -> Any:
    """The whole way, to our last answer."""
    return client.get(sign_in_there(leave(client, **fields), sub))
