"""What exiftool, which is not ours, reads in files."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import services

#: Where the IPTC digital source type stands in pictures, and in a PDF.
PLACES = ("XMP-iptcExt:DigitalSourceType", "PDF:Keywords")


def tags(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """All tags of each file, by the name it was given; any name will do."""
    program = shutil.which("exiftool") or services.missing("exiftool", "libimage-exiftool-perl")
    with tempfile.TemporaryDirectory() as folder:
        paths = {str(number): name for number, name in enumerate(files)}
        for path, name in paths.items():
            (Path(folder) / path).write_bytes(files[name])
        command = [program, "-j", "-G1", *(str(Path(folder) / path) for path in paths)]
        output = subprocess.run(command, capture_output=True, check=True).stdout
    return {paths[Path(each["SourceFile"]).name]: each for each in json.loads(output)}


def marks(files: Mapping[str, bytes]) -> dict[str, str]:
    """The digital source type of each, its last word alone; "" where there is none."""
    found = {}
    for name, told in tags(files).items():
        said = next((str(told[place]) for place in PLACES if place in told), "")
        found[name] = said.rpartition("/")[2]
    return found
