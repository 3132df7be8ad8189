"""What the clock does for searches: finding what was missed, forgetting what is gone."""

from __future__ import annotations

from gallery import documents, search
from gallery.models import Asset, Word

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
