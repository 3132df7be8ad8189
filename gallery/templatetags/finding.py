"""What a gallery page says about searching, whatever is searched for."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from gallery.query import KEYS
from gallery.views import filters

register = template.Library()


@register.simple_tag
def ways_to_ask() -> SafeString:
    """The rows of a form that adds a filter, and examples of what one can write."""
    return _ways(get_language() or "")


@lru_cache(maxsize=64)
def _ways(language: str) -> SafeString:
    """In that language; there is nothing else that it depends on."""
    return render_to_string("gallery/_ways.html", {"keys": KEYS, "examples": filters.examples()})
