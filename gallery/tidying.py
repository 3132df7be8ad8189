"""What the clock does for searches and tags: finding what was missed, forgetting what is gone."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from gallery import documents, search
from gallery.models import Asset, Tag, Word

BATCH = 500


def index_missing() -> int:
    """Write the documents of pictures that have none: of rows that other programs put there."""
    every = Asset._base_manager.filter(search_entry=None)
    pks = list(every.values_list("pk", flat=True))
    documents.rewrite(pks)
    return len(pks)


def forget_unused_words() -> int:
    """Words are kept to complete beginnings; one that was erased everywhere is not kept on."""
    words = Word.objects.order_by("pk").values_list("pk", flat=True)
    gone = [text for text in words if not search.knows(text)]
    for start in range(0, len(gone), BATCH):
        Word.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(gone)


def forget_unused_tags() -> int:
    """Tags are somebody's own words: one that is on no picture any more is not kept on.

    No cascade: one that is put on a picture in this very moment keeps its place there.
    """
    filed = Asset.tags.through.objects.filter(tag=OuterRef("pk"))
    unused = Tag.objects.filter(~Exists(filed)).order_by()
    return unused._raw_delete(unused.db)
