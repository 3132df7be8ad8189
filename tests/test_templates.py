"""House rules of the templates: nothing inline, so that the content policy can be strict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

#: What is wrong -> how it looks. Django's own comments are taken out first.
RULES = {
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a script with something between its tags": re.compile(r"<script[^>]*>\s*[^<\s]", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"\bhx-on\b", re.I),
    "a js: or javascript: value": re.compile(r"[\"'{]\s*(?:js|javascript):", re.I),
    "a filter in hx-trigger, which needs eval": re.compile(
        r"hx-trigger\s*=\s*([\"'])[^\"']*\[", re.I
    ),
    "something fetched from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=[\"'](?:https?:)?//", re.I
    ),
    "text that is not escaped": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off"),
}


def breaches(text: str) -> list[str]:
    """The rules that a template breaks."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)
    return [rule for rule, pattern in RULES.items() if pattern.search(text)]


def templates() -> Iterator[Path]:
    return iter(sorted(TEMPLATES.rglob("*.html")))


def test_no_template_breaks_a_rule() -> None:
    found = {str(path.relative_to(ROOT)): breaches(path.read_text()) for path in templates()}
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<script>alert(1)</script>", "a script without src"),
        ('<script src="/a.js">alert(1)</script>', "a script with something between its tags"),
        ("<style>p{}</style>", "a style element"),
        ('<p\n style="color:red">', "a style attribute"),
        ('<button onclick="go()">', "an event handler attribute"),
        ('<button hx-on:click="go()">', "hx-on"),
        ("<p hx-vals='js:{a:1}'>", "a js: or javascript: value"),
        ('<a href="javascript:go()">', "a js: or javascript: value"),
        ('<b hx-trigger="click[ctrlKey]">', "a filter in hx-trigger, which needs eval"),
        ('<img src="https://example.org/a.png">', "something fetched from elsewhere"),
        ("{{ prompt|safe }}", "text that is not escaped"),
    ],
)
def test_each_rule_finds_what_it_is_for(text: str, rule: str) -> None:
    assert rule in breaches(text)


def test_plain_markup_breaks_no_rule() -> None:
    good = (
        '<script src="{% static \'app.js\' %}" defer></script><p class="one">on = off</p>'
        '<button hx-post="/a" hx-trigger="click" formaction="/a">{{ prompt }}</button>'
    )
    assert breaches(good) == []
