"""Which pictures somebody has asked moderators to look at."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q


def under_review() -> Q:
    """Of a picture: reported, or appealed about by its owner, and not answered yet."""
    # By name: both rows point at pictures, whose query set asks this.
    reports = apps.get_model("gallery", "Report").objects.filter(closed_at=None)
    appeals = apps.get_model("gallery", "Appeal").objects.filter(answered_at=None)
    mine = {"asset": OuterRef("pk")}
    return Q(Exists(reports.filter(**mine))) | Q(Exists(appeals.filter(**mine)))
