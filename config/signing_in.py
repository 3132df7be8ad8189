"""How people prove who they are: addresses, second steps, passkeys, one identity provider.

The settings of django-allauth for all that, from the environment alone. What is half
configured stops the start, since it would let the wrong people in or nobody at all.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from config import env

#: The last part of the provider's address here: BASE_URL/accounts/oidc/login/callback/
PROVIDER = "oidc"
_TOGETHER = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


def settings() -> dict[str, Any]:
    """Everything of Django's settings that this module decides."""
    verification = email_verification()
    return {
        "ACCOUNT_EMAIL_VERIFICATION": verification,
        "SIGN_UP_DOMAINS": sign_up_domains(verification),
        "MFA_ADAPTER": "accounts.second_step.SecondStepAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        # Where addresses need no proof, people may protect their accounts all the same.
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_TOTP_ISSUER": "Limner",
        # A passkey cannot be guessed, and an office has one address.
        "MFA_RATE_LIMITS": {"webauthn_login": "60/m/ip"},
        # Clocks of telephones are half a minute off now and then.
        "MFA_TOTP_TOLERANCE": 1,
        "SOCIALACCOUNT_ADAPTER": "accounts.single_sign_on.ProviderAdapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_REAUTHENTICATION_REQUIRED": True,
        **identity_provider(),
    }


def email_verification() -> str:
    """Whether a new address must be proven; `mandatory` needs mail that arrives."""
    wanted = env.choice("EMAIL_VERIFICATION", "none", ("none", "optional", "mandatory"))
    if wanted == "mandatory" and not env.given("EMAIL_URL"):
        needs = "it needs EMAIL_URL, for nobody could sign up without mail"
        raise env.BadEnvironment("EMAIL_VERIFICATION", wanted, needs)
    return wanted


def sign_up_domains(verification: str) -> list[str]:
    """The domains whose addresses may sign up, lower case; none given means all."""
    domains = [word.lower() for word in env.words("SIGN_UP_DOMAINS")]
    for domain in domains:
        if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", domain):
            wanted = "write domains such as example.org, with commas"
            raise env.BadEnvironment("SIGN_UP_DOMAINS", domain, wanted)
    if domains and verification != "mandatory":
        needs = "it needs EMAIL_VERIFICATION=mandatory, for anybody can type such an address"
        raise env.BadEnvironment("SIGN_UP_DOMAINS", ",".join(domains), needs)
    return domains


def identity_provider() -> dict[str, Any]:
    """The OpenID Connect provider: all of it or nothing."""
    issuer, client, secret = (env.text(name) for name in _TOGETHER)
    name = env.text("OIDC_NAME")
    sign_up = env.choice("OIDC_SIGN_UP", "policy", ("policy", "open"))
    if not (issuer and client and secret):
        _refuse_a_part()
        return {
            "SINGLE_SIGN_ON": "",
            "SINGLE_SIGN_ON_SIGN_UP": sign_up,
            "SOCIALACCOUNT_PROVIDERS": {},
        }
    host = _check_issuer(issuer)
    app = {
        "provider_id": PROVIDER,
        "name": name or host,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/"), "oauth_pkce_enabled": True},
    }
    return {
        "SINGLE_SIGN_ON": name or host,
        "SINGLE_SIGN_ON_SIGN_UP": sign_up,
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [app]}},
    }


def _refuse_a_part() -> None:
    missing = [name for name in _TOGETHER if not env.given(name)]
    others = [name for name in (*_TOGETHER, "OIDC_NAME", "OIDC_SIGN_UP") if env.given(name)]
    if others:
        wanted = f"set it as well, since {others[0]} is set, or neither"
        raise env.BadEnvironment(missing[0], "", wanted)


def _check_issuer(issuer: str) -> str:
    """Its host. Without TLS anybody on the way could sign in as anybody."""
    wanted = "write it like https://login.example.org, where its /.well-known/… is"
    try:
        parts = urlsplit(issuer)
        parts.port  # noqa: B018  a port that is no number raises here
    except ValueError:
        raise env.BadEnvironment("OIDC_ISSUER", issuer, wanted) from None
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    if not host or not secure or parts.query or parts.fragment or "@" in parts.netloc:
        raise env.BadEnvironment("OIDC_ISSUER", issuer, wanted)
    return host


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
