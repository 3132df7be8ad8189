"""Throwaway PostgreSQL, Redis, RabbitMQ, nginx and Chromium for the tests that want the real ones.

Each is a context manager that yields a URL and leaves nothing behind. What is not installed
skips the test with one line that says how to get it, and fails it where CI=true.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from tests import prepared
from tests.waiting import until

TESTS = Path(__file__).parent
#: What Debian's nginx.conf says around the files of sites, and nothing outside of a folder.
NGINX = """
daemon off;
worker_processes 1;
pid pid;
error_log stderr;
events {{}}
http {{
    include /etc/nginx/mime.types;
    sendfile on;
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include {folder}/site.conf;
}}
"""


def missing(service: str, package: str) -> NoReturn:
    """Skip, or fail where everything ought to be there."""
    line = f"{service} is missing: sudo apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


def chromium() -> str:
    """The path of Debian's Chromium, for Playwright's `executable_path`."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or missing("Chromium", "chromium")


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A database `limner` with all migrations as a `DATABASE_URL`; fsync is off: fast and frail.

    `test_limner` beside it is the same, for a pytest that runs with `--reuse-db`.
    """
    programs = _programs_of_postgresql()
    cluster = prepared.once("postgresql", lambda path: _migrated_cluster(programs, path))
    with _folder(_unprivileged()) as folder:
        _copy(cluster, folder / "data")
        with _cluster(programs, folder) as url:
            yield url


def _programs_of_postgresql() -> Path:
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")] or [shutil.which("initdb")]
    if not found[-1]:
        missing("PostgreSQL", "postgresql")
    return Path(max(str(path) for path in found)).parent


def _migrated_cluster(programs: Path, path: Path) -> None:
    """Make the files of a stopped PostgreSQL at `path`."""
    with _folder(_unprivileged()) as folder:
        initdb = [str(programs / "initdb"), "-D", "data", "-U", "limner", "-A", "trust", "-N"]
        _run([*initdb, "-E", "UTF8", "--locale=C"], folder)
        with _cluster(programs, folder) as url:
            createdb = [str(programs / "createdb"), "-h", str(folder), "-U", "limner"]
            _run([*createdb, "limner"], folder)
            prepared.migrate(DATABASE_URL=url, DATA_DIR=str(folder / "limner"))
            _run([*createdb, "--template", "limner", "test_limner"], folder)
        _copy(folder / "data", path)


def _copy(cluster: Path, where: Path) -> None:
    # With their owners: PostgreSQL reads no files of others.
    subprocess.run(["cp", "-a", str(cluster), str(where)], check=True)


@contextlib.contextmanager
def _cluster(programs: Path, folder: Path) -> Iterator[str]:
    """A PostgreSQL of the files at `folder`/data, and the URL of its `limner`."""
    options = ["-k", str(folder), "-h", "", "-F", "-c", "max_connections=60"]
    with _running([str(programs / "postgres"), "-D", "data", *options], folder):
        _until_up(lambda: _accepts_queries(f"host={folder} user=limner dbname=postgres"), folder)
        yield f"postgres://limner@localhost/limner?host={folder}"


def repeat_on_postgresql(*files: str) -> None:
    """Run these files of `tests` once more, on PostgreSQL; skipped where all of them do."""
    if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("the whole suite runs on PostgreSQL already")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "--reuse-db"]
    with postgresql() as url:
        done = subprocess.run(
            [*command, *(str(TESTS / file) for file in files)],
            env=os.environ | {"TEST_DATABASE_URL": url},
            cwd=TESTS.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """An empty Redis as a `CELERY_BROKER_URL`."""
    program = shutil.which("redis-server") or missing("Redis", "redis-server")
    port = _free_port()
    with _folder(None) as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with _running(command, folder):
            _until_up(lambda: _listens(port), folder)
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def rabbitmq() -> Iterator[str]:
    """An empty RabbitMQ as a `CELERY_BROKER_URL`. It takes some six seconds to start."""
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if not program.exists():
        missing("RabbitMQ", "rabbitmq-server")
    port = _free_port()
    with _folder(None) as folder:
        env = _rabbit_environment(folder, port)
        try:
            with _running([str(program)], folder, env):
                _until_up(lambda: _listens(port), folder)
                yield f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            # Erlang's port mapper outlives its nodes; this one is ours alone.
            subprocess.run(["epmd", "-kill"], env=env, capture_output=True, check=False)


def _rabbit_environment(folder: Path, port: int) -> dict[str, str]:
    plugins = folder / "plugins"
    plugins.write_text("[].\n")
    return os.environ | {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(_free_port()),
        "RABBITMQ_NODENAME": f"limner{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(_free_port()),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
    }


@contextlib.contextmanager
def nginx(site: str) -> Iterator[int]:
    """A web server with these server blocks, in which PORT stands for the one that is yielded."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    program = shutil.which("nginx", path=path) or missing("nginx", "nginx")
    port = _free_port()
    with _folder(None) as folder:
        (folder / "site.conf").write_text(site.replace("PORT", str(port)))
        # Whoever wrote the files that it sends must run it: root's own are nobody else's.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(user + NGINX.format(folder=folder))
        command = [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with _running(command, folder):
            _until_up(lambda: _listens(port), folder)
            yield port


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; who shall run it then."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    # Sockets have short names, so not below pytest's long ones.
    path = Path(tempfile.mkdtemp(prefix="limner-", dir="/tmp"))
    if user:
        shutil.chown(path, user)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, user=folder.owner(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _running(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """`command`, run by the owner of `folder`, until the block ends."""
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, user=folder.owner(), env=env, stdout=output, stderr=output
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until_up(condition: Callable[[], bool], folder: Path) -> None:
    try:
        until(condition, seconds=120)
    except TimeoutError as error:
        raise AssertionError((folder / "output").read_text()[-2000:]) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _accepts_queries(where: str) -> bool:
    try:
        psycopg.connect(where, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
