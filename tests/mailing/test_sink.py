"""Does the sink of the tests and the benchmark say what it took, before it says so, and fail as it is told?"""

import smtplib
import time
from pathlib import Path

import pytest

from tests.mailing.parcels import wire
from tests.sink import Sink


def connected(sink: Sink, timeout: float = 5) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", sink.port, timeout=timeout)


def send(client: smtplib.SMTP, name: str, number: int = 1) -> None:
    client.sendmail("news@quay.example", [f"{name}@harbour.example"], wire(number))


def test_another_client_is_understood_and_each_message_is_in_the_log_when_it_is_answered(tmp_path: Path) -> None:
    with Sink(tmp_path / "log") as sink, connected(sink) as client:
        for number in range(1, 4):
            send(client, "ana", number)
            assert [each.message_id for each in sink.accepted()][-1] == f"<{number}@quay.example>"
        assert client.has_extn("pipelining")
        assert client.docmd("VRFY")[0] == 502
        client.sendmail(
            "news@quay.example", ["ben@harbour.example"], b"message-id: <x@quay.example>\r\n\r\n.\r\n..\r\n"
        )
        assert sink.accepted()[-1][:2] == ("ben@harbour.example", "<x@quay.example>")
        client.sendmail("news@quay.example", ["ben@harbour.example"], b"Subject: none\r\n\r\nMessage-ID: <y@q>\r\n")
        assert sink.accepted()[-1].message_id == "<>"
    assert len({each.at for each in sink.accepted()}) == 5


def test_a_message_may_come_in_any_pieces(tmp_path: Path) -> None:
    octets = b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<ana@harbour.example>\r\nDATA\r\n" + wire(1) + b".\r\nQUIT\r\n"
    with Sink(tmp_path / "log") as sink, connected(sink) as client:
        assert client.sock
        for octet in octets:
            client.sock.sendall(bytes([octet]))
        assert b"221" in client.sock.makefile("rb").read()
        assert len(sink.accepted()) == 1


def test_it_fails_as_the_script_says(tmp_path: Path) -> None:
    script = {"to": {"ana": "rcpt:550 5.1.1 nobody"}, "at": {"2": "dot:550"}, "every": {"rcpt:450": 3}, "size": 90}
    with Sink(tmp_path / "log", script=script) as sink, connected(sink) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="nobody"):
            send(client, "ana")
        with pytest.raises(smtplib.SMTPDataError):
            send(client, "ben")
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="450"):
            send(client, "ben")
        send(client, "ben")
        assert client.esmtp_features["size"] == "90"
        assert len(sink.accepted()) == 1


@pytest.mark.parametrize(("act", "taken"), [("drop", 0), ("drop-logged", 1), ("stall", 0), ("stall-logged", 1)])
def test_it_hangs_up_or_falls_silent_before_or_after_it_took_a_message(tmp_path: Path, act: str, taken: int) -> None:
    with Sink(tmp_path / "log", script={"at": {"1": f"dot:{act}"}}) as sink:
        client = connected(sink, timeout=0.3)
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out" if "stall" in act else "closed"):
            send(client, "ana")
        client.close()
        assert len(sink.accepted()) == taken


def test_chance_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    chance = {"seed": 7, "rate": 0.4, "faults": ["rcpt:450", "rcpt:550"]}
    assert outcomes(tmp_path / "a", chance) == outcomes(tmp_path / "b", chance)
    assert len(set(outcomes(tmp_path / "c", chance))) == 3


def outcomes(log: Path, chance: dict[str, object]) -> list[int]:
    with Sink(log, script={"random": chance}) as sink, connected(sink) as client:
        client.ehlo()
        codes = []
        for _ in range(20):
            client.mail("news@quay.example")
            codes.append(client.rcpt("ana@harbour.example")[0])
        return codes


def test_a_far_server_answers_late(tmp_path: Path) -> None:
    with Sink(tmp_path / "log", delay=60) as sink, connected(sink) as client:
        start = time.monotonic()
        client.noop()
        assert 0.06 <= time.monotonic() - start < 1
