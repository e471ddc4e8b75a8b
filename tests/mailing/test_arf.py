"""What a mailbox provider tells about a reader who pressed a button there (RFC 5965)."""

import pytest

from mailing.returns import Nothing, Report, parse
from mailing.returns.shapes import Kind
from tests.mailing import returned


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("arf-abuse", Kind.COMPLAINT),
        ("arf-yahoo-like", Kind.COMPLAINT),  # the address is taken out
        ("jmrp-like", Kind.COMPLAINT),  # the message alone
        ("arf-fraud", Kind.COMPLAINT),
        ("arf-opt-out", Kind.LEFT),
    ],
)
def test_a_report_says_which_row_and_what_its_reader_wants(name: str, kind: Kind) -> None:
    found = returned.read(name, 7)
    assert isinstance(found, Report)
    assert (found.delivery, found.kind, found.status) == (7, kind, "")


@pytest.mark.parametrize("name", ["arf-not-spam", "arf-virus"])
def test_what_is_no_wish_of_a_reader_is_nothing(name: str) -> None:
    assert returned.read(name) is Nothing.IGNORED


def test_a_complaint_about_a_mail_that_is_not_ours_is_for_people() -> None:
    raw = returned.sample("arf-yahoo-like", 7).replace(b"Message-ID: <", b"Message-ID: <x")
    assert parse.read(raw) is Nothing.UNRECOGNISED


def test_an_unknown_kind_of_report_is_for_people() -> None:
    raw = returned.sample("arf-abuse", 7).replace(b"Feedback-Type: abuse", b"Feedback-Type: applause")
    assert parse.read(raw) is Nothing.UNRECOGNISED
