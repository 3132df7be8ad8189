"""What searches know of each picture: its words and facts, in the order of the gallery."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class DocumentField(models.Field):
    """A list of words and facts: text with spaces for FTS5, a tsvector on PostgreSQL."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002  as Django calls it
    ) -> str:
        if connection.vendor != "postgresql":
            return " ".join(value)
        places: dict[str, list[str]] = {}
        for place, word in enumerate(value, 1):
            places.setdefault(word, []).append(str(place))
        # PostgreSQL keeps 255 places of a word.
        return " ".join(f"'{word}':{','.join(at[:255])}" for word, at in places.items())


class SearchEntry(models.Model):
    """One per picture, written by `gallery.documents`.

    On SQLite triggers keep `gallery_searchindex` (FTS5) in step. Django alters a table there by
    copying it, which drops its triggers: a migration that alters this model must run the guard
    of gallery/migrations/0009 again.
    """

    # Time and id of the picture in one number: `documents.place_of`.
    place = models.BigIntegerField(primary_key=True)
    asset = models.OneToOneField(
        "gallery.Asset", on_delete=models.CASCADE, related_name="search_entry"
    )
    document = DocumentField()

    def __str__(self) -> str:
        return str(self.asset_id)


class Word(models.Model):
    """A word that some document has, so that a word that was only begun can be completed."""

    text = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.text
