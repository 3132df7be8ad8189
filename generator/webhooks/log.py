"""What was sent to a webhook, page by page."""

from __future__ import annotations

from django.db.models import Q

from gallery.listing import cursor_at, read_cursor
from generator.models import Webhook, WebhookDelivery


def log_of(
    webhook: Webhook, limit: int, cursor: str | None
) -> tuple[list[WebhookDelivery], str | None]:
    """`limit` messages, newest first, with their attempts; the next cursor. Raises `BadCursor`."""
    rows = webhook.deliveries.order_by("-created_at", "-pk").prefetch_related("attempts")
    if cursor:
        moment, pk = read_cursor(cursor)
        rows = rows.filter(Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(pk__lt=pk)))
    found = list(rows[: limit + 1])
    page = found[:limit]
    more = len(found) > limit
    return page, cursor_at(page[-1].created_at, page[-1].pk) if more else None
