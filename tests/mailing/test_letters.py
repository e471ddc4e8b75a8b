"""An answer to one person goes through the same queue, needs no consent to promotions, and rather comes twice."""

import pytest
import time_machine

from mailing import deliver, letters, suppression
from mailing.models import Delivery, Suppression
from records.registry import Purpose
from tests import make
from tests.mailing.conftest import PostOffice

State = Delivery.State


def write(**fields: str) -> Delivery:
    values = {"email": make.CLEO, "subject": "Your question", "text": "The quay opens at six.", "locale": "en"}
    letter = letters.write(**values | fields, now=make.NOW)  # type: ignore[arg-type]
    return Delivery.objects.get(letter=letter)


@pytest.fixture(autouse=True)
def _site(db: None, clock: time_machine.Traveller) -> None:
    make.policy(make.site())


def test_it_leaves_without_any_subscription(post_office: PostOffice) -> None:
    row = write()
    assert list(deliver.unfinished(now=make.NOW)) == [("letters", 0)]
    assert deliver.send(None) == 1
    row.refresh_from_db()
    assert (row.state, row.decision, row.purpose) == (State.SENT, None, Purpose.COMMUNICATION)
    letter = post_office.letter(make.CLEO)
    assert letter["Subject"] == "Your question"
    assert "The quay opens at six." in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert letter["List-Unsubscribe"] is None


def test_it_stands_in_the_thread_of_what_it_answers(post_office: PostOffice) -> None:
    write(in_reply_to="<q1@mail.example>", reply_to="desk@quay.example")
    deliver.send(None)
    letter = post_office.letter(make.CLEO)
    assert (letter["In-Reply-To"], letter["References"], letter["Reply-To"]) == (
        "<q1@mail.example>",
        "<q1@mail.example>",
        "desk@quay.example",
    )


def test_it_is_repeated_where_nobody_knows_whether_it_arrived(
    post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    row = write()
    post_office.hang_up_on = {make.CLEO}
    deliver.send(None)
    row.refresh_from_db()
    assert row.state == State.PENDING
    post_office.hang_up_on = set()
    clock.shift(180)
    deliver.send(None)
    assert post_office.addresses == [make.CLEO]


def test_who_objected_to_promotions_is_answered_and_a_dead_address_is_not(post_office: PostOffice) -> None:
    Reason, Scope = Suppression.Reason, Suppression.Scope
    suppression.suppress([make.CLEO], scope=Scope.LISTS, reason=Reason.OBJECTION, now=make.NOW)
    suppression.suppress([make.BEN], scope=Scope.ALL, reason=Reason.HARD_BOUNCE, now=make.NOW)
    write()
    dead = write(email=make.BEN)
    deliver.send(None)
    dead.refresh_from_db()
    assert post_office.addresses == [make.CLEO]
    assert (dead.state, dead.reason) == (State.SKIPPED, Delivery.Reason.SUPPRESSED)
