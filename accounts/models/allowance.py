"""Credits that come by themselves each month."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AllowancePlan(models.Model):
    """So many credits on the first of each month (UTC), for every wallet that is on the plan."""

    name = models.CharField(max_length=80, unique=True)
    amount = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(10**9)],
        help_text=_("Credits a month."),
    )
    rolls_over = models.BooleanField(
        default=False, help_text=_("What is left keeps; otherwise it ends with the month.")
    )

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="allowance_gives_something"),
        )

    def __str__(self) -> str:
        return self.name
