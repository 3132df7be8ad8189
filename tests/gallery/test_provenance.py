"""What files say about themselves: the recipe in originals, the mark in every one."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from gallery import contact_sheet, imaging, provenance
from gallery.provenance import NEWSCODES, DigitalSourceType
from tests import services
from tests.factories import keep, make_picture, make_pixels

FORMATS = ("png", "webp", "jpeg")
RECIPE = {"request": {"prompt": 'a "fox" & <owl>', "seed": 2**64 - 1}, "label": "Sketch"}
PARAMETERS = 'a "fox" & <owl>\nNegative prompt: fog\nSteps: 12, Seed: 7'
#: What a prompt may hold: everything but controls and lone surrogates.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from('\n\t"'))


def original(output_format: str, parameters: str, recipe: dict[str, Any]) -> bytes:
    extras = provenance.original_extras(
        output_format,
        parameters=parameters,
        recipe=recipe,
        digital_source_type=DigitalSourceType.TRAINED,
    )
    return imaging.encode(make_pixels(), output_format, extras)


def read(data: bytes) -> provenance.Provenance:
    with Image.open(io.BytesIO(data)) as image:
        return provenance.read(image)


@pytest.mark.parametrize("output_format", FORMATS)
@settings(max_examples=30, deadline=None)
@given(prompt=texts, note=texts)
def test_whatever_was_written_is_read_back(output_format: str, prompt: str, note: str) -> None:
    recipe = {"request": {"prompt": prompt}, "note": note}
    found = read(original(output_format, prompt, recipe))
    assert found == provenance.Provenance(prompt, recipe, DigitalSourceType.TRAINED)


def test_the_longest_recipe_of_a_jpeg_never_costs_it_the_mark() -> None:
    found = read(original("jpeg", "x" * 8000, {"prompt": '"' * 40_000}))
    assert found.digital_source_type == DigitalSourceType.TRAINED
    assert found.recipe == {}


def test_a_variant_carries_the_mark_and_no_recipe() -> None:
    extras = provenance.variant_extras(DigitalSourceType.ALGORITHMIC)
    for copy in imaging.encode_variants(make_pixels(), extras):
        assert read(copy.data) == provenance.Provenance("", {}, DigitalSourceType.ALGORITHMIC)


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_picture_that_says_nothing_reads_as_nothing(output_format: str) -> None:
    assert read(imaging.encode(make_pixels(), output_format, {})) == provenance.Provenance()


def test_a_recipe_that_is_no_object_is_ignored() -> None:
    chunks = provenance.PngImagePlugin.PngInfo()
    for text in ("[1]", "{", "7"):
        chunks.add_itxt("limner", text)
        assert read(imaging.encode(make_pixels(), "png", {"pnginfo": chunks})).recipe == {}


@pytest.fixture
def exiftool() -> str:
    return shutil.which("exiftool") or services.missing("exiftool", "libimage-exiftool-perl")


def tags_of(exiftool: str, path: Path) -> dict[str, Any]:
    output = subprocess.run([exiftool, "-j", "-G1", str(path)], capture_output=True, check=True)
    return dict(json.loads(output.stdout)[0])


@pytest.mark.parametrize("output_format", FORMATS)
def test_exiftool_reads_the_mark_and_the_parameters(
    exiftool: str, tmp_path: Path, output_format: str
) -> None:
    path = tmp_path / f"picture.{output_format}"
    path.write_bytes(original(output_format, PARAMETERS, RECIPE))
    tags = tags_of(exiftool, path)
    assert tags["XMP-iptcExt:DigitalSourceType"] == NEWSCODES + "trainedAlgorithmicMedia"
    assert PARAMETERS in (tags.get("PNG:Parameters"), tags.get("ExifIFD:UserComment"))


def test_exiftool_reads_the_mark_in_every_variant(exiftool: str, tmp_path: Path) -> None:
    extras = provenance.variant_extras(DigitalSourceType.TRAINED)
    for copy in imaging.encode_variants(make_pixels(700, 500), extras):
        path = tmp_path / f"{copy.width}.webp"
        path.write_bytes(copy.data)
        mark = tags_of(exiftool, path)["XMP-iptcExt:DigitalSourceType"]
        assert mark == NEWSCODES + "trainedAlgorithmicMedia"


def test_exiftool_reads_the_mark_of_a_contact_sheet(
    exiftool: str, tmp_path: Path, alice: User
) -> None:
    shown = [keep(make_picture(alice))]
    for kind, tag in (("png", "XMP-iptcExt:DigitalSourceType"), ("pdf", "PDF:Keywords")):
        path = tmp_path / f"sheet.{kind}"
        path.write_bytes(contact_sheet.draw(shown, "Foxes", kind))
        assert tags_of(exiftool, path)[tag] == NEWSCODES + "composite"
