"""What stands on every page and never differs: drawn once, then known."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """The drawing `name` of img/icons.svg, `size` pixels wide."""
    return _icon(name, size)


@register.simple_tag
def fixed(name: str) -> SafeString:
    """A template that asks for nothing: it depends on the language alone."""
    return _fixed(name, get_language() or "", get_script_prefix())


@lru_cache(maxsize=512)
def _icon(name: str, size: int) -> SafeString:
    return render_to_string("_icon.html", {"name": name, "size": size})


@lru_cache(maxsize=64)
def _fixed(name: str, language: str, prefix: str) -> SafeString:
    return render_to_string(name)
