"""A copy holds everything that is stored about a person, nothing of anybody else, and says of it what the law asks."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from consent import decide
from consent.models import Decision
from home.models import Inquiry
from mailing.models import Subscriber, Subscription
from records.models import Recipient
from records.registry import holdings
from records.subject_requests import describing, exporting
from tests import make
from tests.records import copied, life

pytestmark = pytest.mark.django_db


def test_whatever_stands_in_the_database_about_ana_is_in_her_copy() -> None:
    life.lived(make.ANA, make.BEN)
    assert life.traces(life.marks(make.ANA), life.dump()) == life.marks(make.ANA)
    copy = copied.of(make.ANA)
    assert life.traces(life.marks(make.ANA), copy.text.lower()) == life.marks(make.ANA)
    assert life.traces(life.marks(make.BEN), copy.text.lower()) == []


def test_every_row_that_holds_something_of_her_is_told() -> None:
    """The list is made by reading every table, not by asking the data map."""
    life.lived(make.ANA, make.BEN)
    rows = {label: len(found) for label, found in life.rows_with(life.marks(make.ANA)).items()}
    assert rows == {"home.Inquiry": 1, "mailing.Letter": 1, "mailing.Subscriber": 1, "records.SubjectRequest": 1}
    told = copied.of(make.ANA).copy.rows
    assert {label: told[label] for label in rows} == rows


def test_what_hangs_on_her_rows_is_told_too() -> None:
    life.lived(make.ANA, make.BEN)
    copy = copied.of(make.ANA)
    [subscription] = copy.rows("mailing.Subscription")
    assert (subscription["list"], subscription["statement"]) == ("News", "You may write to me.")
    [decision] = copy.rows("consent.Decision")
    assert decision["statement"] == "You may write to me."
    assert decision["receipt"] == f"http://testserver/consent/receipt/{Decision.objects.earliest('seq').pk}/"
    assert subscription["consent"] == str(Decision.objects.earliest("seq").pk)
    [followed] = copy.rows("mailing.LinkFollowed")
    assert followed["address"] == "https://site.example/spring"
    assert [row["kind"] for row in copy.rows("mailing.Delivery")] == ["promotional mail", "letter"]
    assert [row["kind"] for row in copy.rows("mailing.Return")] == ["soft"]


def test_the_disclosures_about_her_are_told() -> None:
    life.lived(make.ANA)
    [row] = copied.of(make.ANA).rows("records.DisclosedSubject")
    assert row["recipient"] == "Tally Works"
    assert row["at"] == make.NOW.isoformat()
    assert row["data"] == {"home.Inquiry": ["email", "name"]}
    assert row["ground"] == "a purpose stated in this policy needs it"


def test_the_history_of_a_consent_is_told_with_every_withdrawal() -> None:
    row = make.subscriber(make.ANA, make.mailing_list())
    assert row.decision
    decide.record(
        choices={"mail:news": False},
        source=Decision.Source.MAIL,
        at=make.NOW + timedelta(days=1),
        key=make.uuid.uuid4(),
        told=make.Told(),
        statement="No more.",
        consent_id=row.decision.consent_id,
        action=Decision.Action.WITHDRAW,
        locale="en",
    )
    decisions = copied.of(make.ANA).rows("consent.Decision")
    assert [(each["action"], each["statement"]) for each in decisions] == [
        ("give", "You may write to me."),
        ("withdraw", "No more."),
    ]


def test_the_files_follow_the_schema_that_lies_beside_them() -> None:
    life.lived(make.ANA, make.BEN)
    copy = copied.of(make.ANA)
    assert len(copy.sets) >= 10
    assert copy.faults() == []


def test_the_schema_finds_a_file_that_was_changed() -> None:
    life.lived(make.ANA)
    copy = copied.of(make.ANA)
    said = copy.sets["home.Inquiry"]
    said["rows"][0]["received_at"] = 12
    copy.files["data/home.Inquiry.json"] = json.dumps(said).encode()
    assert "home.Inquiry" in copy.faults()[0]


def test_a_data_set_says_what_it_is_for_how_long_and_who_receives_it() -> None:
    make.inquiry(make.ANA)
    make.subscriber(make.ANA, make.mailing_list())
    Recipient.objects.create(name="Post Office", country="DE", role="mail")
    sets = copied.of(make.ANA).sets
    said = sets["home.Inquiry"]
    assert said["title"] == "Inquiries from forms"
    assert said["purposes"] == [
        {"term": "dpv:CommunicationForCustomerCare", "words": "handling requests and answering them"}
    ]
    assert said["basis"]["term"] == "eu-gdpr:A6-1-b"
    assert said["kept"][0] == "Inquiries from forms: 365 days from the day they arrive"
    assert said["kept"][1].startswith("Inquiries whose form keeps them for a shorter time")
    assert said["columns"]["phone"]["optional"] is True
    assert sets["mailing.Subscriber"]["receivers"] == ["Post Office, DE"]


def test_secrets_are_named_and_not_told() -> None:
    make.subscriber(make.ANA, make.mailing_list())
    said = copied.of(make.ANA).sets["mailing.Subscriber"]
    assert "digest" not in said["rows"][0]
    assert any("hash of the address" in each for each in said["not_told"])


def test_no_column_that_tells_something_is_left_out() -> None:
    """A copy has every personal column of every data set that can be searched, secrets apart."""
    for entry in holdings():
        told = {each.name for each in describing.columns(entry, describing.Own())}
        assert {name for name, datum in entry.personal.items() if not datum.secret} <= told, entry.label


def test_an_editor_gets_what_is_stored_of_their_account_and_no_colleague() -> None:
    vera = make.vera(first_name="Vera", last_name="Quill")
    ben = make.User.objects.create_user("ben.wharf", "ben.wharf@mail.example")
    home = make.site()
    page = make.policy(home)
    Page.objects.filter(pk=page.pk).update(owner=vera, locked_by=ben)
    page.save_revision(user=vera, log_action=True)
    copy = copied.of("vera@mail.example")
    [account] = copy.rows("auth.User")
    assert (account["username"], account["first_name"]) == ("vera", "Vera")
    assert "password" not in account
    assert [row["owner"] for row in copy.rows("wagtailcore.Page")] == ["vera"]
    assert copy.rows("wagtailcore.Page")[0]["locked_by"] is None
    assert {row["user"] for row in copy.rows("wagtailcore.Revision")} == {"vera"}
    assert b"ben.wharf" not in copy.text
    assert copy.faults() == []


def test_the_name_of_whoever_answers_a_request_is_not_told() -> None:
    row = life.asked(make.ANA)
    row.assigned_to = make.vera()
    row.save()
    row.events.create(at=make.NOW, act="assigned", by=row.assigned_to)
    assert b"vera" not in copied.of(make.ANA).text.lower()


def test_what_is_due_to_be_deleted_is_gone() -> None:
    make.inquiry(make.ANA, make.NOW - timedelta(days=366))
    assert "home.Inquiry" not in copied.of(make.ANA).sets


def test_a_row_whose_key_is_gone_is_told_as_erased() -> None:
    make.inquiry(make.ANA)
    Inquiry.objects.get().subject_key.delete()
    assert copied.of(make.ANA).rows("home.Inquiry")[0]["message"] == "(erased)"


def test_more_rows_than_are_in_memory_at_once_are_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    for _ in range(5):
        make.inquiry(make.ANA)
    copy = copied.of(make.ANA)
    assert [row["message"] for row in copy.rows("home.Inquiry")] == ["Hello"] * 5
    assert copy.faults() == []


def test_a_stranger_gets_a_copy_with_nothing_in_it() -> None:
    life.lived(make.ANA)
    copy = copied.of(make.CLEO)
    assert copy.sets == {}
    assert copy.copy.rows == {}
    assert copy.faults() == []


def test_the_hash_is_that_of_the_file() -> None:
    life.lived(make.ANA)
    copy = copied.of(make.ANA)
    assert copy.copy.sha256 == hashlib.sha256(copy.content).hexdigest()
    assert copy.copy.size == len(copy.content)


def test_the_command_writes_a_file_for_nobody_else(tmp_path: Path, capsys: Any) -> None:
    life.lived(make.ANA)
    out = tmp_path / "ana.zip"
    call_command("export_subject", "ANA@mail.example", "--out", str(out), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert said["rows"]["home.Inquiry"] == 1
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("email", ["", "  "])
def test_the_command_leaves_no_file_where_there_is_no_address(tmp_path: Path, email: str) -> None:
    out = tmp_path / "nobody.zip"
    with pytest.raises(CommandError, match="empty"):
        call_command("export_subject", email, "--out", str(out))
    assert not out.exists()


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    out = tmp_path / "kept.txt"
    out.write_text("kept")
    with pytest.raises(CommandError, match="exists"):
        call_command("export_subject", make.ANA, "--out", str(out))
    assert out.read_text() == "kept"


def test_two_lists_are_two_rows() -> None:
    make.subscriber(make.ANA, make.mailing_list())
    other = Subscription.objects.get().mailing_list.__class__.objects.create(
        key="offers", name="Offers", description="x"
    )
    make.subscriber(make.ANA, other)
    assert Subscriber.objects.count() == 1
    assert [row["list"] for row in copied.of(make.ANA).rows("mailing.Subscription")] == ["News", "Offers"]
