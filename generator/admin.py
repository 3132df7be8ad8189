"""What the operator decides about models: who paints, for whom, for how much, and whether it works.

What only one engine understands is kept as JSON in `options`; here it is fields of their own.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import Audited
from accounts.admin_site import StaffPage, StaffSite
from generator.catalog import SAMPLERS
from generator.engines.remote.account import PATIENCE
from generator.engines.remote.adapters import ADAPTERS
from generator.models import EngineModel
from generator.prompt_rules_admin import PromptRuleAdmin  # noqa: F401  registers itself
from generator.views.overview import MILLION, PERMISSION, overview

#: Field of the form -> key in the options, by engine.
OPTIONS = {
    "remote": {
        "provider": "provider",
        "provider_model": "model",
        "key_env": "key_env",
        "patience": "patience",
    },
    "diffusion": {"variant": "variant", "revision": "revision"},
}
OPTION_FIELDS = [field for fields in OPTIONS.values() for field in fields]
_OF_DIFFUSION = (
    _("For the engine “diffusion”"),
    {
        "fields": ("variant", "revision"),
        "description": _("Only for weights that come in several variants or versions."),
    },
)
_OF_REMOTE = (
    _("For the engine “remote”"),
    {
        "fields": ("provider", "provider_model", "key_env", "patience"),
        "description": _("Each provider in three lines: docs/engines.md."),
    },
)
_OF_ENGINE = {"diffusion": _OF_DIFFUSION, "remote": _OF_REMOTE}
FIELDSETS: Any = (
    (None, {"fields": ("name", "slug", "description", "enabled", "is_default", "state")}),
    (_("Who paints"), {"fields": ("engine", "address", "family")}),
    *_OF_ENGINE.values(),
    (_("Price and people"), {"fields": ("price", "audience", "cost")}),
    (_("Teams that may use it"), {"classes": ("collapse",), "fields": ("teams",)}),
    (
        _("What an order means where it says nothing"),
        {"fields": (("default_steps", "default_guidance"), "default_sampler")},
    ),
    (
        _("Sizes"),
        {
            "fields": ("sizes", ("min_side", "max_side", "side_step")),
            "description": _("What is left empty is not limited. Other sizes are refused unpaid."),
        },
    ),
    (_("Health, as the workers saw it"), {"fields": ("worked_at", "failed_at", "last_error")}),
)


class EngineModelForm(forms.ModelForm):
    engine = forms.ChoiceField(label=_("Engine"), choices=[])
    default_sampler = forms.ChoiceField(
        label=_("Sampler"),
        required=False,
        choices=[("", _("The model's own")), *((s.slug, s.name) for s in SAMPLERS)],
    )
    variant = forms.CharField(
        label=_("Variant"), required=False, help_text=_("For example fp16: the smaller files.")
    )
    revision = forms.CharField(
        label=_("Revision"), required=False, help_text=_("A version on the hub.")
    )
    provider = forms.ChoiceField(
        label=_("Provider"),
        required=False,
        choices=[("", "-"), *((name, adapter.title) for name, adapter in ADAPTERS.items())],
    )
    provider_model = forms.CharField(
        label=_("Model"), required=False, help_text=_("What the provider calls it.")
    )
    key_env = forms.CharField(
        label=_("Key variable"),
        required=False,
        help_text=_("Which variable of the environment holds the key. Never the key itself."),
    )
    patience = forms.FloatField(
        label=_("Patience"),
        required=False,
        help_text=_("Longest wait for one purchase, in seconds; %d if empty.") % PATIENCE,
    )
    cost = forms.DecimalField(
        label=_("What a picture costs us"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=6,
        help_text=_("In %s, for the overview; empty where nothing.") % settings.PROVIDER_CURRENCY,
    )

    class Meta:
        model = EngineModel
        fields = (
            *("slug", "name", "description", "engine", "address", "family"),
            *("default_sampler", "default_steps", "default_guidance"),
            *("sizes", "min_side", "max_side", "side_step"),
            *("price", "audience", "teams", "enabled", "is_default"),
        )
        labels = {
            "slug": _("Id"),
            "default_steps": _("Steps"),
            "default_guidance": _("Guidance"),
            "sizes": _("Only these"),
            "min_side": _("Sides from"),
            "max_side": _("to"),
            "side_step": _("in multiples of"),
            "audience": _("Who may use it"),
            "is_default": _("Default"),
        }
        help_texts = {
            "slug": _("What programs call it."),
            "description": _("One sentence for those who choose."),
            "address": _(
                "diffusion: a folder in MODELS_DIR, or hub:org/name. "
                "remote: a URL, empty for the provider's usual one. sketch: empty."
            ),
            "family": _(
                "What it shares LoRAs and ControlNets with; “other” lets the engine find out."
            ),
            "is_default": _("Paints what names no model, or one that is not set up here."),
            "teams": _("For “Makers of certain teams”: those who may spend its credits."),
            "price": _("Credits for one picture of 1024×1024 in 20 steps; 0 is free."),
            "default_steps": _("20 if empty."),
            "default_guidance": _("7 if empty."),
            "sizes": _("For example 1024x1024, 1792x1024; replaces the limits below."),
            "enabled": _("Only what works can be switched on."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        engine: Any = self.fields["engine"]
        engine.choices = [(name, name) for name in settings.ENGINES]
        options = self.instance.options if isinstance(self.instance.options, dict) else {}
        for field, key in OPTIONS.get(self.instance.engine, {}).items():
            self.initial.setdefault(field, options.get(key))
        if self.instance.provider_cost:
            cost = (Decimal(self.instance.provider_cost) / MILLION).normalize()
            self.initial["cost"] = f"{cost:f}"

    def clean(self) -> dict[str, Any]:
        """Gather the options; the model's own `clean` says whether they can work."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("engine") in OPTIONS:
            known = OPTIONS[data["engine"]]
            values = {key: data.get(field) for field, key in known.items()}
            self.instance.options = {k: v for k, v in values.items() if v not in (None, "")}
        self.instance.provider_cost = int((data.get("cost") or 0) * MILLION)
        self._forget_what_may_be_a_key()
        return data

    def _forget_what_may_be_a_key(self) -> None:
        """A key typed for its variable's name is not sent back into a page."""
        name = self.cleaned_data.get("key_env", "")
        if name and not name.startswith(settings.PROVIDER_KEY_PREFIX):
            data = cast(QueryDict, self.data).copy()
            data["key_env"] = ""
            self.data = data


@admin.register(EngineModel)
class EngineModelAdmin(Audited):
    """Models that cannot work say in one line what is missing, and are not offered."""

    form = EngineModelForm
    fieldsets = FIELDSETS
    list_display = (
        *("name", "state", "enabled", "is_default"),
        *("engine", "family", "price", "audience"),
    )
    list_filter = ("enabled", "engine", "audience")
    search_fields = ("name", "slug", "address")
    ordering = ("-enabled", "-is_default", "name")
    filter_horizontal = ("teams",)
    readonly_fields = ("state", "worked_at", "failed_at", "last_error")
    needs_reason = False
    # The form gathers them from fields of its own.
    derived: ClassVar = {
        **dict.fromkeys(("engine", *OPTION_FIELDS), ("options",)),
        "cost": ("provider_cost",),
    }

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what only other engines know folded away."""
        others = [part for engine, part in _OF_ENGINE.items() if not obj or engine != obj.engine]
        sets = [_folded(part) if part in others else part for part in FIELDSETS]
        return self.with_why(request, obj, sets)

    @admin.display(description=_("works now"))
    def state(self, model: EngineModel) -> str:
        """Whether it is offered, or what it lacks; then how it went last."""
        if not model.engine:
            return "-"
        works = model.why_not or str(_("yes") if model.enabled else _("yes, but is switched off"))
        return " · ".join(filter(None, (works, _health(model))))

    def save_model(
        self,
        request: HttpRequest,
        model: EngineModel,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001  Django's signature
    ) -> None:
        super().save_model(request, model, form, change)
        if reason := model.why_not:
            text = _("Saved, and not offered while it cannot work: %s") % reason
            messages.warning(request, text)


def _folded(part: tuple[Any, dict[str, Any]]) -> tuple[Any, dict[str, Any]]:
    title, options = part
    return title, {**options, "classes": ("collapse",)}


def _health(model: EngineModel) -> str:
    """The newer of the last success and the last failure, "" before the first."""
    worked, failed = model.worked_at, model.failed_at
    if failed and (worked is None or failed > worked):
        text = _("failed %(when)s: %(why)s")
        return text % {"when": naturaltime(failed), "why": model.last_error}
    return _("worked %s") % naturaltime(worked) if worked else ""


cast(StaffSite, admin.site).add_page(
    StaffPage(
        name="overview",
        title=_("Overview"),
        about=_("Is anything wrong, today's figures, and thirty days in charts"),
        permission=PERMISSION,
        view=overview,
        rank=1,
    )
)
