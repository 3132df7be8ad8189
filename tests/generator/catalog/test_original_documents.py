"""Our copies in tests/documents hold exactly what the original pages state.

The pages are other people's text and not part of this repository. Whoever has
them names their folder in ORIGINAL_PAGES; without it nothing here is collected
(conftest.py), and the copies are the proof, in test_documented_values.py.
"""

import os
import re
from pathlib import Path

import pytest

from generator.catalog import limits
from tests.documents import Row, table

FOLDER = Path(os.environ["ORIGINAL_PAGES"])


def _page(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def _section(start: str, end: str) -> str:
    """The part of PicFinder's page between two of its headings."""
    after = _page("picfinder-text-to-image").partition(f"\n{start}\n\n")[2]
    assert after, f"no heading {start}"
    return after.partition(f"\n{end}\n")[0]


def _columns(rows: list[Row], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def _repaired(name: str) -> str:
    """The page's "Bokmål" was once read as Thai; plain names stay as they are."""
    return name if name.isascii() else name.encode("cp874").decode("utf-8")


def test_picfinder_sizes() -> None:
    pattern = r"^(\d+) //(.+)\n\n'width' => (\d+),\n'height' => (\d+)"
    found = re.findall(pattern, _section("Image sizes", "Task types"), re.MULTILINE)
    assert _columns(table("picfinder_sizes"), "id", "label", "width", "height") == found


def test_picfinder_task_types() -> None:
    found = re.findall(r"^(\d+)\s+(\S.*)$", _section("Task types", "Model IDs"), re.MULTILINE)
    assert _columns(table("picfinder_task_types"), "id", "name") == found


def test_picfinder_models() -> None:
    found = re.findall(r"^(\d+) => (.+)$", _section("Model IDs", "Language IDs"), re.MULTILINE)
    assert _columns(table("picfinder_models"), "id", "name") == found


def test_picfinder_languages() -> None:
    section = _section("Language IDs", "ControlNet PreProcessors")
    found = re.findall(r"^(\d+)\s+(\S.*)$", section, re.MULTILINE)
    stated = [(number, _repaired(name)) for number, name in found]
    assert _columns(table("picfinder_languages"), "id", "name") == stated


def test_picfinder_preprocessors() -> None:
    section = _section("ControlNet PreProcessors", "Scheduler IDs")
    for_sd, for_sdxl = section.partition("\nSD 1.5\n")[2].split("\nSDXL\n")
    stated = [("sd-1.5", name) for name in for_sd.split()]
    stated += [("sdxl", name) for name in for_sdxl.split()]
    assert _columns(table("picfinder_preprocessors"), "family", "name") == stated


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("picfinder_schedulers", "Scheduler IDs", "Style ID"),
        ("picfinder_styles", "Style ID", "Results format"),
    ],
)
def test_picfinder_schedulers_and_styles(name: str, start: str, end: str) -> None:
    found = re.findall(r'^(\d+) => "(.+)"', _section(start, end), re.MULTILINE)
    assert _columns(table(name), "id", "name") == found


def test_picfinder_control_modes() -> None:
    found = re.search(r"controlMode has 3 options: (.+)", _page("picfinder-text-to-image"))
    assert found
    assert [row["name"] for row in table("picfinder_control_modes")] == found[1].split(", ")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("aithriving_style_presets", "style_preset"),
        ("aithriving_samplers", "sampler"),
        ("aithriving_clip_guidance_presets", "clip_guidance_preset"),
    ],
)
def test_aithriving_names(name: str, field: str) -> None:
    page = _page("aithriving-basic-text-to-image")
    found = re.search(rf"^{field}stringNo\n\nEnum: (.+)$", page, re.MULTILINE)
    assert found
    assert [row["name"] for row in table(name)] == found[1].split()


@pytest.mark.parametrize(
    ("name", "field"), [("stubber_sizes", "size"), ("stubber_qualities", "quality")]
)
def test_stubber_names(name: str, field: str) -> None:
    page = _page("stubber-generate-image")
    found = re.search(rf"^{field}\noptional\nstring\n\n.+\n\nOne Of: (.+)$", page, re.MULTILINE)
    assert found
    assert [row["name"] for row in table(name)] == found[1].split(" | ")


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("goneural-text-to-image", "between {GONEURAL_PROMPT.low} and {GONEURAL_PROMPT.high} char"),
        ("goneural-text-to-image", "{GONEURAL_NEGATIVE_PROMPT.high} characters or less"),
        ("goneural-text-to-image", '"ratio": "1:1 square 1024x1024"'),
        (
            "picfinder-text-to-image",
            "from {PICFINDER_SEED.low} to {PICFINDER_SEED.high:,}.",
        ),
        (
            "picfinder-text-to-image",
            "between {PICFINDER_GUIDANCE.low} and {PICFINDER_GUIDANCE.high}.",
        ),
        ("picfinder-text-to-image", "Default is {PICFINDER_GUIDANCE.default}."),
        ("picfinder-text-to-image", "Default is {PICFINDER_STEPS.default}."),
        (
            "picfinder-text-to-image",
            "from {PICFINDER_CLIP_SKIP.low} to {PICFINDER_CLIP_SKIP.high}.",
        ),
        (
            "picfinder-text-to-image",
            "from {PICFINDER_LORA_WEIGHT.low} to {PICFINDER_LORA_WEIGHT.high}.",
        ),
        (
            "picfinder-text-to-image",
            "between {PICFINDER_CONTROL_WEIGHT.low} and {PICFINDER_CONTROL_WEIGHT.high} and",
        ),
        (
            "picfinder-text-to-image",
            "from {PICFINDER_CONTROL_FRACTION.low} to {PICFINDER_CONTROL_FRACTION.high}.",
        ),
        (
            "aithriving-basic-text-to-image",
            "between {AITHRIVING_SIDE.low} and {AITHRIVING_SIDE.high} pixels,"
            " in an increment divisible by {AITHRIVING_SIDE.step}.",
        ),
        (
            "aithriving-basic-text-to-image",
            "[{AITHRIVING_GUIDANCE.low},{AITHRIVING_GUIDANCE.high}]"
            "\n\nDefault: {AITHRIVING_GUIDANCE.default}\n",
        ),
        (
            "aithriving-basic-text-to-image",
            "[{AITHRIVING_STEPS.low}, {AITHRIVING_STEPS.high}]"
            "\n\nDefault: {AITHRIVING_STEPS.default}\n",
        ),
        ("aithriving-basic-text-to-image", "Generate images using SD1.6"),
        (
            "modelslab-enterprise-flux-text2img",
            "{MODELSLAB_SIDE.high}x{MODELSLAB_SIDE.high}.",
        ),
        (
            "modelslab-enterprise-flux-text2img",
            "The maximum value is {MODELSLAB_SAMPLES.high}.",
        ),
        (
            "modelslab-enterprise-flux-text2img",
            '"num_inference_steps": {MODELSLAB_STEPS.default},',
        ),
        (
            "modelslab-enterprise-flux-text2img",
            '"guidance_scale": {MODELSLAB_GUIDANCE.default},',
        ),
        ("modelslab-enterprise-flux-text2img", '"model_id": "flux"'),
        ("stubber-generate-image", "Default: dall-e-3"),
    ],
)
def test_a_page_states_the_limits_we_recorded(page: str, sentence: str) -> None:
    assert sentence.format_map(vars(limits)) in _page(page)


PAGES = {
    "goneural": "goneural-text-to-image",
    "picfinder": "picfinder-text-to-image",
    "stubber": "stubber-generate-image",
    "aithriving": "aithriving-basic-text-to-image",
    "modelslab": "modelslab-enterprise-flux-text2img",
}
#: Where each page lists its request's fields: what the names stand between.
LISTED = {
    "goneural": r"Name\n    (\w+)\n",
    "picfinder": r"^(\w+)\n\n(?:UUIDV4 string|string|integer|float|boolean|bool|array)\n",
    "stubber": r"^(\w+)\n(?:required|optional)\nstring\n",
    "aithriving": r"^([a-z_]+?)(?:string|int|init)(?:Yes|No)$",
    "modelslab": r"^(instant_response(?=queue)|[a-z_0-9]+?(?=[A-Z][a-z]|A ))",
}


def _listed(service: str, start: str, end: str) -> list[str]:
    section = _page(PAGES[service]).partition(start)[2].partition(end)[0]
    assert section, f"no section {start}"
    return re.findall(LISTED[service], section, re.MULTILINE)


@pytest.mark.parametrize(
    ("service", "start", "end"),
    [
        ("goneural", "Required parameters", "Request\n"),
        ("picfinder", "Request components", "Image sizes"),
        ("stubber", "Parameters\n", "Result\n"),
        ("aithriving", "Request Body", "Response Body"),
        ("modelslab", "ParameterDescription\n", "Example\n"),
    ],
)
def test_every_field_of_a_page_is_in_our_table_and_no_other(
    service: str, start: str, end: str
) -> None:
    ours = [row["name"] for row in table("request_fields") if row["service"] == service]
    assert _listed(service, start, end) == [name for name in ours if "." not in name]


@pytest.mark.parametrize("row", table("answer_fields"), ids=lambda row: row["name"])
def test_every_answer_field_is_named_on_its_page(row: Row) -> None:
    name = row["name"].rpartition(".")[2]
    assert name.isdigit() or re.search(rf"\b{name}\b", _page(PAGES[row["service"]]))
