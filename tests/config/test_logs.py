"""A log record is one line of JSON, whatever a user wrote into it."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.logs import LineFormatter


def line_of(message: str, *args: object, **extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "limner.test", "levelname": "INFO", "msg": message, "args": args, **extra}
    )
    return LineFormatter().format(record)


@given(st.text())
def test_no_text_can_forge_a_second_line_or_move_the_cursor(text: str) -> None:
    line = line_of("prompt: %s", text)
    assert all(" " <= character <= "~" for character in line)
    assert json.loads(line)["message"] == f"prompt: {text}"


def test_a_forged_error_stays_inside_its_line() -> None:
    assert line_of("bad \r\nERROR \x1b[31mall is lost").count("\n") == 0


def test_what_was_given_as_extra_has_a_field_of_its_own() -> None:
    found = json.loads(line_of("charged", generation=42, cost="3"))
    assert (found["level"], found["logger"]) == ("INFO", "limner.test")
    assert (found["generation"], found["cost"]) == (42, "3")


def test_a_traceback_is_part_of_the_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = line_of("failed", exc_info=sys.exc_info())
    assert "\n" not in line
    assert "ValueError: two\nlines" in json.loads(line)["error"]


@pytest.mark.parametrize("value", [object(), {1, 2}, b"\x00"])
def test_a_value_that_json_does_not_know_is_written_as_text(value: object) -> None:
    assert json.loads(line_of("odd", value=value))["value"] == str(value)


@pytest.mark.parametrize(
    "path",
    [
        "/teams/invitation/{}/",
        "/accounts/invitation/{}",
        "/accounts/password/reset/key/1-{}/",
        "/accounts/email/{}/",
    ],
)
def test_what_opens_a_door_is_not_written_down(path: str) -> None:
    line = line_of("Forbidden: %s", path.format("Sec-ret_1:x"), status_code=403)
    assert "Sec-ret" not in line
    assert json.loads(line)["status_code"] == 403
