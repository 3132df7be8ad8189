"""`make screenshots`: the pictures of the documentation, taken of the running application.

Start it as `python -m tests.browser.screenshots`; it writes WebP files to `docs/images`.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import services
from tests.browser.conftest import FLAGS
from tests.browser.site import Person, Site

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
WINDOWS = [(width, scheme) for width in (1440, 360) for scheme in ("dark", "light")]
WIDE, TALL, SQUARE = (960, 640), (640, 960), (768, 768)
WISH = "snowy mountains above a lake at sunset"
#: What hangs in the gallery, oldest first: prompt, size, style, seed.
PICTURES = (
    ("a panda in a meadow", SQUARE, "modeling-compound", 5),
    ("tulips and a windmill on a sunny day", WIDE, "enhance", 3),
    ("a sailboat on a lake, mountains", WIDE, "line-art", 9),
    ("a deer in a forest in the morning", TALL, "photographic", 3),
    ("city skyline at night, full moon", WIDE, "none", 2),
    ("a village in autumn", SQUARE, "isometric", 2),
    ("a torii gate by a lake, cherry blossoms", WIDE, "anime", 4),
    ("a rocket above a ringed planet", TALL, "comic-book", 7),
    ("hot air balloons over mountains in the morning", WIDE, "none", 5),
    ("a castle on a hill at sunset", SQUARE, "digital-art", 6),
    ("a red fox in the snow, pine forest", TALL, "none", 3),
    ("mountains at sunrise with a lake", WIDE, "none", 12),
    ("a lighthouse on an island at sunset, birds", WIDE, "none", 3),
)


def main() -> None:
    """Paint a gallery in a throwaway installation and photograph it."""
    FOLDER.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="limner-screenshots-"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=FLAGS)
        with Site(folder, browser) as site:
            person = site.person("maria", credits=300)
            last = [hang(site, person, picture) for picture in PICTURES][-1]
            watch_four(site, person)
            for width, scheme in WINDOWS:
                page = site.sign_in(person, width=width, scheme=scheme)
                take(page, f"gallery-{width}-{scheme}", "/gallery/")
                take(page, f"asset-{width}-{scheme}", f"/gallery/{last}/")
                if (width, scheme) != WINDOWS[0]:
                    take(page, f"create-{width}-{scheme}", "/create/?prompt=" + quote(WISH))
            print("\n".join(site.close_pages()))
        browser.close()
    shutil.rmtree(folder)


def hang(site: Site, person: Person, picture: tuple[str, tuple[int, int], str, int]) -> str:
    prompt, (width, height), style, seed = picture
    fields = {"width": width, "height": height, "style": style, "seed": seed, "steps": 20}
    return site.paint(person, prompt, **fields)


def watch_four(site: Site, person: Person) -> None:
    """The first window's Create page, with two pictures done and the third being painted."""
    width, scheme = WINDOWS[0]
    page = site.sign_in(person, width=width, scheme=scheme)
    page.get_by_label("Prompt", exact=True).fill(WISH)
    page.locator("label:has(input[name=ratio][value='3:2'])").click()
    page.locator("label:has(input[name=count][value='4'])").click()
    page.keyboard.press("Control+Enter")
    # Whichever is being painted when we look: the page asks less often than it paints.
    page.get_by_text(re.compile("picture [2-4] of 4")).wait_for(timeout=120_000)
    page.locator(".unfinished").wait_for(timeout=120_000)
    save(page, f"create-{width}-{scheme}")
    page.locator("#jobs[data-unfinished='0']").wait_for(timeout=120_000)


def take(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    save(page, name)


def save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(FOLDER / f"{name}.webp", quality=86, method=6)


if __name__ == "__main__":
    main()
