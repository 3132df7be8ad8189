"""A rule about what may be asked for."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from generator.patterns import MAX_LENGTH, UnsafePattern, safe


class PromptRuleQuerySet(models.QuerySet["PromptRule"]):
    def in_force(self, team: Team | None) -> Self:
        """Those for everybody, and those for what `team` pays for."""
        mine = Q(team=None) | Q(team=team) if team else Q(team=None)
        return self.filter(mine, enabled=True).order_by("pk")


class PromptRule(models.Model):
    """Refuses a prompt that has a word of `words` and one of `also` and that `pattern` finds.

    What is left empty is not asked for. `generator.prompt_policy` reads it.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    words = models.TextField(
        _("words"),
        blank=True,
        max_length=4000,
        help_text=_("With commas or on lines of their own; fox* is also foxes. One must occur."),
    )
    also = models.TextField(
        _("and one of these"),
        blank=True,
        max_length=4000,
        help_text=_("Words in the same way. Empty: the ones above suffice."),
    )
    pattern = models.CharField(
        _("regular expression"),
        blank=True,
        max_length=MAX_LENGTH,
        help_text=_("Must be found too, if there is one; with {0,30} in place of *."),
    )
    message = models.CharField(
        _("what people are told"), max_length=200, default=_("This is not painted here.")
    )
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        verbose_name=_("only for what this team pays for"),
        related_name="+",
    )
    enabled = models.BooleanField(_("in force"), default=True)

    objects = PromptRuleQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not (self.words.strip(" ,*\n\r") or self.pattern):
            raise ValidationError({"words": _("Say what to look for: words, or an expression.")})
        try:
            safe(self.pattern)
        except UnsafePattern as error:
            raise ValidationError({"pattern": str(error)}) from None
