"""Every value that the five documents list is accepted and lands where it should."""

import pytest

from generator.catalog import (
    guidance_presets,
    languages,
    models,
    preprocessors,
    qualities,
    samplers,
    sizes,
    styles,
    task_types,
)
from generator.contract import ControlMode, ImageRequest
from tests.documents import Row, table, table_names
from tests.generator.catalog.readings import READINGS, landed

DOCUMENTED = {"id", "name", "label", "family", "service"}
ROWS = [
    pytest.param(name, row, id=f"{name}-{n}")
    for name in READINGS
    for n, row in enumerate(table(name))
]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_documented_value_lands_on_its_canonical_one(name: str, row: Row) -> None:
    fields = READINGS[name](row)
    expected = {column: value for column, value in row.items() if column not in DOCUMENTED}
    assert {column: landed(fields, column) for column in expected} == expected


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_documented_value_makes_a_valid_request(name: str, row: Row) -> None:
    request = ImageRequest(prompt="A lighthouse on a cliff", **READINGS[name](row))
    assert ImageRequest.from_json(request.to_json()) == request


def test_every_documented_table_is_walked() -> None:
    elsewhere = {"limits", "request_fields", "answer_fields"}
    assert {*READINGS, *elsewhere} == set(table_names())


KNOWN = {
    "aithriving_clip_guidance_presets": set(guidance_presets.GUIDANCE_PRESETS),
    "aithriving_samplers": {s.aithriving_name for s in samplers.ALL} - {""},
    "aithriving_style_presets": {style.slug for style in styles.STYLES} - {"none"},
    "picfinder_control_modes": {str(mode) for mode in ControlMode},
    "picfinder_languages": {str(language.picfinder_id) for language in languages.PICFINDER},
    "picfinder_models": {str(m.picfinder_id) for m in models.MODELS if m.picfinder_id},
    "picfinder_preprocessors": {p.slug for p in preprocessors.PREPROCESSORS},
    "picfinder_preprocessor_types": {
        name for p in preprocessors.PREPROCESSORS for name in p.short_names
    },
    "picfinder_schedulers": {str(s.picfinder_id) for s in samplers.ALL if s.picfinder_id},
    "picfinder_sizes": {str(number) for number in sizes.PICFINDER},
    "picfinder_styles": {str(s.picfinder_id) for s in styles.STYLES if s.picfinder_id},
    "picfinder_task_types": {str(t.picfinder_id) for t in task_types.TASK_TYPES},
    "stubber_qualities": set(qualities.STUBBER),
    "stubber_sizes": set(sizes.STUBBER),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_catalog_claims_no_value_that_a_document_lacks(name: str) -> None:
    column = "id" if "id" in table(name)[0] else "name"
    assert {row[column] for row in table(name)} == KNOWN[name]


@pytest.mark.parametrize("name", KNOWN)
def test_no_document_lists_a_value_twice(name: str) -> None:
    rows = [tuple(row.items()) for row in table(name)]
    assert len(rows) == len(set(rows))


def test_one_look_has_one_name_in_both_services_that_list_styles() -> None:
    by_id = {row["style"] for row in table("picfinder_styles")} - {"none"}
    by_name = {row["style"] for row in table("aithriving_style_presets")}
    assert by_id < by_name


def test_preprocessors_offered_for_sdxl_are_those_documented() -> None:
    rows = table("picfinder_preprocessors")
    documented = {row["name"] for row in rows if row["family"] == "sdxl"}
    offered = {p.slug for p in preprocessors.PREPROCESSORS if models.Family.SDXL in p.families}
    assert offered == documented


def test_sizes_recommended_for_sdxl_are_those_labelled_so() -> None:
    rows = table("picfinder_sizes")
    assert {int(row["id"]) for row in rows if "SDXL" in row["label"]} == sizes.PICFINDER_FOR_SDXL
