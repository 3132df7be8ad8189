"""Log records as lines of JSON, so that no user's text can forge a line or move the cursor."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

#: What every record carries; anything beyond it came by `extra=` and is worth a field.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
_UNSERIALISABLE = frozenset({"request", "taskName", "data"})
#: What opens a door for whoever reads it: the tokens of invitations and of new passwords.
_TOKEN = re.compile(r"(/invitation/|/reset/key/|/accounts/email/)[\w:.=-]+", re.ASCII)


class LineFormatter(logging.Formatter):
    """One record, one line: time (UTC), level, logger, message, error, and what `extra` gave.

    Without the tokens that stand in some addresses.

    `ensure_ascii` escapes control characters, line separators and lone surrogates alike.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of ASCII JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in record.__dict__.items():
            if name not in _STANDARD and name not in _UNSERIALISABLE:
                line[name] = value
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        told = json.dumps(line, default=str, ensure_ascii=True).replace("\x7f", "\\u007f")
        return _TOKEN.sub(r"\1...", told)
