"""What the operator decides about models: who paints, for how much, and whether it works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from generator.models import EngineModel


class EngineModelForm(forms.ModelForm):
    engine = forms.ChoiceField(label=_("Engine"), choices=[])

    class Meta:
        model = EngineModel
        fields = (
            *("slug", "name", "description", "engine", "options"),
            *("price", "enabled", "is_default"),
        )
        help_texts = {
            "slug": _("What programs call it."),
            "options": _(
                "What the engine must know: docs/engines.md. Name keys, do not write them."
            ),
            "price": _("Credits for one picture of 1024×1024 in 20 steps; 0 is free."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engine"].choices = [(name, name) for name in settings.ENGINES]  # type: ignore[attr-defined]


@admin.register(EngineModel)
class EngineModelAdmin(admin.ModelAdmin):
    """Models that cannot work say in one line what is missing, and are not offered."""

    form = EngineModelForm
    list_display = ("name", "slug", "engine", "price", "enabled", "is_default", "usable")
    list_filter = ("engine", "enabled")
    ordering = ("name",)
    readonly_fields = ("usable",)

    @admin.display(description=_("usable"))
    def usable(self, model: EngineModel) -> str:
        return (model.why_not if model.engine else "") or str(_("yes"))
