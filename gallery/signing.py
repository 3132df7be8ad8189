"""Content credentials (C2PA 2.x): an optional signature of the operator inside every original.

It says that the picture was created here, by what kind of procedure, and breaks when a byte of
it changes. Who reads it trusts it as far as the certificate goes: a self-signed one is told as
"untrusted". Needs `make signing`, `C2PA_CERTIFICATE` and `C2PA_PRIVATE_KEY`.
"""

from __future__ import annotations

import io
import json
import logging
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from gallery.provenance import NEWSCODES

logger = logging.getLogger(__name__)

#: Elliptic curve P-256 with SHA-256, which every reader knows.
ALGORITHM = b"es256"
#: The tag of our check, by which `serve` runs it alone.
CHECKED = "signing"
MISSING = "C2PA_CERTIFICATE is set, but the package c2pa-python is not there: run `make signing`."


def is_configured() -> bool:
    """Whether the operator gave both a certificate chain and its key."""
    return bool(settings.C2PA_CERTIFICATE and settings.C2PA_PRIVATE_KEY)


def sign(data: bytes, media_type: str, digital_source_type: str) -> bytes:
    """The same picture with a signed manifest; as it was where nothing is configured.

    A signature that fails costs the picture nothing but itself: it is kept as it was, and the
    log says why.
    """
    if not is_configured():
        return data
    try:
        return _signed(data, media_type, digital_source_type)
    except Exception:
        # The library raises its own kinds, and a picture somebody paid for must not be lost.
        logger.exception("A picture was kept without its signature")
        return data


def check_configuration(**_kwargs: Any) -> list[checks.CheckMessage]:
    """For `manage.py check` and every start: both settings or none, and the package."""
    given = (settings.C2PA_CERTIFICATE, settings.C2PA_PRIVATE_KEY)
    if not any(given):
        return []
    if not all(given):
        return [checks.Error("Set both C2PA_CERTIFICATE and C2PA_PRIVATE_KEY, or neither.")]
    try:
        _signer(*given)
    except ImportError:
        return [checks.Error(MISSING)]
    except Exception as error:  # the library's own kinds
        return [checks.Error(f"C2PA_CERTIFICATE and C2PA_PRIVATE_KEY cannot sign: {error}")]
    return []


def _signed(data: bytes, media_type: str, digital_source_type: str) -> bytes:
    import c2pa

    signer, context = _signer(settings.C2PA_CERTIFICATE, settings.C2PA_PRIVATE_KEY)
    builder = c2pa.Builder(json.dumps(_manifest(digital_source_type)), context)
    written = io.BytesIO()
    builder.sign(signer, media_type, io.BytesIO(data), written)
    return written.getvalue()


def _manifest(digital_source_type: str) -> dict[str, Any]:
    """One assertion: created, by this kind of procedure. No prompt, no name of a person."""
    created = {
        "action": "c2pa.created",
        "digitalSourceType": NEWSCODES + digital_source_type,
        "softwareAgent": {"name": "Limner"},
    }
    return {
        "claim_generator_info": [{"name": "Limner"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


@cache
def _signer(certificate: Path, private_key: Path) -> tuple[Any, Any]:
    """Read once per process; a renewed certificate needs a restart."""
    import c2pa

    chain, key = certificate.read_bytes(), private_key.read_bytes()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(ALGORITHM, chain, key, None))
    # The library's own thumbnail would add 400 KB to each file.
    plain = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}})
    return signer, c2pa.Context(plain)
