"""A zip that is written while it is read, whatever its size."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.archive import PIECE, Stream, as_json, zipped

ENTRIES = st.lists(
    st.tuples(st.text("abc/", min_size=1, max_size=8), st.lists(st.binary(max_size=400))),
    max_size=8,
    unique_by=lambda entry: entry[0],
)


def read(whole: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(whole))


def pictures(number: int, size: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """So many files of `size` bytes each, made as they are read."""
    block = b"x" * 65536
    for n in range(number):
        yield f"pictures/{n}.png", (block for _ in range(size // len(block)))


@given(ENTRIES)
def test_what_goes_in_comes_out(entries: list[tuple[str, list[bytes]]]) -> None:
    archive = read(b"".join(zipped(entries)))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        name: b"".join(chunks) for name, chunks in entries
    }


@given(st.lists(st.binary(max_size=50)), st.integers(1, 60))
def test_a_storage_reads_the_stream_in_pieces_of_its_own(pieces: list[bytes], size: int) -> None:
    stream = Stream(iter(pieces))
    found = list(stream.chunks(size))
    assert b"".join(found) == b"".join(pieces)
    assert all(len(piece) == size for piece in found[:-1])
    assert stream.passed == sum(map(len, pieces))


@pytest.mark.parametrize("number", [10, 10_000])
def test_no_piece_grows_with_the_number_of_pictures(number: int) -> None:
    assert max(map(len, zipped(pictures(number, 65536)))) < PIECE + 2 * 65536


@pytest.mark.parametrize(("few", "many", "size"), [(4, 64, 2**22), (10, 10_000, 65536)])
def test_neither_size_nor_number_takes_memory(few: int, many: int, size: int) -> None:
    for _piece in zipped(pictures(1, size)):
        pass  # whatever is made once
    assert peak(many, size) < peak(few, size) + 2**19


def peak(number: int, size: int) -> int:
    """The most bytes that were held at once while so many files were zipped."""
    tracemalloc.start()
    for _piece in zipped(pictures(number, size)):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs unzip")
def test_other_programs_read_it(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    entries = [("README.txt", [b"hello"]), ("ü/a.png", [b"x" * 100_000]), ("empty.json", [])]
    file.write_bytes(b"".join(zipped(entries)))
    tested = subprocess.run(["unzip", "-t", file], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_become_a_json_list(count: int) -> None:
    rows = [{"n": n, "words": 'ä"\n'} for n in range(count)]
    assert json.loads(b"".join(as_json(rows))) == rows
