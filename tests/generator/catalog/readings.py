"""How a dialect reads each documented table: row -> fields of `ImageRequest`."""

from collections.abc import Callable
from typing import Any

from generator.catalog import (
    guidance_presets,
    languages,
    models,
    preprocessors,
    qualities,
    ratios,
    samplers,
    sizes,
    styles,
    task_types,
)
from generator.catalog.models import Family
from generator.contract import Control, ControlMode
from tests.documents import Row

Fields = dict[str, Any]


def _control(preprocessor: str = "canny", mode: str = "balanced") -> Fields:
    control = Control(preprocessor=preprocessor, guide="guide", mode=ControlMode(mode))
    return {"controls": (control,)}


def _size(size: sizes.Size) -> Fields:
    return {"width": size.width, "height": size.height}


def _ratio(row: Row) -> Fields:
    width, height = ratios.by_goneural_name(row["name"]).size()
    return {"width": width, "height": height}


def _task_type(row: Row) -> Fields:
    inputs: Fields = {"initial_image": "picture", "mask": "mask", **_control()}
    return {name: inputs[name] for name in task_types.by_picfinder_id(int(row["id"])).inputs}


def _preprocessor(row: Row) -> Fields:
    preprocessor = preprocessors.by_picfinder_name(row["name"])
    assert Family(row["family"]) in preprocessor.families
    return _control(preprocessor.slug)


def _language(row: Row) -> Fields:
    language = languages.by_picfinder_id(int(row["id"]))
    assert language is not None
    assert language.name == row["name"]
    return {"prompt_language": language.code}


def _picfinder_model(row: Row) -> Fields:
    model = models.by_picfinder_id(int(row["id"]))
    assert model is not None
    assert model == models.by_picfinder_id(row["id"]) == models.by_name(row["name"])
    return {"model": model.slug}


def _named_model(row: Row) -> Fields:
    model = models.by_name(row["name"])
    assert model is not None
    return {"model": model.slug}


def _scheduler(row: Row) -> Fields:
    sampler = samplers.by_picfinder_id(int(row["id"]))
    assert sampler == samplers.by_picfinder_name(row["name"])
    return {"sampler": sampler.slug}


def _guidance_preset(row: Row) -> Fields:
    assert guidance_presets.by_aithriving_name(row["name"]) == row["name"]
    return {}


READINGS: dict[str, Callable[[Row], Fields]] = {
    "aithriving_clip_guidance_presets": _guidance_preset,
    "aithriving_samplers": lambda row: {"sampler": samplers.by_aithriving_name(row["name"]).slug},
    "aithriving_style_presets": lambda row: {"style": styles.by_aithriving_name(row["name"]).slug},
    "goneural_ratios": _ratio,
    "named_models": _named_model,
    "picfinder_control_modes": lambda row: _control(mode=row["name"]),
    "picfinder_languages": _language,
    "picfinder_models": _picfinder_model,
    "picfinder_preprocessor_types": lambda row: _control(
        preprocessors.by_picfinder_short_name(row["name"]).slug
    ),
    "picfinder_preprocessors": _preprocessor,
    "picfinder_schedulers": _scheduler,
    "picfinder_sizes": lambda row: _size(sizes.by_picfinder_id(int(row["id"]))),
    "picfinder_styles": lambda row: {"style": styles.by_picfinder_id(int(row["id"])).slug},
    "picfinder_task_types": _task_type,
    "stubber_qualities": lambda row: {"steps": qualities.by_stubber_name(row["name"]).steps},
    "stubber_sizes": lambda row: _size(sizes.by_stubber_name(row["name"])),
}


def landed(fields: Fields, column: str) -> str:
    """What the request says in `column` of a documented table, as text."""
    if column == "inputs":
        return ", ".join(name for name in ("initial_image", "mask", "controls") if name in fields)
    if column == "preprocessor":
        return str(fields["controls"][0].preprocessor)
    if column == "ratio":
        chosen = ratios.by_size(fields["width"], fields["height"])
        return chosen[0].slug if chosen else ""
    return str(fields[column])
