"""Rules about prompts, for those who write them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from accounts.admin.auditing import Audited
from generator.models import PromptRule


@admin.register(PromptRule)
class PromptRuleAdmin(Audited):
    """What may not be asked for. A refusal costs nothing and tells the rule's own words."""

    list_display = ("name", "message", "team", "enabled")
    list_filter = ("enabled",)
    search_fields = ("name",)
    autocomplete_fields: ClassVar = ("team",)
    fields = ("name", "words", "also", "pattern", "message", "team", "enabled")
