"""The mailbox of the return address over a real IMAP connection, and the pipe of a mail server."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import Settings

from mailing.models import Delivery, MailingList, Return, Suppression
from mailing.returns import mailbox
from mailing.returns.mailbox import Counted, NoMailbox
from tests import make
from tests.mailing import imap, returned


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[imap.Server]:
    with imap.running(tmp_path) as state:
        monkeypatch.setenv("SSL_CERT_FILE", str(state.certificate))
        yield state


@pytest.fixture
def row(news: MailingList) -> Delivery:
    return returned.to(make.ANA, news)


def read(server: imap.Server, limit: int = 500) -> Counted:
    return mailbox.read(url=server.url, now=make.NOW, limit=limit)


def test_what_was_understood_is_gone_and_what_was_not_waits_for_people(server: imap.Server, row: Delivery) -> None:
    names = ("postfix-unknown-user", "arf-abuse", "vacation", "person", "stranger")
    server.put(*[returned.sample(name, row.pk) for name in names], b"\xff\x00 nonsense")
    assert read(server) == Counted(recorded=2, ignored=1, unrecognised=3)
    assert set(Return.objects.values_list("kind", "source")) == {("hard", "mailbox"), ("complaint", "mailbox")}
    assert server.folders["INBOX"] == {}
    left = list(server.folders["Unrecognised"].values())
    assert left == [returned.sample("person", row.pk), returned.sample("stranger", row.pk), b"\xff\x00 nonsense"]
    assert read(server) == Counted()


@pytest.mark.parametrize("step", ["STORE", "EXPUNGE", "FETCH", "SEARCH"])
def test_stopped_at_any_step_it_goes_on_and_counts_nothing_twice(server: imap.Server, row: Delivery, step: str) -> None:
    server.put(returned.sample("postfix-unknown-user", row.pk), returned.sample("arf-abuse", row.pk))
    server.break_before = step
    with pytest.raises(NoMailbox):
        read(server)
    server.break_before = ""
    read(server)
    assert Return.objects.count() == 2
    waiting = [uid for uid in server.folders["INBOX"] if r"\Deleted" not in server.flags.get(uid, set())]
    assert waiting == []


def test_one_that_was_set_aside_as_the_line_went_dead_may_be_there_twice_and_never_not_at_all(
    server: imap.Server, row: Delivery
) -> None:
    server.put(returned.sample("person", row.pk))
    server.break_before = "STORE"
    with pytest.raises(NoMailbox):
        read(server)
    server.break_before = ""
    read(server)
    assert set(server.folders["Unrecognised"].values()) == {returned.sample("person", row.pk)}


def test_a_message_stays_until_its_row_is_written(
    server: imap.Server, row: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(returned.sample("postfix-unknown-user", row.pk))

    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("mailing.returns.rules.receive", away)
    with pytest.raises(OperationalError):
        read(server)
    assert len(server.folders["INBOX"]) == 1
    monkeypatch.undo()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert read(server) == Counted(recorded=1)


def test_it_reads_so_many_and_the_next_ones_the_next_time(server: imap.Server, news: MailingList) -> None:
    rows = [returned.to(email, news) for email in (make.ANA, make.BEN, make.CLEO)]
    server.put(*[returned.sample("postfix-unknown-user", row.pk) for row in rows])
    assert [read(server, limit=2), read(server, limit=2)] == [Counted(recorded=2), Counted(recorded=1)]


def test_of_a_large_message_only_the_beginning_is_fetched(server: imap.Server, row: Delivery) -> None:
    server.put(returned.sample("postfix-unknown-user", row.pk) + b"x" * 3_000_000)
    assert read(server) == Counted(recorded=1)
    assert "UID FETCH 101 (BODY.PEEK[]<0.262144>)" in server.asked


@pytest.mark.parametrize(
    ("capabilities", "command"), [("IMAP4rev1 UIDPLUS", "UID EXPUNGE 101"), ("IMAP4rev1", "EXPUNGE")]
)
def test_one_message_alone_is_taken_out_where_the_server_can(
    server: imap.Server, row: Delivery, capabilities: str, command: str
) -> None:
    server.capabilities = capabilities
    server.put(returned.sample("postfix-unknown-user", row.pk))
    assert read(server) == Counted(recorded=1)
    assert server.folders["INBOX"] == {}
    assert command in server.asked


@pytest.mark.parametrize("below", ["INBOX.", "INBOX/"])
def test_a_server_that_keeps_folders_below_the_inbox(server: imap.Server, row: Delivery, below: str) -> None:
    server.below = below
    server.put(returned.sample("person", row.pk), returned.sample("stranger", row.pk))
    assert read(server) == Counted(unrecognised=2)
    assert len(server.folders[f"{below}Unrecognised"]) == 2


def test_where_no_folder_can_be_made_nothing_is_lost(server: imap.Server, row: Delivery) -> None:
    server.below = "#"
    server.put(returned.sample("person", row.pk))
    with pytest.raises(NoMailbox):
        read(server)
    assert len(server.folders["INBOX"]) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    with imap.running(tmp_path) as server:
        with pytest.raises(NoMailbox) as refused:
            read(server)
        assert server.asked == []
        assert imap.PASSWORD not in str(refused.value)


def test_a_certificate_for_another_name_gets_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with imap.running(tmp_path, name="elsewhere.example") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        with pytest.raises(NoMailbox):
            read(server)
        assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "imap://name:password@localhost/INBOX",
        "imaps://localhost/INBOX",
        "imaps://name:password@/INBOX",
        "imaps://name:password@localhost:x/INBOX",
        "imaps://name:password@[/INBOX",
        "imaps://name:päss@localhost/INBOX",
        "",
    ],
)
def test_without_tls_or_a_name_there_is_no_mailbox(url: str) -> None:
    with pytest.raises(NoMailbox) as refused:
        mailbox.read(url=url, now=make.NOW)
    assert str(refused.value) == "MAIL_RETURN_MAILBOX is not of the form imaps://name:password@host/INBOX."


def test_a_wrong_password_and_a_folder_that_is_not_there_say_so(server: imap.Server) -> None:
    for url in (server.url.replace("word", "words"), server.url.replace("INBOX", "None")):
        with pytest.raises(NoMailbox, match="localhost"):
            mailbox.read(url=url, now=make.NOW)


def test_the_command_reads_it(server: imap.Server, row: Delivery, settings: Settings) -> None:
    settings.MAIL_RETURN_MAILBOX = server.url
    server.put(returned.sample("postfix-unknown-user", row.pk), returned.sample("person", row.pk))
    out = io.StringIO()
    call_command("read_returns", stdout=out)
    assert out.getvalue() == "1 recorded, 0 with nothing to do, 1 unrecognised\n"
    settings.MAIL_RETURN_MAILBOX = ""
    with pytest.raises(CommandError):
        call_command("read_returns")


def pipe(raw: bytes, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("receive_return", *arguments, stdout=out, stderr=out)
    return out.getvalue().strip()


def test_a_mail_server_hands_one_over(row: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [pipe(returned.sample("qmail-no-mailbox", row.pk), monkeypatch=monkeypatch) for _again in range(2)]
    assert said == ["hard 5.1.1", "known already, or about a row that is gone"]
    assert pipe(returned.sample("vacation", row.pk), monkeypatch=monkeypatch).startswith("understood")
    assert pipe(b"\xff" * 5_000_000, monkeypatch=monkeypatch).startswith("no report")
    assert Suppression.objects.count() == 1


def test_the_address_it_was_sent_to_is_enough(row: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    to = returned.address(row.pk).upper()  # as some servers write it
    assert pipe(returned.sample("stranger", 0), "--to", to, monkeypatch=monkeypatch) == "hard 5.1.1"


def test_where_the_database_is_away_the_mail_server_tries_again(row: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("mailing.returns.receive", away)
    with pytest.raises(SystemExit) as ended:
        pipe(returned.sample("postfix-unknown-user", row.pk), monkeypatch=monkeypatch)
    assert ended.value.code == 75


@pytest.mark.parametrize(("raw", "code"), [("postfix-unknown-user", 75), ("person", 0), ("", 0)])
def test_the_exit_status_of_the_real_command(raw: str, code: int) -> None:
    """In a process of its own, whose database is nowhere or, for what is no report, is not asked."""
    environment = {"DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none", "PATH": "/usr/bin:/bin"}
    sent = returned.sample(raw, 7) if raw else b"\x00\xff"
    command = [sys.executable, "manage.py", "receive_return", "--settings", "cms.settings.test"]
    done = subprocess.run(command, input=sent, capture_output=True, env=environment, timeout=60, check=False)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stderr
