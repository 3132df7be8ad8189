"""The table of a bulk grant, as somebody typed or exported it. No database here.

Columns: e-mail or team, amount, reason, last day. A first line with their names may put them in
another order. Commas, semicolons or tabs separate them; UTF-8 or UTF-16, with or without a mark.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import grants

MOST_BYTES = 1_000_000
MOST_LINES = 5_000
MOST_REASON = 200

#: What people call the columns, in small letters -> ours.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("who", "e-mail", "email", "mail", "team", "e-mail or team", "user"), "who"),
    **dict.fromkeys(("amount", "credits"), "amount"),
    **dict.fromkeys(("reason", "why", "note"), "reason"),
    **dict.fromkeys(("expiry", "expires", "last day", "last_day", "until", "ends"), "last_day"),
}
COLUMNS = ("who", "amount", "reason", "last_day")
SEPARATORS = ",;\t"
_WHOLE = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9][0-9., ]*(?:e[+-]?[0-9]+)?", re.I)
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class Unreadable(Exception):
    """The table cannot be taken apart; `str()` says why to people."""


@dataclass(frozen=True)
class Line:
    """What one line asks for. `number` counts the lines of the file from 1."""

    number: int
    who: str
    amount: int
    reason: str
    last_day: dt.date | None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line."""

    number: int
    message: str


@dataclass
class Table:
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def decode(raw: bytes) -> str:
    """The text of a file, or `Unreadable`."""
    if len(raw) > MOST_BYTES:
        told = _("The file is larger than %d kB. Split it; each part is granted once.")
        raise Unreadable(told % (MOST_BYTES // 1000))
    utf_16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        told = _("Line %d is not UTF-8. Save the file as “CSV UTF-8” and send it again.")
        raise Unreadable(told % number) from None


def read(text: str) -> Table:
    """Take the table apart; `Unreadable` when not even that works."""
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise Unreadable(_("These are more than %d kB. Split them.") % (MOST_BYTES // 1000))
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise Unreadable(_("This is no table of text: it has zero bytes in it."))
    rows = list(_rows(text))
    order: Sequence[str] = COLUMNS
    if rows and (named := _header(rows[0][1])):
        order = named
        rows = rows[1:]
    if not rows:
        raise Unreadable(_("There is no line in it."))
    if len(rows) > MOST_LINES:
        told = _("These are %(count)d lines, and %(most)d go at once. Split them.")
        raise Unreadable(told % {"count": len(rows), "most": MOST_LINES})
    return _table(rows, order)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line; empty ones are left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begun = 1
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield begun, [cell.strip() for cell in row]
            begun = rows.line_num + 1
    except csv.Error as error:
        told = _("The row that begins in line %(number)d cannot be read: %(why)s.")
        raise Unreadable(told % {"number": begun, "why": error}) from None


def _header(row: list[str]) -> list[str] | None:
    """The order of the columns, if this row names them."""
    if sum(cell.lower() in NAMES for cell in row) < 2:
        return None
    while not row[-1]:
        row = row[:-1]
    if unknown := [cell for cell in row if cell.lower() not in NAMES]:
        raise Unreadable(_("There is no column “%s”.") % unknown[0])
    names = [NAMES[cell.lower()] for cell in row]
    if twice := [name for name in names if names.count(name) > 1]:
        raise Unreadable(_("The first line names “%s” twice.") % twice[0])
    if missing := [name for name in COLUMNS[:3] if name not in names]:
        raise Unreadable(_("The first line names no column “%s”.") % missing[0])
    return names


def _table(rows: list[tuple[int, list[str]]], order: Sequence[str]) -> Table:
    table = Table()
    for number, cells in rows:
        try:
            table.lines.append(_line(number, cells, order))
        except ValidationError as error:
            table.problems += [Problem(number, message) for message in error.messages]
    return table


def _line(number: int, cells: list[str], order: Sequence[str]) -> Line:
    """One line, or a ValidationError with everything that is wrong with it."""
    while len(cells) > len(order) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > len(order):
        told = _("It has %(count)d columns, and there are %(most)d. Put quotes around commas.")
        raise ValidationError(told % {"count": len(cells), "most": len(order)})
    named = dict.fromkeys(COLUMNS, "") | dict(zip(order, cells, strict=False))
    wrong: list[str] = []
    read = {
        "who": lambda: _who(named["who"]),
        "amount": lambda: _amount(named["amount"]),
        "reason": lambda: _reason(named["reason"]),
        "last_day": lambda: _last_day(named["last_day"]),
    }
    values = {}
    for name, reader in read.items():
        try:
            values[name] = reader()
        except ValidationError as error:
            wrong += error.messages
    if wrong:
        raise ValidationError(wrong)
    return Line(number, **values)  # type: ignore[arg-type]


def _who(text: str) -> str:
    if not text:
        raise ValidationError(_("It names nobody."))
    if _BREAKS.search(text) or len(text) > 254:
        raise ValidationError(_("“%s…” is neither an e-mail address nor a team.") % text[:20])
    return text


def _amount(text: str) -> int:
    if not text:
        raise ValidationError(_("It says no amount."))
    if not _WHOLE.fullmatch(text):
        raise ValidationError(_why_no_amount(text))
    # Longer texts are not even turned into numbers.
    if len(text.lstrip("0")) > len(str(grants.MOST)) or int(text) > grants.MOST:
        raise ValidationError(
            _("%(said)s credits are too many; %(most)d at most.")
            % {"said": text[:30], "most": grants.MOST}
        )
    if not int(text):
        raise ValidationError(_("0 credits are nothing to grant."))
    return int(text)


def _why_no_amount(text: str) -> str:
    said = text[:30]
    if text.startswith(("-", "−")) and _NUMBER.fullmatch(text.replace("−", "-")):
        return _("%s would take credits away; that is done at the wallet, one by one.") % said
    if _NUMBER.fullmatch(text):
        return _("%s is not a whole number written in digits alone.") % said
    return _("“%s” is not a number.") % said


def _reason(text: str) -> str:
    if not text:
        raise ValidationError(_("It says no reason."))
    if _BREAKS.search(text):
        raise ValidationError(_("Its reason goes over several lines; is a quote missing?"))
    if len(text) > MOST_REASON:
        raise ValidationError(_("Its reason is longer than %d characters.") % MOST_REASON)
    return text


def _last_day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        told = _("“%s” is no day; write it like 2026-12-31.")
        raise ValidationError(told % text[:30]) from None
    try:
        grants.check_last_day(day)
    except ValidationError as error:
        raise ValidationError(f"{day}: {error.messages[0]}") from None
    return day
