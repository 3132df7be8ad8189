"""The repeated parts of the Create form: pictures to work from, and LoRAs, one row each.

A row is a small form with a prefix such as `guide-0`. Rows that name nothing are not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gallery import imaging, uploading
from gallery.by_id import Shown
from generator.contract import MAX_CONTROLS, MAX_LORAS, Control, ControlMode, ImageRequest, Lora
from generator.engines.abilities import Abilities

#: One picture to begin with, and those that guide.
MAX_GUIDES = MAX_CONTROLS + 1
START = "start"
#: The name of the file field, and of the button that removes a row.
FILES, REMOVE = "guide-files", "remove-guide"
#: What a picture can be used for, in people's words: to begin with, or by a preprocessor.
USES: Mapping[str, Any] = {
    START: gettext_lazy("Begin with it"),
    "canny": gettext_lazy("Follow its edges"),
    "lineart_standard": gettext_lazy("Follow its lines"),
    "tile_gaussian": gettext_lazy("Keep its areas, invent the detail"),
    "shuffle": gettext_lazy("Take its colours"),
    "depth_midas": gettext_lazy("Follow its depth (MiDaS)"),
    "depth_zoe": gettext_lazy("Follow its depth (ZoeDepth)"),
}
MODES = {
    ControlMode.BALANCED.value: gettext_lazy("Both alike"),
    ControlMode.PROMPT.value: gettext_lazy("The prompt more"),
    ControlMode.CONTROLNET.value: gettext_lazy("The picture more"),
}


def _share(label: Any, high: float, usual: float) -> forms.FloatField:
    slider = forms.NumberInput(
        attrs={"type": "range", "min": 0, "max": high, "step": 0.05, "data-slider": ""}
    )
    return forms.FloatField(
        label=label, required=False, min_value=0, max_value=high, initial=usual, widget=slider
    )


class Row(forms.Form):
    """What the rows have in common: an empty field means its `initial`."""

    def value(self, name: str) -> Any:
        """The value for the request."""
        found = self.cleaned_data.get(name)
        return self.fields[name].initial if found in (None, "") else found

    def asked(self, name: str) -> str:
        """What was sent or is proposed, as it stands; for choices, which are made from it."""
        values, key = (self.data, self.add_prefix(name)) if self.is_bound else (self.initial, name)
        return str(values.get(key) or "")

    def told(self) -> dict[str, Any]:
        """What the page shows, for telling two wishes apart."""
        return {name: str(self[name].value()) for name in self.fields}


class GuideRow(Row):
    """A picture, and what is to be done with it."""

    picture = forms.CharField(widget=forms.HiddenInput)
    use = forms.ChoiceField(label=gettext_lazy("Use it to"), initial=START)
    strength = _share(gettext_lazy("How much may change"), 1, 0.6)
    weight = _share(gettext_lazy("How strictly to follow it"), 2, 1)
    start = _share(gettext_lazy("From this part of the work on"), 1, 0)
    end = _share(gettext_lazy("Until this part"), 1, 1)
    mode = forms.ChoiceField(
        label=gettext_lazy("What weighs more"),
        choices=MODES.items(),
        required=False,
        initial=ControlMode.BALANCED.value,
    )

    def __init__(self, can: Abilities, **values: Any) -> None:
        super().__init__(**values)
        self.shown: Shown | None = None
        self.fields["use"].choices = list(self._uses(can))  # type: ignore[attr-defined]

    def _uses(self, can: Abilities) -> Iterator[tuple[str, Any]]:
        """What the model can do with a picture, and what was chosen before."""
        able = [*([START] if can.initial_image else []), *can.preprocessors]
        for use in able:
            yield use, USES.get(use, use)
        asked = self.asked("use")
        if asked and asked not in able and asked in USES:
            name = _("%(use)s (not with this model)") % {"use": USES[asked]}
            yield asked, name

    @property
    def is_start(self) -> bool:
        return bool(self.value("use") == START)

    def control(self) -> Control:
        """This row as the contract has it."""
        numbers = {name: self.value(name) for name in ("weight", "start", "end")}
        mode = ControlMode(self.value("mode"))
        picture = self.value("picture")
        return Control(preprocessor=self.value("use"), guide=picture, mode=mode, **numbers)


class LoraRow(Row):
    """A LoRA and how much of it."""

    model = forms.CharField(label=gettext_lazy("LoRA"), required=False)
    weight = forms.FloatField(
        label=gettext_lazy("Weight"),
        required=False,
        initial=1.0,
        widget=forms.NumberInput(attrs={"min": -2, "max": 2, "step": 0.05}),
    )

    def __init__(self, can: Abilities, **values: Any) -> None:
        super().__init__(**values)
        if can.loras is None:
            return
        asked = self.asked("model")
        names = [*can.loras, *([asked] if asked and asked not in can.loras else [])]
        choices = [("", _("None")), *((name, name) for name in names)]
        self.fields["model"] = forms.ChoiceField(
            label=self.fields["model"].label, required=False, choices=choices
        )

    def lora(self) -> Lora:
        """This row as the contract has it."""
        return Lora(model=self.value("model"), weight=self.value("weight"))


def guide_rows(can: Abilities, data: QueryDict | None, initial: Sequence[Any]) -> list[GuideRow]:
    """The rows with a picture, from what was sent or else from first values."""
    places = _places("guide", MAX_GUIDES, "picture", data, initial)
    return [GuideRow(can, prefix=f"guide-{n}", **values) for n, values in places]


def lora_rows(can: Abilities, data: QueryDict | None, initial: Sequence[Any]) -> list[LoraRow]:
    """The rows with a LoRA, and one more to fill in while there may be more."""
    places = dict(_places("lora", MAX_LORAS, "model", data, initial))
    free = [n for n in range(MAX_LORAS) if n not in places]
    rows = [LoraRow(can, prefix=f"lora-{n}", **values) for n, values in places.items()]
    return [*rows, *(LoraRow(can, prefix=f"lora-{n}") for n in free[:1])]


def is_full(rows: Sequence[LoraRow], data: QueryDict) -> bool:
    """Whether a page that sent `data` has rows for LoRAs, and none of them is left to fill in."""
    left = [row for row in rows if not row.is_bound]
    return "lora-0-model" in data and any(f"{row.prefix}-model" not in data for row in left)


def _places(
    kind: str, most: int, needed: str, data: QueryDict | None, initial: Sequence[Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    if data is None:
        yield from ((n, {"initial": values}) for n, values in enumerate(initial[:most]))
        return
    for n in range(most):
        if data.get(f"{kind}-{n}-{needed}", "").strip():
            yield n, {"data": data}


def worked_from(guides: Sequence[GuideRow], loras: Sequence[LoraRow]) -> dict[str, Any]:
    """The contract's fields that the (valid) rows stand for."""
    starts = [row for row in guides if row.is_start]
    values: dict[str, Any] = {
        "controls": tuple(row.control() for row in guides if not row.is_start),
        "loras": tuple(row.lora() for row in loras if row.is_bound),
    }
    if starts:
        values["initial_image"] = starts[0].value("picture")
        values["strength"] = starts[0].value("strength")
    return values


def first_values(request: ImageRequest) -> dict[str, list[dict[str, Any]]]:
    """The rows that say what `request` says; the mask has none."""
    guides: list[dict[str, Any]] = []
    if request.initial_image:
        strength = {} if request.strength is None else {"strength": request.strength}
        guides.append({"picture": request.initial_image, "use": START, **strength})
    for control in request.controls:
        numbers = {"weight": control.weight, "start": control.start, "end": control.end}
        whole = {"picture": control.guide, "use": control.preprocessor, **numbers}
        guides.append({**whole, "mode": control.mode.value})
    loras = [{"model": lora.model, "weight": lora.weight} for lora in request.loras]
    return {"guide_rows": guides, "lora_rows": loras}


@dataclass
class Sent:
    """What was sent, with its files as ids; and one sentence for each that was not taken."""

    data: QueryDict
    problems: list[str] = field(default_factory=list)


def absorb(
    data: QueryDict, files: MultiValueDict[str, UploadedFile], user: User, can: Abilities
) -> Sent:
    """Keep the pictures that came along, each in a row of its own; drop the row to remove."""
    sent = Sent(data.copy())
    removed = data.get(REMOVE, "")
    sent.data.pop(f"guide-{removed}-picture", None)
    for file in files.getlist(FILES):
        try:
            _place(sent.data, str(uploading.take(user, file.read()).pk), can)
        except (imaging.UnsafePicture, *uploading.DECLINED) as error:
            sent.problems.append(str(error))
        except IndexError:
            sent.problems.append(_("At most %(n)d pictures.") % {"n": MAX_GUIDES})
            break
    return sent


def _place(data: QueryDict, picture: str, can: Abilities) -> None:
    """Put `picture` into the first free row, to the next use there is; IndexError if none is."""
    taken = [n for n in range(MAX_GUIDES) if data.get(f"guide-{n}-picture")]
    free = next((n for n in range(MAX_GUIDES) if n not in taken), None)
    if free is None:
        raise IndexError(picture)
    uses = [START] if can.initial_image else []
    used = {data.get(f"guide-{n}-use") for n in taken}
    unused = [use for use in (*uses, *can.preprocessors) if use not in used]
    for name, shape in GuideRow.base_fields.items():
        data[f"guide-{free}-{name}"] = str(shape.initial)
    data[f"guide-{free}-picture"] = picture
    data[f"guide-{free}-use"] = next(iter(unused), START)


def plain(data: QueryDict) -> dict[str, Any]:
    """What was sent, as first values of a form that nobody has sent yet."""
    guides = [_row(data, "guide", n, GuideRow) for n in range(MAX_GUIDES)]
    loras = [_row(data, "lora", n, LoraRow) for n in range(MAX_LORAS)]
    return {
        **data.dict(),
        "guide_rows": [row for row in guides if row.get("picture")],
        "lora_rows": [row for row in loras if row.get("model")],
    }


def _row(data: QueryDict, kind: str, number: int, form: type[Row]) -> dict[str, Any]:
    names = {name: f"{kind}-{number}-{name}" for name in form.base_fields}
    return {name: data[key] for name, key in names.items() if key in data}
