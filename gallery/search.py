"""Finding pictures by words."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from gallery.models import Asset
from gallery.models.asset_queries import AssetQuerySet

MAX_QUERY = 200
MAX_WORDS = 8


def matching(queryset: AssetQuerySet, query: str) -> AssetQuerySet:
    """The pictures whose prompt, name or tags contain every word of `query`.

    `#word` means the tag of that name. Words beyond the eighth are ignored.
    """
    # PostgreSQL refuses NUL in any string, and no picture has one.
    for word in query[:MAX_QUERY].replace("\0", " ").split()[:MAX_WORDS]:
        queryset = queryset.filter(_tagged(word) if word.startswith("#") else _containing(word))
    return queryset


def _tagged(word: str) -> Q:
    through = Asset.tags.through.objects
    return Q(Exists(through.filter(asset=OuterRef("pk"), tag__name=word[1:].lower())))


def _containing(word: str) -> Q:
    through = Asset.tags.through.objects
    tagged = Exists(through.filter(asset=OuterRef("pk"), tag__name__contains=word.lower()))
    return Q(prompt__icontains=word) | Q(name__icontains=word) | Q(tagged)
