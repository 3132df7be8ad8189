"""The environment, read here and nowhere else.

Every reader names its variable, checks the value and, when it is bad, raises
`BadEnvironment` with one line that says what to write instead. `docs/operating.md`
lists them all; a test compares the two.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from config import backends

#: Every variable that was asked for: name -> default as documented.
KNOWN: dict[str, str] = {}


class BadEnvironment(SystemExit):
    """Stops the start with one clear line."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        # What stands before the @ of a URL may be a password, however badly it is written.
        shown = re.sub(r"//.*@", "//…@", value)
        super().__init__(f"limner: {name}={shown!r} is not usable: {wanted}")


def choose_settings() -> None:
    """Celery and ASGI servers start us without manage.py, so they choose Django's settings here."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # torch's threads spin while they wait for each other: on a busy CPU six times as slow.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # It would import every page and run all checks at each start, and pass over what they find.
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


def text(name: str, default: str = "") -> str:
    KNOWN[name] = default
    return os.environ.get(name) or default


def given(name: str) -> bool:
    """Whether a variable that is read elsewhere was set at all."""
    return bool(os.environ.get(name))


def integer(name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
    KNOWN[name] = str(default)
    value = os.environ.get(name) or str(default)
    try:
        number = int(value)
    except ValueError:
        raise BadEnvironment(name, value, "write a whole number") from None
    if not low <= number <= high:
        raise BadEnvironment(name, value, f"write a number from {low} to {high}")
    return number


def seconds(name: str, default: float) -> float:
    KNOWN[name] = f"{default:g}"
    value = os.environ.get(name) or str(default)
    try:
        number = float(value)
    except ValueError:
        raise BadEnvironment(name, value, "write a number of seconds") from None
    if not 0 < number < 10**8:
        raise BadEnvironment(name, value, "write a positive number of seconds")
    return number


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    KNOWN[name] = default
    value = os.environ.get(name) or default
    if value not in options:
        raise BadEnvironment(name, value, f"write one of {', '.join(options)}")
    return value


def words(name: str, default: str = "") -> list[str]:
    KNOWN[name] = default
    value = os.environ.get(name) or default
    return [word.strip() for word in value.split(",") if word.strip()]


def some(name: str, options: tuple[str, ...], *, default: tuple[str, ...] = ()) -> list[str]:
    """Some of `options`, in the order given; by default `default`, or all of them."""
    found = words(name, ",".join(default or options))
    for word in found:
        if word not in options:
            raise BadEnvironment(name, word, f"write some of {', '.join(options)}")
    return found


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for word in words(name):
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            raise BadEnvironment(name, word, "write networks such as 10.0.0.0/8") from None
    return found


def hosts(name: str) -> list[str]:
    """Names without scheme and port: `example.org`, `.example.org`, `[::1]`, or `*`."""
    found = words(name)
    for word in found:
        if not re.fullmatch(r"\*|\.?[\w.-]+|\[[0-9a-fA-F:.]+\]", word):
            raise BadEnvironment(name, word, "write names such as limner.example.org")
    return found


def file(name: str) -> Path | None:
    """A file that must be there to be read; None when nothing is given."""
    value = text(name)
    if not value:
        return None
    path = Path(value).expanduser().resolve()
    if not (path.is_file() and os.access(path, os.R_OK)):
        raise BadEnvironment(name, value, "a file that can be read")
    return path


def folder(name: str, default: Path) -> Path:
    """A folder that exists and is writable; it is made when it is missing."""
    KNOWN[name] = f"{default.name}/"
    return _writable(name, Path(os.environ.get(name) or default))


def _writable(name: str, path: Path) -> Path:
    path = path.expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadEnvironment(name, str(path), f"the folder cannot be made ({error})") from None
    if not os.access(path, os.W_OK):
        raise BadEnvironment(name, str(path), "the folder cannot be written to")
    return path


def secret_key(name: str, data_dir: Path) -> str:
    """The secret from the environment, or one that is made once and kept in `data_dir`."""
    KNOWN[name] = "made on first start, kept in DATA_DIR/secret_key"
    given = os.environ.get(name)
    if given:
        if len(given) < 32:
            raise BadEnvironment(name, "…", "write at least 32 random characters")
        return given
    kept = data_dir / "secret_key"
    if not kept.exists():
        _keep_secret(kept)
    secret = kept.read_text().strip()
    if len(secret) < 32:
        raise BadEnvironment(name, "…", f"{kept} holds no secret: restore it, or delete it")
    return secret


def _keep_secret(kept: Path) -> None:
    """Write a new secret, whole or not at all; of two that start at once, one wins."""
    draft = kept.with_name(f".secret_key-{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(draft, kept)
    draft.unlink()


def secrets_named(prefix: str) -> dict[str, str]:
    """Every variable whose name begins with `prefix`, by its name."""
    KNOWN[prefix] = ""
    return {name: value for name, value in os.environ.items() if name.startswith(prefix) and value}


def base_url(name: str, default: str) -> SplitResult:
    """Where people reach this server: scheme and host, no path."""
    KNOWN[name] = "http://HOST:PORT"
    value = os.environ.get(name) or default
    parts = _split(name, value)
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    named = re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", parts.hostname or "")
    if parts.scheme not in {"http", "https"} or not named or more:
        raise BadEnvironment(name, value, "write it like https://limner.example.org")
    return parts


def service(name: str) -> str:
    """The address of a server of the operator's own, which may have a path; empty for none."""
    value = text(name)
    parts = _split(name, value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise BadEnvironment(name, value, "write it like http://localhost:5000")
    return value.rstrip("/")


def in_url(host: str) -> str:
    """`host` as URLs and Host headers spell it: an IPv6 address has brackets there."""
    return f"[{host}]" if ":" in host else host


def database(name: str, data_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `sqlite:PATH` or `postgres://user:pass@host/name`."""
    KNOWN[name] = "sqlite:DATA_DIR/limner.sqlite3"
    value = os.environ.get(name) or f"sqlite:{data_dir / 'limner.sqlite3'}"
    parts = _split(name, value)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return backends.sqlite(_database_file(name, unquote(parts.netloc + parts.path)))
    if parts.scheme in {"postgres", "postgresql"} and parts.path.strip("/"):
        return backends.postgresql(parts)
    raise BadEnvironment(name, value, "write sqlite:PATH or postgres://user:pass@host/name")


def _database_file(name: str, written: str) -> str:
    path = written.removeprefix("/") if written.startswith("//") else written
    if path in {"", ":memory:"} or Path(path).is_dir():
        raise BadEnvironment(name, f"sqlite:{written}", "write the path of a file")
    _writable(name, Path(path).parent)
    return path


def storage(name: str, data_dir: Path) -> dict[str, Any]:
    """Django's STORAGES entry for `file:PATH` or `s3://bucket?endpoint=URL&region=…`."""
    KNOWN[name] = "file:DATA_DIR/media"
    value = os.environ.get(name) or f"file:{data_dir / 'media'}"
    parts = _split(name, value)
    if parts.scheme == "file" and (parts.netloc or parts.path):
        location = _writable(name, Path(unquote(parts.netloc + parts.path)))
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(location), "file_permissions_mode": 0o640},
        }
    if parts.scheme == "s3" and parts.hostname:
        return backends.s3(parts)
    raise BadEnvironment(name, value, "write file:PATH or s3://bucket?endpoint=https://…")


def broker(name: str) -> str:
    """A Celery broker URL; empty means the embedded one, in files below DATA_DIR."""
    KNOWN[name] = "embedded, in DATA_DIR/broker"
    value = os.environ.get(name) or ""
    known = ("redis", "rediss", "amqp", "amqps", "pyamqp")
    if value and _split(name, value).scheme not in known:
        raise BadEnvironment(name, value, "write redis://… or amqp://…, or leave it out")
    return value


def email(name: str, data_dir: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://user:pass@host:587` (smtps:// for TLS) or files."""
    KNOWN[name] = "file:DATA_DIR/mail"
    value = os.environ.get(name) or f"file:{data_dir / 'mail'}"
    parts = _split(name, value)
    if parts.scheme == "file" and (parts.netloc or parts.path):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.netloc + parts.path),
        }
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.port != 25,
            "EMAIL_TIMEOUT": 20,
        }
    raise BadEnvironment(name, value, "write smtp://user:pass@host:587 or file:PATH")


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  a port that is no number raises here
    except ValueError:
        wanted = "it is not a URL; write / : @ # ? of a password as %2F %3A %40 %23 %3F"
        raise BadEnvironment(name, value, wanted) from None
    return parts
