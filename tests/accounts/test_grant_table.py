"""The table of a bulk grant: what is understood, and what is said of the rest."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import grant_table
from accounts.grant_table import Line, Table, Unreadable, decode, read

TOMORROW = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.number, problem.message) for problem in read(text).problems]


@pytest.mark.parametrize(
    "text",
    [
        f"ada@example.org,500,thanks,{TOMORROW}",
        f"ada@example.org;500;thanks;{TOMORROW}",
        f"ada@example.org\t500\tthanks\t{TOMORROW}",
        f'"ada@example.org", 500 ,"thanks",{TOMORROW}\r\n\r\n',
        f"\ufeffada@example.org,500,thanks,{TOMORROW},,\n",
    ],
)
def test_a_line_is_read_whatever_separates_its_cells(text: str) -> None:
    line = Line(1, "ada@example.org", 500, "thanks", TOMORROW)
    assert read(text) == Table([line], [])


def test_a_first_line_with_names_puts_the_columns_into_its_order() -> None:
    table = read("Credits;E-mail or team;Why\n500;Studio North;thanks")
    assert table.lines == [Line(2, "Studio North", 500, "thanks", None)]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("email,amount,colour", "There is no column “colour”."),
        ("email,amount,amount,reason", "The first line names “amount” twice."),
        ("email,reason", "The first line names no column “amount”."),
    ],
)
def test_a_first_line_that_names_them_wrongly_is_told(header: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(f"{header}\nada@example.org,1,x")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "It says no amount."),
        ("0", "0 credits are nothing to grant."),
        ("-5", "-5 would take credits away; that is done at the wallet, one by one."),
        ("−5", "−5 would take credits away; that is done at the wallet, one by one."),
        ("1.5", "1.5 is not a whole number written in digits alone."),
        ("1 000", "1 000 is not a whole number written in digits alone."),
        ("1e3", "1e3 is not a whole number written in digits alone."),
        ("NaN", "“NaN” is not a number."),
        ("inf", "“inf” is not a number."),
        ("=1+1", "“=1+1” is not a number."),
        ("٣", "“٣” is not a number."),
        ("1000000001", "1000000001 credits are too many; 1000000000 at most."),
        ("9" * 5000, f"{'9' * 30} credits are too many; 1000000000 at most."),
    ],
)
def test_an_amount_that_is_none_is_told_with_its_line(amount: str, said: str) -> None:
    assert told(f"bob@example.org,7,fine\nada@example.org,{amount},x") == [(2, said)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",5,x", "It names nobody."),
        ("ada@example.org,5", "It says no reason."),
        ("ada@example.org,5,x,soon", "“soon” is no day; write it like 2026-12-31."),
        ("ada@example.org,5,x,2020-01-01", "2020-01-01: This day has passed."),
        (
            "ada@example.org,5,x,9999-12-31",
            "9999-12-31: That is more than ten years from now; leave it empty instead.",
        ),
        (
            "ada@example.org,5,Thanks, Ada,2030-01-01,more",
            "It has 6 columns, and there are 4. Put quotes around commas.",
        ),
        (f"ada@example.org,5,{'x' * 201}", "Its reason is longer than 200 characters."),
        ('ada@example.org,5,"a\nb"', "Its reason goes over several lines; is a quote missing?"),
    ],
)
def test_each_other_cell_is_told_as_well(line: str, said: str) -> None:
    assert told(line) == [(1, said)]


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    assert [said for _number, said in told(",x,,soon")] == [
        "It names nobody.",
        "“x” is not a number.",
        "It says no reason.",
        "“soon” is no day; write it like 2026-12-31.",
    ]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'a@example.org,1,"over\ntwo lines"\n\nb@example.org,0,x\n'
    assert [number for number, _said in told(text)] == [1, 4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no line in it."),
        ("\n \n,,\n", "There is no line in it."),
        ("email,amount,reason\n", "There is no line in it."),
        ('ada@example.org,5,x\nbob@example.org,5,"x', "begins in line 2 cannot be read"),
        ("a\x00b,5,x", "zero bytes"),
        ("a@example.org,1,x\n" * (grant_table.MOST_LINES + 1), "5001 lines, and 5000 go at once"),
        ("é" * 600_000, "more than 1000 kB"),
    ],
)
def test_what_is_no_table_is_told(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_be_any_utf(encoding: str) -> None:
    assert decode("Zoë".encode(encoding)) == "Zoë"


def test_a_file_in_another_encoding_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable, match="Line 2 is not UTF-8"):
        decode("a,b\nZoë,c".encode("latin-1"))


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable, match="larger than 1000 kB"):
        decode(b"x" * 1_000_001)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_either_read_or_told(text: str) -> None:
    try:
        table = read(text)
    except Unreadable:
        return
    assert table.lines or table.problems
