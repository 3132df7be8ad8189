"""The Create form: from fields that people fill in to an `ImageRequest`.

Rules about a request live in the contract; this form only says which field of the
page a broken rule belongs to.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery import by_id
from gallery.models import Asset
from generator import abilities, form_rows, options, pricing
from generator.catalog import RATIOS, SAMPLERS, STYLES, ratios
from generator.contract import (
    MAX_CLIP_SKIP,
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_PROMPT,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    SIDE_STEP,
    ImageRequest,
    InvalidRequest,
    OutputFormat,
)
from generator.engines.abilities import Abilities
from generator.form_rows import GuideRow
from generator.form_values import (
    COUNTS,
    CUSTOM,
    DEFAULTS,
    FIXED,
    FORMAT_NAMES,
    MORE,
    PLACES,
    RANDOM,
    RANDOM_SEEDS,
    SCALE_NAMES,
    UNPRICED,
)
from generator.models import EngineModel
from generator.paying import PayingForm


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _whole(label: Any, low: int, high: int, step: int = 1) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": low, "max": high, "step": step})
    return forms.IntegerField(label=label, required=False, widget=widget)


class CreateForm(forms.Form):
    """What somebody wants painted. Empty fields mean their default.

    After `is_valid()`, `image_request` is what to submit. Pictures are priced for
    `cost` even while the prompt is still empty.
    """

    prompt = forms.CharField(label=_("Prompt"), required=False)
    negative_prompt = forms.CharField(label=_("Negative prompt"), required=False)
    ratio = _choice(_("Shape"), [(r.slug, r.label) for r in RATIOS] + [(CUSTOM, _("Custom"))])
    scale = _choice(_("Size"), SCALE_NAMES)
    width = _whole(_("Width"), MIN_SIDE, MAX_SIDE, SIDE_STEP)
    height = _whole(_("Height"), MIN_SIDE, MAX_SIDE, SIDE_STEP)
    style = _choice(_("Style"), [(style.slug, style.name) for style in STYLES])
    seed_mode = _choice(_("Seed"), [(RANDOM, _("Random")), (FIXED, _("Fixed"))])
    seed = _whole(_("Seed number"), 0, MAX_SEED)
    count = _whole(_("Pictures"), 1, MAX_COUNT)
    model = _choice(_("Model"), [])
    sampler = _choice(_("Sampler"), [(s.slug, s.name) for s in SAMPLERS])
    steps = _whole(_("Steps"), 1, MAX_STEPS)
    guidance_scale = forms.FloatField(
        label=_("Guidance"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": MAX_GUIDANCE, "step": "any"}),
    )
    clip_skip = _whole(_("CLIP skip"), 0, MAX_CLIP_SKIP)
    prompt_weighting = forms.BooleanField(label=_("Brackets stress words"), required=False)
    output_format = _choice(_("File format"), FORMAT_NAMES)
    # Never filled in: they stand for the rows of pictures and LoRAs, whose errors they bear.
    guides = forms.Field(required=False)
    adapters = forms.Field(required=False)
    # The picture that is remixed, what makes a double click harmless, the price shown.
    parent = forms.UUIDField(required=False)
    key = forms.UUIDField(required=False)
    expected_cost = forms.IntegerField(required=False, min_value=0)

    max_prompt = MAX_PROMPT
    shapes = staticmethod(options.shapes)
    looks = staticmethod(options.looks)

    def __init__(
        self, user: User, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.models = {model.slug: model for model in EngineModel.objects.offered_to(user)}
        self.defaults = {**DEFAULTS, "model": next(iter(self.models), "")}
        wanted = (data or initial or {}).get("model") or self.defaults["model"]
        self.chosen = self.models.get(wanted)
        self.defaults |= self.chosen.defaults if self.chosen else {}
        super().__init__(data, initial={**self.defaults, **(initial or {})})
        self.fields["model"] = _choice(
            _("Model"), [(model.slug, model.name) for model in self.models.values()]
        )
        self.image_request: ImageRequest | None = None
        self.user, self.sent = user, data
        self.paying = PayingForm(user, data, initial)
        can = self.can if self.can.takes_loras else self.some_can
        self.loras = form_rows.lora_rows(can, data, self.initial.get("lora_rows", ()))

    @cached_property
    def guide_rows(self) -> list[GuideRow]:
        """The pictures to work from, each with what a page shows of it."""
        initial = self.initial.get("guide_rows", ())
        rows = form_rows.guide_rows(self.guided_by, self.sent, initial)
        pictures = [str(row["picture"].value()) for row in rows]
        shown = by_id.show(self.user, pictures)
        for row, picture in zip(rows, pictures, strict=True):
            row.shown = shown.get(picture)
        return rows

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("ratio") == CUSTOM:
            self._need_a_size(data)
        if (
            data.get("seed_mode") == FIXED
            and data.get("seed") is None
            and "seed" not in self.errors
        ):
            self.add_error("seed", forms.ValidationError(_("Write the seed, or choose Random.")))
        self._check_rows()
        self._check_what_is_not_shown()
        try:
            self.image_request = ImageRequest(**self._values())
        except InvalidRequest as invalid:
            self.add_contract_errors(invalid)
        return data

    def add_contract_errors(self, invalid: InvalidRequest) -> None:
        """Put each message beside its field; what has no field goes above the form."""
        custom = self.value_of("ratio") == CUSTOM
        sides = PLACES | ({} if custom else {"width": "ratio", "height": "ratio"})
        found: dict[str | None, dict[str, None]] = {}
        for name, messages in invalid.errors.items():
            field = sides.get(name, name)
            found.setdefault(field if field in self.fields else None, {}).update(
                dict.fromkeys(messages)
            )
        for place, texts in found.items():
            # What could not be read stands for its default; only the first error is the person's.
            if place not in self.errors:
                self.add_error(place, list(texts))

    def cost(self) -> int | None:
        """Credits for what is filled in so far; None while that cannot be told."""
        model = self.models.get(str(self.value_of("model")))
        if model is None or (self.is_bound and set(self.errors) - UNPRICED):
            return None
        try:
            return pricing.cost(self._plain_request(), model)
        except InvalidRequest:
            return None

    def fingerprint(self) -> str:
        """A hash of the wish itself: equal for the two halves of a double click."""
        wish: dict[str, Any] = {n: str(self.value_of(n)) for n in (*DEFAULTS, "model")}
        wish["paying"] = self.paying.told()
        wish["rows"] = [row.told() for row in (*self.guide_rows, *self.loras)]
        return hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()[:32]

    def idempotency_key(self) -> str | None:
        """Names this wish on this page: an edited one, sent after Back, is a new wish."""
        key = self.cleaned_data.get("key")
        return f"web:{key}:{self.fingerprint()}" if key else None

    def parent_for(self, user: User) -> Asset | None:
        """The picture this remixes, if `user` may see it."""
        parent = self.cleaned_data.get("parent")
        return Asset.objects.visible_to(user).filter(pk=parent).first() if parent else None

    # For the template.

    @cached_property
    def can(self) -> Abilities:
        """What the chosen model can do beyond a prompt."""
        return abilities.of(self.chosen) if self.chosen else Abilities()

    @property
    def guided_by(self) -> Abilities:
        """What pictures can be used for, by the chosen model or else by another."""
        return self.can if self.can.guides else self.some_can

    @cached_property
    def some_can(self) -> Abilities:
        """What some model can: without scripts the page cannot follow the choice."""
        return abilities.of_any(self.models.values())

    def value_of(self, name: str) -> Any:
        """What the field shows: typed, or prefilled, or the default."""
        value = self[name].value()
        return self.defaults.get(name) if value in (None, "") else value

    def changed(self) -> list[str]:
        """What under "More" differs from its default, in words."""
        custom = self.value_of("ratio") == CUSTOM
        hidden = {"scale"} if custom else {"width", "height"}
        names = [name for name in MORE if name not in hidden]
        said = [
            f"{self.fields[name].label} {self._shown(name)}".strip()
            for name in names
            if str(self.value_of(name)) != str(self.defaults.get(name))
        ]
        return said + [f"LoRA {name}" for row in self.loras if (name := row["model"].value())]

    def more_has_errors(self) -> bool:
        return bool(set(self.errors) & {*MORE, "adapters"})

    def count_options(self) -> list[int]:
        current = str(self.value_of("count"))
        return [n for n in range(1, MAX_COUNT + 1) if n in COUNTS or str(n) == current]

    def _shown(self, name: str) -> str:
        value = self.value_of(name)
        if value is True:
            return ""
        choices: Any = getattr(self.fields[name], "choices", ())
        return str(dict(choices).get(value, value))

    def _need_a_size(self, data: dict[str, Any]) -> None:
        for name in ("width", "height"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, forms.ValidationError(_("A custom shape needs both sides.")))

    def _values(self) -> dict[str, Any]:
        """The request's fields; where a field has an error of its own, the default."""
        found = self.cleaned_data if self.is_bound else self.initial
        data = {**self.defaults, **{k: v for k, v in found.items() if v not in (None, "")}}
        if data["ratio"] != CUSTOM:
            data["width"], data["height"] = ratios.by_slug(data["ratio"]).size(data["scale"])
        if data["seed_mode"] != FIXED:
            data["seed"] = secrets.randbelow(RANDOM_SEEDS)
        names = set(ImageRequest.__dataclass_fields__) & set(data)
        return {
            **{name: data[name] for name in names},
            **self._worked_from(),
            "output_format": OutputFormat(data["output_format"]),
        }

    def _worked_from(self) -> dict[str, Any]:
        if not self.is_bound or {"guides", "adapters"} & set(self.errors):
            return {}
        return form_rows.worked_from(self.guide_rows, self.loras)

    def _check_rows(self) -> None:
        """Each row tells what is wrong beside its fields; here, that something is."""
        for name, rows in (("guides", self.guide_rows), ("adapters", self.loras)):
            if not all(row.is_valid() for row in rows if row.is_bound):
                self.add_error(name, _("One of these is not right yet."))
        if "guides" not in self.errors and sum(row.is_start for row in self.guide_rows) > 1:
            self.add_error("guides", _("Only one picture can be the one to begin with."))

    def _check_what_is_not_shown(self) -> None:
        if not {"parent", "key", "expected_cost"}.isdisjoint(self.errors):
            self.add_error(None, _("This page is out of order; load it anew."))

    def _plain_request(self) -> ImageRequest:
        """The same work under any prompt."""
        plain = {"prompt": "-", "negative_prompt": "", "style": "none", "seed": 0}
        rows = {"initial_image": None, "strength": None, "controls": (), "loras": ()}
        return ImageRequest(**{**self._values(), **plain, **rows})
