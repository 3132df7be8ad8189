"""The house of docs/architecture.md: imports point one way, the environment is read once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Each may import itself and what stands before it.
PACKAGES = [{"accounts"}, {"gallery"}, {"generator"}, {"config"}]
GENERATOR = [
    {"contract"},
    {"catalog"},
    {"pricing", "dialects"},
    {"engines"},
    set(),  # all that is not named: models, scheduling, execution, submission, forms, …
    {"tasks", "views", "api", "sockets", "admin", "urls", "management"},
]
#: These translate and compute: no database and no HTTP, whatever asks them.
PURE = {"contract", "catalog", "pricing", "dialects"}
IMPURE = ("django.db", "django.http", "httpx", "requests", "generator.models", "gallery")
#: Who may look at the environment.
READERS = {"config/env.py", "manage.py"}


def test_imports_between_the_apps_point_one_way() -> None:
    assert list(wrong_arrows(ROOT)) == []


def test_imports_within_the_generator_point_one_way() -> None:
    assert list(wrong_arrows_within_generator(ROOT)) == []


def test_the_contract_catalog_prices_and_dialects_touch_neither_database_nor_network() -> None:
    assert list(impure_imports(ROOT)) == []


def test_nothing_but_templates_asks_their_tags_and_filters() -> None:
    assert list(askers_of_tags(ROOT)) == []


def test_the_environment_is_read_in_one_place() -> None:
    assert list(environment_readers(ROOT)) == []


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("accounts/models/user.py", "from gallery.models import Asset"),
        ("gallery/keeping.py", "def late():\n    import generator.submission"),
        ("gallery/tasks.py", "from importlib import import_module\nfrom config.celery import app"),
        ("generator/urls.py", "from config import env"),
    ],
)
def test_an_arrow_that_points_back_is_found(tmp_path: Path, file: str, code: str) -> None:
    assert len(list(wrong_arrows(planted(tmp_path, file, code)))) == 1


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("generator/contract.py", "from generator.catalog import RATIOS"),
        ("generator/engines/remote.py", "from generator.models import Generation"),
        ("generator/execution.py", "from generator import tasks"),
    ],
)
def test_an_arrow_that_points_back_within_the_generator_is_found(
    tmp_path: Path, file: str, code: str
) -> None:
    assert len(list(wrong_arrows_within_generator(planted(tmp_path, file, code)))) == 1


def test_a_dialect_that_asks_the_database_is_found(tmp_path: Path) -> None:
    root = planted(tmp_path, "generator/dialects/native.py", "from django.db import models")
    assert len(list(impure_imports(root))) == 1


def test_a_module_that_asks_a_template_filter_is_found(tmp_path: Path) -> None:
    code = "from gallery.templatetags.safety import veiled_for"
    assert len(list(askers_of_tags(planted(tmp_path, "gallery/cards.py", code)))) == 1


@pytest.mark.parametrize(
    "code", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"]
)
def test_a_second_reader_of_the_environment_is_found(tmp_path: Path, code: str) -> None:
    assert len(list(environment_readers(planted(tmp_path, "gallery/files.py", code)))) == 1


def planted(root: Path, file: str, code: str) -> Path:
    """A house with one module in it."""
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(code)
    return root


def modules(root: Path, *packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every module below `root` of these packages, with its syntax tree."""
    for package in packages or ("accounts", "gallery", "generator", "config"):
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root), ast.parse(path.read_text(), str(path))


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports, at its top or later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rank(name: str, order: list[set[str]]) -> int | None:
    """Where `name` stands in `order`; the empty set stands for all that is not named."""
    other = None
    for place, names in enumerate(order):
        if name in names:
            return place
        if not names:
            other = place
    return other


def wrong_arrows(root: Path) -> Iterator[str]:
    """Imports of an upper package by a lower one."""
    for path, tree in modules(root):
        mine = rank(path.parts[0], PACKAGES)
        for name in imports(tree):
            theirs = rank(name.partition(".")[0], PACKAGES)
            if mine is not None and theirs is not None and theirs > mine:
                yield f"{path} imports {name}"


def wrong_arrows_within_generator(root: Path) -> Iterator[str]:
    """Imports of an upper part of the generator by a lower one."""
    for path, tree in modules(root, "generator"):
        mine = rank(Path(path.parts[1]).stem, GENERATOR)
        for name in imports(tree):
            parts = name.split(".")
            if parts[0] == "generator" and rank(parts[1], GENERATOR) > mine:  # type: ignore
                yield f"{path} imports {name}"


def impure_imports(root: Path) -> Iterator[str]:
    """Imports of the database or the network where only values are computed."""
    for path, tree in modules(root, "generator"):
        if Path(path.parts[1]).stem in PURE:
            yield from (f"{path} imports {name}" for name in imports(tree) if impure(name))


def impure(name: str) -> bool:
    return any(name == bad or name.startswith(f"{bad}.") for bad in IMPURE)


def askers_of_tags(root: Path) -> Iterator[str]:
    """Imports of what is there for templates: a rule in it belongs below."""
    for path, tree in modules(root):
        for name in imports(tree):
            app, _dot, rest = name.partition(".")
            if app in {"accounts", "gallery", "generator"} and rest.startswith("templatetags."):
                yield f"{path} imports {name}"


def environment_readers(root: Path) -> Iterator[str]:
    """Modules that look at the environment without being its reader."""
    for path, tree in modules(root):
        if path.as_posix() in READERS:
            continue
        named = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        named |= {name.rpartition(".")[2] for name in imports(tree) if name.startswith("os.")}
        yield from (f"{path} uses {name}" for name in named & {"environ", "getenv", "putenv"})
