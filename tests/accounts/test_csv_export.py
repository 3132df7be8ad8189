"""Tables for spreadsheets: what is in them is shown and never run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import csv_export


def table(*rows: list[Any]) -> list[list[str]]:
    text = "".join(csv_export.lines(["what"], rows))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝"])
def test_text_that_begins_like_a_formula_is_quoted(start: str) -> None:
    assert table([f"{start}HYPERLINK(0)"]) == [[f"'{start}HYPERLINK(0)"]]


@given(st.text())
def test_no_text_at_all_begins_like_a_formula(text: str) -> None:
    assert not str(csv_export.cell(text)).lstrip(" ").startswith(csv_export.FORMULA_STARTS)


@pytest.mark.parametrize("name", ["=1+1", "plain"])
def test_a_header_is_a_cell_too(name: str) -> None:
    assert "".join(csv_export.lines([name], [])).count("'=") == name.count("=")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-30, "-30"),
        (None, ""),
        (True, "yes"),
        (dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC), "2026-11-20 09:30:00"),
        ({"balance": 7}, '{"balance": 7}'),
        ({}, ""),
        ('say "hi", twice\nor more', 'say "hi", twice\nor more'),
    ],
)
def test_what_is_no_formula_stays_what_it_is(value: Any, shown: str) -> None:
    assert table([value]) == [[shown]]


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(csv_export.lines(["n"], ([n] for n in range(3 * csv_export.CHUNK))))
    assert len(pieces) == 4
    assert "".join(pieces).count("\r\n") == 3 * csv_export.CHUNK + 1
