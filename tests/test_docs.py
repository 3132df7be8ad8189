"""What the documents promise is there, and what is there is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import env

ROOT = Path(__file__).resolve().parent.parent
OPERATING = ROOT / "docs" / "operating.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def documented_variables() -> set[str]:
    """The first column of the table of the environment."""
    table = OPERATING.read_text().split("## The environment")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z0-9_]+)` \|", table, re.M))


def asked_for() -> set[str]:
    """The variables that the settings ask for, in a process without the tests' own."""
    code = "import config.settings; from config.env import KNOWN; print(*KNOWN)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    assert documented_variables() == asked_for() == set(env.KNOWN)


def test_the_list_of_contents_names_every_part() -> None:
    text = OPERATING.read_text()
    listed = re.findall(r"^- \[(.+)\]\(#", text.split("\n## ")[0], re.M)
    assert listed == re.findall(r"^## (.+)$", text, re.M)


def test_documented_defaults_that_are_plain_are_the_real_ones() -> None:
    text = OPERATING.read_text()
    told = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| `([\w.]+)` \|", text, re.M))
    assert len(told) >= 15
    assert {name: env.KNOWN[name] for name in told} == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_exists(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    folders = "accounts|config|deploy|docs|gallery|generator|static|templates|tests"
    names = re.findall(
        rf"`((?:{folders})/[\w./-]+\.(?:conf|css|env|html|js|md|py|service|sh|txt))`",
        page.read_text(),
    )
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_lock_names_no_mirror() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text()))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_every_dependency_is_pinned_and_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text().split("[dependency-groups]")[0]
    wanted = re.findall(r'^  "([a-z0-9-]+)(?:\[[^]]*\])?([^"]*)"', project, re.M)
    assert [name for name, version in wanted if not version.startswith("==")] == []
    reasons = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()
    assert [name for name, _ in wanted if name not in reasons] == []
