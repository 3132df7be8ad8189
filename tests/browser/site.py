"""One installation and its visitors, as the browser tests speak of them."""

from __future__ import annotations

import contextlib
import itertools
import json
import time
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.faults.stage import Stage

#: Reports what the content security policy stopped, as the page's own complaint.
WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} stopped ${event.blockedURI}`));
"""
#: What the browser writes about an answer that a test asked for on purpose.
FAILED_ANSWER = "Failed to load resource: the server responded with a status of "
TIMEOUT = 20_000


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    email: str
    password: str
    key: str


class Site:
    """`manage.py serve` in a folder of its own, with visitors."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.browser = browser
        self.stage = Stage(folder, WORKERS="1", STARTING_CREDITS="200")
        self.url = self.stage.url
        self.numbers = itertools.count(1)
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.running = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.running.enter_context(self.stage.serving("--prepare"))
        self._wait_until_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.running.close()

    def person(self, name: str = "somebody", credits: int = 500) -> Person:
        """A new account."""
        email = f"{name}{next(self.numbers)}@example.org"
        options = ("--name", name.capitalize(), "--credits", str(credits))
        made = self.stage.account(email, *options)
        return Person(email, made["password"], made["apiKey"])

    def visit(self, *, width: int = 1280, script: bool = True, scheme: Any = "dark") -> Page:
        """A new visitor's browser window."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 780 if width < 600 else 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(WATCH_POLICY)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def sign_in(self, person: Person, **window: Any) -> Page:
        """A window in which `person` has just signed in."""
        page = self.visit(**window)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password", exact=True).fill(person.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/create/**")
        return page

    def paint(self, person: Person, prompt: str, **fields: Any) -> str:
        """Have a small picture made through the API; returns the id of the picture."""
        body = {"prompt": prompt, "width": 256, "height": 256, "steps": 4, **fields}
        task = self.call(person, "POST", "/v1/tasks/text-to-image", body)
        for _ in range(400):
            task = self.call(person, "GET", f"/v1/tasks/{task['id']}")
            if task["status"] not in {"queued", "in_progress"}:
                break
            time.sleep(0.1)
        assert task["status"] == "succeeded", task
        return str(task["assetId"])

    def call(self, person: Person, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  our own server
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {person.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.loads(response.read() or "null")

    def close_pages(self) -> list[str]:
        """Close every window; returns what they complained about."""
        for context in self.contexts:
            context.close()
        found, self.complaints, self.contexts = self.complaints, [], []
        return found

    def _note(self, message: ConsoleMessage) -> None:
        refused = message.text.startswith(FAILED_ANSWER) and "4" in message.text
        if message.type in {"error", "warning"} and not refused:
            self.complaints.append(message.text)

    def _wait_until_ready(self) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5)  # noqa: S310
                return
            time.sleep(0.2)
        raise AssertionError(self.stage.log.read_text())
