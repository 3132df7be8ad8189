"""Tables for spreadsheets: streamed, and safe against cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

#: What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), with the wide
#: forms that some spreadsheets read alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Without it Excel takes UTF-8 for something else.
BYTE_ORDER_MARK = "\ufeff"
#: Lines that are sent together.
CHUNK = 500


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, line: str) -> str:
        return line


def cell(value: Any) -> str | int | float:
    """`value` as a spreadsheet may show it: numbers as they are, text never as a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return value
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        case dict() | list():
            text = json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            text = str(value)
    # A blank before it does not keep a spreadsheet from running it.
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table as CSV, some hundred lines at a time; every cell goes through `cell`."""
    write = csv.writer(_Echo()).writerow
    chunk = [BYTE_ORDER_MARK + write([cell(each) for each in header])]
    for row in rows:
        chunk.append(write([cell(each) for each in row]))
        if len(chunk) >= CHUNK:
            yield "".join(chunk)
            chunk = []
    yield "".join(chunk)


def download(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """An answer that saves the table as `<name>.csv`; `rows` may be an iterator of any length."""
    return StreamingHttpResponse(
        lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )
