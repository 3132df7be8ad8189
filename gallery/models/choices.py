"""The words that a picture's fields and lists of pictures know."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Only me")
    PUBLIC = "public", _("Everyone")


class Scope(models.TextChoices):
    """Which pictures a list is about."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    SHARED = "shared", _("Shared with me")
    PUBLIC = "public", _("Public")


class Sort(models.TextChoices):
    """In which order a list of pictures is shown."""

    NEWEST = "newest", _("Newest")
    LIKES = "likes", _("Most liked")
    TRENDING = "trending", _("Trending")
    # Only together with a colour that is searched for.
    COLOR = "color", _("Nearest colour")


class Rating(models.TextChoices):
    UNRATED = "unrated", _("Not rated")
    SAFE = "safe", _("Safe")
    SENSITIVE = "sensitive", _("Sensitive")
