"""A bad value stops the start with one clear line; a good one means what it says."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import env

ROOT = Path(__file__).resolve().parents[2]

BAD = [
    ("PORT", "eighty"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("LEASE_SECONDS", "soon"),
    ("LEASE_SECONDS", "-1"),
    ("LEASE_SECONDS", "nan"),
    ("SIGN_UP", "maybe"),
    ("SECRET_KEY", "too short"),
    ("DATA_DIR", "/proc/limner"),
    ("BASE_URL", "limner.example.org"),
    ("BASE_URL", "ftp://limner.example.org"),
    ("BASE_URL", "https://limner.example.org/studio"),
    ("BASE_URL", "https://limner.example.org?studio=1"),
    ("BASE_URL", "https://limner example.org"),
    ("BASE_URL", "https://me@limner.example.org"),
    ("ALLOWED_HOSTS", "https://limner.example.org"),
    ("DATABASE_URL", "sqlite:"),
    ("DATABASE_URL", "sqlite:/proc/limner/db.sqlite3"),
    ("DATABASE_URL", "sqlite:/tmp"),
    ("DATABASE_URL", "mysql://limner@localhost/limner"),
    ("DATABASE_URL", "postgres://limner@localhost"),
    ("DATABASE_URL", "postgres://limner@localhost:port/limner"),
    ("STORAGE_URL", "/srv/pictures"),
    ("STORAGE_URL", "s3:"),
    ("STORAGE_URL", "file:/proc/pictures"),
    ("CELERY_BROKER_URL", "kafka://localhost"),
    ("EMAIL_URL", "mail.example.org"),
    ("EMAIL_URL", "file:"),
    ("OUTBOUND_ALLOW", "10.0.0.0/8,home"),
    ("TRANSLATE_URL", "localhost:5000"),
    ("TRANSLATE_URL", "ftp://localhost"),
    ("TRANSLATE_URL", "http://localhost/?q=1"),
    ("TRUSTED_PROXIES", "-1"),
    ("WORKERS", "0"),
    ("WORKER_ENGINES", "sketch,dall-e"),
    ("LOG_LEVEL", "LOUD"),
]


@pytest.fixture(autouse=True, scope="module")
def the_documented_variables_stay() -> Iterator[None]:
    """Readers note each name they are asked for; another test compares those with the docs."""
    before = dict(env.KNOWN)
    yield
    env.KNOWN.clear()
    env.KNOWN.update(before)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_stops_the_start_with_one_clear_line(
    name: str, value: str, tmp_path: Path
) -> None:
    done = start({"DATA_DIR": str(tmp_path), name: value})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"limner: {name}=")
    assert done.stderr.count("\n") == 1


def start(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What `manage.py serve` does first, with nothing else in its environment."""
    command = [sys.executable, "-c", "import config.settings"]
    return subprocess.run(
        command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.slow
def test_no_value_at_all_is_a_good_environment(tmp_path: Path) -> None:
    done = start({"DATA_DIR": str(tmp_path)})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("value", ["odd://alice:hunter2@host/x", "redis://alice:hunt/er2@host"])
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("DATABASE_URL", env.database),
        ("EMAIL_URL", env.email),
        ("STORAGE_URL", env.storage),
        ("CELERY_BROKER_URL", lambda name, _: env.broker(name)),
    ],
)
def test_a_refused_url_does_not_show_its_password(
    name: str, read: Any, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(env.BadEnvironment) as stopped:
        read(name, tmp_path)
    assert "hunt" not in str(stopped.value)


def test_an_address_of_version_six_is_a_host_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = env.base_url("BASE_URL", f"http://{env.in_url('::1')}:8000")
    assert (found.hostname, found.port) == ("::1", 8000)
    monkeypatch.setenv("ALLOWED_HOSTS", "*, .example.org, [::1], a-b.example.org")
    assert env.hosts("ALLOWED_HOSTS") == ["*", ".example.org", "[::1]", "a-b.example.org"]


def test_a_secret_that_was_lost_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(env.BadEnvironment, match="restore it"):
        env.secret_key("SECRET_KEY", tmp_path)


def test_servers_that_start_at_once_share_one_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: env.secret_key("SECRET_KEY", tmp_path), range(8)))
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_secret_key_is_made_once_and_kept_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = env.secret_key("SECRET_KEY", tmp_path)
    assert env.secret_key("SECRET_KEY", tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_postgresql_url_carries_a_password_with_any_characters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://li%40mner:a%2Fb%3Ac@db:5433/pictures")
    found = env.database("DATABASE_URL", tmp_path)
    wanted = {"USER": "li@mner", "PASSWORD": "a/b:c", "HOST": "db", "PORT": "5433"}
    assert {key: found[key] for key in wanted} == wanted


def test_sqlite_paths_may_be_absolute_or_relative(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = []
    full = str(tmp_path / "a.db")
    for url in (f"sqlite:{full}", "sqlite:a.db", f"sqlite://{full}", f"sqlite:///{full}"):
        monkeypatch.setenv("DATABASE_URL", url)
        found.append(env.database("DATABASE_URL", tmp_path)["NAME"])
    assert found == [full, "a.db", full, full]


def test_an_s3_url_names_bucket_folder_endpoint_and_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STORAGE_URL", "s3://id:se%2Fcret@Pictures/a/b?endpoint=http://s3:9000")
    options = env.storage("STORAGE_URL", tmp_path)["OPTIONS"]
    assert (options["bucket_name"], options["location"]) == ("Pictures", "a/b")
    assert (options["access_key"], options["secret_key"]) == ("id", "se/cret")
    assert options["endpoint_url"] == "http://s3:9000"


def test_the_networks_let_through_are_read_as_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOW", "10.1.2.3/8, fd00::/8,")
    assert env.networks("OUTBOUND_ALLOW") == [
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("fd00::/8"),
    ]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_number_is_read_or_refused_and_nothing_else(value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORT", value)
        try:
            assert 1 <= env.integer("PORT", 8000, low=1, high=65535) <= 65535
        except env.BadEnvironment as stopped:
            assert str(stopped.code).startswith("limner: PORT=")  # noqa: PT017
