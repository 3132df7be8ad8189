"""Static files are collected once, into the one folder that a service may write to."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import settings as ours
from config.static_files import collect


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.STATIC_ROOT = tmp_path / "site" / "served"
    return tmp_path


def test_what_did_not_change_is_not_collected_again(folder: Path) -> None:
    assert [collect(), collect()] == [True, False]
    assert (folder / "site" / "served" / "js" / "app.js").exists()


def test_nothing_is_written_beside_the_folder_and_no_stamp_is_served(folder: Path) -> None:
    collect()
    assert [path.name for path in folder.iterdir()] == ["site"]
    assert not list((folder / "site" / "served").glob(".*"))


def test_the_service_may_write_to_that_folder() -> None:
    unit = (ours.BASE_DIR / "deploy" / "limner.service").read_text()
    below = ours.STATIC_ROOT.parent.relative_to(ours.BASE_DIR)
    assert f"ReadWritePaths=/var/lib/limner /opt/limner/{below}\n" in unit
