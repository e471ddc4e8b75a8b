"""What may a log line say about a person? Nothing: addresses, tokens and rows are taken out as it is written."""

import logging
import re

_PERSONAL = (
    # PostgreSQL repeats the whole offending row, or its key.
    (re.compile(r"DETAIL:.*"), "DETAIL: […]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"), "[address]"),
    (re.compile(r"(?<![\w:])[0-9a-f]{1,4}:(?:[0-9a-f]{0,4}:){2,6}[0-9a-f]{0,4}(?![\w:])"), "[address]"),
    # A long path segment with a digit and no dot is a token or a number that points at somebody, never a page.
    (re.compile(r"(?<=/)(?=[^/\s]*\d)[\w~:=-]{20,}(?=(?:\.json)?(?:[/?\s'\"]|$))"), "[token]"),
)


class Discreet(logging.Formatter):
    """The last thing a line passes: message, traceback and all."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for pattern, instead in _PERSONAL:
            line = pattern.sub(instead, line)
        return line
