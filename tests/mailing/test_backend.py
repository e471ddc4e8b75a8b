"""Do messages leave by a provider's programming interface, with a name for the row, and what do its errors mean?"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from anymail.signals import pre_send
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from mailing import tokens, transport
from mailing.transport import Closed, Stage
from mailing.transport.answers import Verdict, verdict
from tests.mailing.parcels import Kept, parcel, parcels

TAKEN = (200, {"id": "<2026.42@quay.example>", "message": "Queued. Thank you."})


@dataclass
class Provider:
    """Mailgun's side: what it was asked, and what it answers (status, JSON); None hangs up."""

    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, object] | None] = field(default_factory=list)
    journal: Kept = field(default_factory=Kept)
    intents: list[list[int]] = field(default_factory=list)  # that stood in the journal at each call


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    it = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            it.asked.append({"path": self.path} | {key: values[0] for key, values in parse_qs(body).items()})
            it.intents.append(it.journal.intents)
            answer = it.answers.pop(0) if it.answers else TAKEN
            if answer is None:
                self.close_connection = True
                return
            status, said = answer
            octets = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    it.url = f"http://127.0.0.1:{server.server_port}/v3"
    settings.MAIL_TRANSPORT, settings.EMAIL_BACKEND = "backend", "anymail.backends.mailgun.EmailBackend"
    settings.ANYMAIL = {"MAILGUN_API_KEY": "key", "MAILGUN_API_URL": it.url}
    yield it
    server.shutdown()
    server.server_close()


def send(provider: Provider, count: int = 1) -> Kept:
    with transport.opened() as way:
        way.send(parcels(count), provider.journal)
    return provider.journal


def test_each_message_is_one_call_that_names_its_row(provider: Provider) -> None:
    journal = send(provider, 3)
    assert [each["to"] for each in provider.asked] == [f"reader{number}@harbour.example" for number in (1, 2, 3)]
    assert [tokens.read_lower(each["v:delivery"], tokens.RETURN) for each in provider.asked] == [1, 2, 3]
    first = provider.asked[0]
    assert first["path"] == "/v3/quay.example/messages"
    assert (first["from"], first["h:Message-Id"]) == ("Quay <news@quay.example>", "<1@quay.example>")
    assert journal.said() == dict.fromkeys((1, 2, 3), (250, Stage.MESSAGE))
    assert journal.answers[1].provider_id == "<2026.42@quay.example>"


def test_the_intent_stands_before_the_call(provider: Provider) -> None:
    journal = send(provider, 2)
    assert provider.intents == [[1], [1, 2]]
    assert journal.lines == ["intent 1", "answer 1: 250", "intent 2", "answer 2: 250"]


def test_a_test_message_names_no_row(provider: Provider) -> None:
    with transport.opened() as way:
        way.send([parcel(0), parcel(-1)], provider.journal)
    assert [each.get("v:delivery") for each in provider.asked] == [None, None]


ERRORS = [
    (400, Stage.MESSAGE, Verdict.NEVER_MESSAGE),
    (401, Stage.SENDER, Verdict.SENDER),
    (402, Stage.SENDER, Verdict.SENDER),
    (403, Stage.SENDER, Verdict.SENDER),
    (404, Stage.SENDER, Verdict.SENDER),
    (413, Stage.MESSAGE, Verdict.NEVER_MESSAGE),
    (500, Stage.MESSAGE, Verdict.LATER),
]


@pytest.mark.parametrize(("status", "stage", "meant"), ERRORS)
def test_an_error_of_the_provider_is_an_answer_and_the_rest_goes_on(
    provider: Provider, status: int, stage: Stage, meant: Verdict
) -> None:
    provider.answers = [(status, {"message": "something about ana@harbour.example"}), TAKEN]
    journal = send(provider, 2)
    assert (journal.answers[1].stage, verdict(journal.answers[1])) == (stage, meant)
    assert f"HTTP {status}" in journal.answers[1].text
    assert journal.answers[2].accepted


@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_that_wants_a_pause_gets_one(provider: Provider, status: int) -> None:
    provider.answers = [TAKEN, (status, {"message": "slow down"})]
    with pytest.raises(Closed):
        send(provider, 4)
    assert verdict(provider.journal.answers[2]) == Verdict.CLOSING
    assert provider.journal.untouched(range(1, 5)) == [3, 4]
    assert len(provider.asked) == 2


@pytest.mark.parametrize("answer", [None, (502, {}), (504, {}), (200, {"message": "no id"})], ids=str)
def test_what_nobody_can_tell_is_in_doubt(provider: Provider, answer: tuple[int, object] | None) -> None:
    provider.answers = [answer]
    with pytest.raises(Closed):
        send(provider, 2)
    assert (provider.journal.in_doubt, provider.journal.untouched([1, 2])) == ([1], [2])
    assert len(provider.asked) == 1


def test_a_provider_that_cannot_be_reached_leaves_nothing_in_doubt(provider: Provider, settings: Settings) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:1/v3"}
    with pytest.raises(Closed):
        send(provider, 2)
    assert provider.journal.in_doubt == []
    assert verdict(provider.journal.answers[1]) == Verdict.CLOSING


def test_a_receiver_that_breaks_after_the_call_does_not_hide_that_it_was_taken(provider: Provider) -> None:
    from anymail.signals import post_send

    def receiver(**kwargs: object) -> None:
        raise RuntimeError("a bug")

    post_send.connect(receiver)
    try:
        journal = send(provider)
    finally:
        post_send.disconnect(receiver)
    assert journal.answers[1].accepted


def test_a_receiver_that_breaks_before_it_leaves_it_in_doubt(provider: Provider) -> None:
    def receiver(**kwargs: object) -> None:
        raise RuntimeError("a bug")

    pre_send.connect(receiver)
    try:
        with pytest.raises(Closed, match="RuntimeError"):
            send(provider)
    finally:
        pre_send.disconnect(receiver)
    assert provider.journal.in_doubt == [1]


def unwritable() -> EmailMultiAlternatives:
    raise ValueError("a header with a line break")


def test_a_message_that_cannot_be_written_is_answered_by_us(provider: Provider) -> None:
    def unsupported() -> EmailMultiAlternatives:
        message = parcel(2).message()
        message.merge_data = "no mapping"  # type: ignore[attr-defined]
        message.attach_alternative("x", "text/html")
        message.attach_alternative("y", "text/html")
        return message

    with transport.opened() as way:
        way.send(
            [replace(parcel(1), message=unwritable), replace(parcel(2), message=unsupported), parcel(3)],
            provider.journal,
        )
    assert provider.journal.said() == {1: (554, Stage.MESSAGE), 2: (554, Stage.MESSAGE), 3: (250, Stage.MESSAGE)}
    assert len(provider.asked) == 1


def test_once_time_is_up_no_message_leaves_any_more(provider: Provider) -> None:
    with transport.opened() as way:
        way.send(parcels(5), provider.journal, lambda: len(provider.asked) < 2)
    assert provider.journal.untouched(range(1, 6)) == [3, 4, 5]
