"""Secrets that must be read again: kept encrypted, so that a copy of the database opens nothing.

The cipher's key is derived from `SECRET_KEY`. A hash would do for what is only compared.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """It was sealed under another `SECRET_KEY`, or for another purpose."""


def seal(text: str, purpose: str) -> str:
    """`text`, encrypted; only `unseal` with the same `purpose` reads it."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """What was sealed; raises `Unreadable`."""
    try:
        return _cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable(purpose) from None


def _cipher(purpose: str) -> Fernet:
    key = salted_hmac(f"limner.sealed.{purpose}", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
