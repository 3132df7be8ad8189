"""Half a configuration of sign-in stops the start with one clear line."""

from __future__ import annotations

import pytest

from config import signing_in

WHOLE = {
    "OIDC_ISSUER": "https://login.example.org/realms/studio",
    "OIDC_CLIENT_ID": "limner",
    "OIDC_CLIENT_SECRET": "between us",
}


def said(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """The line that stops the start."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        signing_in.settings()
    return str(stopped.value)


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_a_provider_without_one_of_its_three_lines_is_refused(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    rest = {name: value for name, value in WHOLE.items() if name != missing}
    assert said(monkeypatch, **rest).startswith(f"limner: {missing}='' is not usable")


def test_a_name_alone_is_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "since OIDC_NAME is set" in said(monkeypatch, OIDC_NAME="Example")


@pytest.mark.parametrize(
    "issuer",
    [
        "login.example.org",
        "http://login.example.org",
        "http://192.0.2.1",
        "ftp://login.example.org",
        "https://",
        "https://me:secret@login.example.org",
        "https://login.example.org?tenant=1",
        "https://login.example.org:port",
    ],
)
def test_an_issuer_that_cannot_be_trusted_is_refused(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    line = said(monkeypatch, **WHOLE | {"OIDC_ISSUER": issuer})
    assert line.startswith("limner: OIDC_ISSUER=")
    assert "secret@" not in line


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_needs_no_tls(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    for name, value in (WHOLE | {"OIDC_ISSUER": f"http://{host}:8080"}).items():
        monkeypatch.setenv(name, value)
    assert signing_in.identity_provider()["SINGLE_SIGN_ON"] == host.strip("[]")


def test_the_button_is_named_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (WHOLE | {"OIDC_NAME": "Example Login"}).items():
        monkeypatch.setenv(name, value)
    assert signing_in.identity_provider()["SINGLE_SIGN_ON"] == "Example Login"


def test_addresses_cannot_be_proven_without_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs EMAIL_URL" in said(monkeypatch, EMAIL_VERIFICATION="mandatory", EMAIL_URL="")


def test_domains_mean_nothing_while_anybody_can_type_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "EMAIL_VERIFICATION=mandatory" in said(monkeypatch, SIGN_UP_DOMAINS="example.org")


@pytest.mark.parametrize("domain", ["@example.org", "example", "https://example.org", "*.org"])
def test_what_is_no_domain_is_refused(monkeypatch: pytest.MonkeyPatch, domain: str) -> None:
    line = said(
        monkeypatch,
        SIGN_UP_DOMAINS=f"example.org,{domain}",
        EMAIL_VERIFICATION="mandatory",
        EMAIL_URL="smtp://localhost",
    )
    assert line.startswith(f"limner: SIGN_UP_DOMAINS={domain!r}")
