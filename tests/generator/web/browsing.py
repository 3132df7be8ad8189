"""Filling in the Create form the way a browser without JavaScript does."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

HTMX = {"HX-Request": "true"}


class Controls(HTMLParser):
    """The successful controls of the form `#create-form`, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside = False
        self.textarea = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == "create-form"
        if not self.inside:
            return
        name = found.get("name", "")
        if tag == "input" and (found.get("type") != "radio" or "checked" in found):
            self.values[name] = found.get("value", "")
        elif tag == "textarea":
            self.textarea, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in found or self.select not in self.values):
            self.values[self.select] = found["value"]

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""
        if tag == "form":
            self.inside = False


def controls(response: HttpResponse) -> dict[str, str]:
    """What a submit of this page's form would send."""
    parser = Controls()
    parser.feed(response.content.decode())
    return {name: value for name, value in parser.values.items() if name}


def open_form(client: Client, query: str = "", **typed: Any) -> dict[str, str]:
    """Open the Create page and type; returns what pressing Create would send."""
    sent = controls(client.get(reverse("create") + query))
    return sent | {name: str(value) for name, value in typed.items()}


def press_create(client: Client, sent: dict[str, str]) -> HttpResponse:
    return client.post(reverse("create"), sent)
