"""Moments by the database's clock, so that no machine's own one counts."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


def lease_end() -> models.Expression:
    """The end of a lease that begins now."""
    return moment_in(settings.LEASE_SECONDS)


def moment_in(seconds: float) -> models.Expression:
    """So many seconds from now."""
    return models.ExpressionWrapper(
        Now() + dt.timedelta(seconds=seconds), output_field=models.DateTimeField()
    )
