"""A log line tells what happened and not to whom."""

import logging

import pytest

from cms.logs import Discreet


def written(message: str, error: BaseException | None = None) -> str:
    trouble = (type(error), error, None) if error else None
    record = logging.LogRecord("site", logging.ERROR, "views.py", 1, message, None, trouble)
    return Discreet("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("no mail to ana.b+news@mail.example.org today", "no mail to [e-mail] today"),
        ("refused 203.0.113.7 twice", "refused [address] twice"),
        ("refused 2001:db8::7 twice", "refused [address] twice"),
        ("Gone: /mail/confirm/12~1vTzUL~OHhcB2ZkVvY3Gk8w5n4/", "Gone: /mail/confirm/[token]/"),
        ("Gone: /consent/receipt/01a203f1-3fb8-74ae-9276-c9d516a50751.json", "Gone: /consent/receipt/[token].json"),
        ("GET /my-data/12~1vTzUL~OHhcB2ZkVvY3Gk8w5n4?a=b", "GET /my-data/[token]?a=b"),
    ],
)
def test_what_points_at_a_person_is_taken_out(message: str, line: str) -> None:
    assert written(message) == f"ERROR {line}"


@pytest.mark.parametrize(
    "message",
    [
        "Not Found: /services/containers-from-door-to-quay/",
        "version 8.0.1 of Wagtail, 5.2.19 of Django",
        "since 2026-11-22 15:47:45,641",
        "Missing /static/cms/site.0123456789ab.css",
        'File "/venv/lib/python3.13/site-packages/django_permissionedforms/forms.py", line 20',
    ],
)
def test_everything_else_stays(message: str) -> None:
    assert written(message) == f"ERROR {message}"


def test_a_row_that_the_database_quotes_is_taken_out_of_the_traceback() -> None:
    error = ValueError('null value in "message"\nDETAIL:  Failing row contains (7, Ana Stern, +44 20 7946 0018).')
    line = written("a form failed", error)
    assert 'null value in "message"' in line
    assert "DETAIL: […]" in line
    assert "Ana" not in line
