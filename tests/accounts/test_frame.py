"""What stands on every page is drawn once: it may depend on nothing but the language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FIXED = re.compile(r'\{% fixed "([^"]+)" %\}')


def fixed_templates() -> set[str]:
    return {name for path in TEMPLATES.rglob("*.html") for name in FIXED.findall(path.read_text())}


@pytest.mark.parametrize("name", sorted(fixed_templates()))
def test_what_is_drawn_once_asks_for_nothing(name: str) -> None:
    asked = re.findall(r"\{\{\s*(\w+)", (TEMPLATES / name).read_text())
    assert set(asked) <= set(re.findall(r" as (\w+)", (TEMPLATES / name).read_text()))
    drawn = Template(f'{{% load frame %}}{{% fixed "{name}" %}}').render(Context({"user": "x"}))
    assert drawn == render_to_string(name)


def test_an_icon_is_drawn_as_its_template_says() -> None:
    drawn = Template('{% load frame %}{% icon "x" size=18 %}{% icon "x" %}').render(Context())
    small, usual = ({"name": "x"} | size for size in ({"size": 18}, {}))
    assert drawn == render_to_string("_icon.html", small) + render_to_string("_icon.html", usual)
