"""A real installation and a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import services
from tests.browser.site import TIMEOUT, Site

FLAGS = [
    *("--no-sandbox", "--disable-dev-shm-usage"),
    *("--font-render-hinting=none", "--force-color-profile=srgb"),
]
HERE = Path(__file__).parent

# A busy machine is no failure.
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for all of them, so that they share one server and one browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


# Not of the session: they would keep a core busy while the process goes on to other tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    program = services.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def installation(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("site"), browser) as site:
        yield site


@pytest.fixture
def site(installation: Site) -> Iterator[Site]:
    """The running installation. Whatever its pages complained about fails the test."""
    yield installation
    complaints = installation.close_pages()
    assert complaints == []
