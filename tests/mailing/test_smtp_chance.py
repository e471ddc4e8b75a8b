"""Whatever a server does, and whenever: is each parcel answered, in doubt or untouched, and accepted at most once?"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mailing.transport import Closed
from mailing.transport.smtp import SmtpTransport
from tests.mailing.parcels import Kept, parcel
from tests.sink import Faults, Office, Session

PARCELS = range(1, 9)


class Noted(Office):
    """Keeps what it accepts, and what stood in the journal at that moment."""

    def __init__(self) -> None:
        super().__init__(log=-1)
        self.journal = Kept()
        self.accepted: list[int] = []
        self.unannounced: list[int] = []

    def begin(self, script: dict[str, Any]) -> Kept:
        self.faults, self.journal, self.accepted, self.unannounced = Faults(script), Kept(), [], []
        return self.journal

    def accept(self, recipient: bytes, message_id: bytes) -> None:
        number = int(message_id.strip(b"<>").partition(b"@")[0])
        self.accepted.append(number)
        if number not in self.journal.intents:
            self.unannounced.append(number)


@contextmanager
def running(office: Office) -> Iterator[int]:
    """The sink in a thread of this process; its port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Session(office), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for each in [task for task in asyncio.all_tasks(loop) if not task.done()]:
            each.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@pytest.fixture(scope="module")
def office() -> Iterator[Noted]:
    noted = Noted()
    with running(noted) as port, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_TIMEOUT=0.2):
        yield noted


CODES = ["421 4.3.2 closing", "450 4.2.0 later", "550 5.1.1 never", "354 what", "drop", "stall"]
FAULTS = st.one_of(
    st.builds("{}:{}".format, st.sampled_from(["mail", "rcpt", "data", "dot"]), st.sampled_from(CODES)),
    st.sampled_from(["dot:drop-logged", "dot:stall-logged"]),
)
SCRIPTS = st.fixed_dictionaries(
    {
        "at": st.dictionaries(st.integers(1, 14).map(str), FAULTS, max_size=4),
        "hide": st.sampled_from([[], ["PIPELINING"]]),
    }
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPTS, most=st.integers(0, 4), chunk=st.integers(1, 8), patience=st.integers(0, 9))
@example(script={"at": {"1": "dot:drop-logged", "3": "dot:drop", "5": "dot:421"}}, most=0, chunk=8, patience=9)
@example(script={"at": {"2": "mail:drop", "3": "mail:drop", "4": "rcpt:drop"}}, most=2, chunk=8, patience=9)
@example(
    script={"at": {"1": "dot:stall-logged", "2": "data:354 what"}, "hide": ["PIPELINING"]}, most=1, chunk=3, patience=1
)
def test_no_parcel_is_lost_or_accepted_twice(
    office: Noted, script: dict[str, Any], most: int, chunk: int, patience: int
) -> None:
    journal = office.begin(script)
    with override_settings(MAIL_PER_CONNECTION=most):
        _several_turns(journal, chunk, patience)
    accepted = Counter(office.accepted)
    said_yes = {number for number, answer in journal.answers.items() if answer.accepted}
    assert max(accepted.values(), default=0) <= 1
    assert office.unannounced == []
    assert len(journal.intents) == len(set(journal.intents))
    assert said_yes <= accepted.keys() <= said_yes | set(journal.in_doubt)
    assert not accepted.keys() & set(journal.untouched(PARCELS))


def _several_turns(journal: Kept, chunk: int, patience: int) -> None:
    """As the engine does: what is untouched goes out in the next turn; nothing else does."""
    way = SmtpTransport()
    for _turn in range(6):
        for left in _chunks(journal.untouched(PARCELS), chunk):
            before = len(journal.in_doubt)
            until = len(journal.intents) + patience
            with suppress(Closed):
                way.send(map(parcel, left), journal, lambda until=until: len(journal.intents) < until)
            assert len(journal.in_doubt) - before <= 1
    way.close()


def _chunks(numbers: list[int], size: int) -> list[list[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def test_a_server_without_faults_takes_all(office: Noted) -> None:
    journal = office.begin({})
    _several_turns(journal, 3, 9)
    assert office.accepted == list(PARCELS) == list(journal.answers)
