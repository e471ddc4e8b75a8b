"""Does the record of processing activities say what Art. 30(1) asks, for every data set, in three forms?"""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Site

from records import ropa, terms
from records.models import Recipient
from records.registry import Receiver, holdings
from tests import make

pytestmark = pytest.mark.django_db


def record():
    return ropa.record(site=Site.objects.get(is_default_site=True), now=make.NOW)


def of(key):
    return next(activity for activity in record()["activities"] if activity["key"] == key)


def printed(*args: str) -> str:
    said = io.StringIO()
    call_command("ropa", *args, stdout=said)
    return said.getvalue()


def test_every_data_set_is_an_activity_with_all_that_article_30_asks() -> None:
    make.site()
    found = record()
    assert [activity["key"] for activity in found["activities"]] == [entry.label for entry in holdings()]
    assert found["controller"]["name"] == "Quay Ltd"  # (a)
    assert found["controller"]["email"] == "privacy@quay.example"
    for activity in found["activities"]:
        assert activity["purposes"]  # (b)
        assert activity["subjects"]  # (c)
        assert activity["data"]
        assert activity["kept"]  # (f)
        assert activity["basis"]["term"].startswith("eu-gdpr:A6-1-")
    assert found["measures"]  # (g)


def test_it_says_of_each_column_whether_it_must_be_given() -> None:
    columns = {datum["column"]: datum for datum in of("home.Inquiry")["data"]}
    assert columns["email"]["source"] == columns["phone"]["source"] == "form"
    assert (columns["email"]["mandatory"], columns["phone"]["mandatory"]) == (True, False)
    assert columns["phone"]["term"] == "pd:TelephoneNumber"


def test_the_period_is_that_of_the_version_in_force_and_names_it() -> None:
    terms.write(
        policy="00000000-0000-0000-0000-000000000001",
        number=2,
        label="Privacy policy, version 2",
        effective_from=make.NOW - timedelta(days=1),
        statements=[terms.Statement(terms.Kind.RETENTION, "home.Inquiry", {"period": "P6M", "then": "delete"})],
    )
    [kept] = [words for words in of("home.Inquiry")["kept"] if "6 months" in words]
    assert "Privacy policy, version 2" in kept


def test_a_receiver_is_named_with_its_country_once_a_recipient_has_the_role() -> None:
    entry = next(entry for entry in holdings() if Receiver.MAIL in entry.receivers)
    before = next(each for each in of(entry.label)["receivers"] if each["role"] == "mail")
    assert before["names"] == []
    Recipient.objects.create(name="Quay Mail", country="US", role=Receiver.MAIL, safeguard="standard clauses")
    after = next(each for each in of(entry.label)["receivers"] if each["role"] == "mail")
    assert after["names"] == ["Quay Mail (US)"]
    assert {"name": "Quay Mail", "country": "US", "safeguard": "standard clauses"} in record()["transfers"]


def test_whoever_runs_the_machines_receives_everything() -> None:
    Recipient.objects.create(name="Quay Racks", country="NL", role=Receiver.HOSTING)
    assert all(
        "Quay Racks (NL)" in [name for each in activity["receivers"] for name in each["names"]]
        for activity in record()["activities"]
    )


def test_the_three_forms_hold_the_same_data_sets() -> None:
    make.site()
    keys = [entry.label for entry in holdings()]
    assert [each["key"] for each in json.loads(printed("--format", "json"))["activities"]] == keys
    lines = list(csv.reader(io.StringIO(printed("--format", "csv"))))
    assert [line[1] for line in lines[1:]] == keys
    page = printed()
    assert all(f"<code>{key}</code>" in page for key in keys)
    assert "<!doctype html>" in page


def test_it_speaks_the_language_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "ropa.json"
    call_command("ropa", "--format", "json", "--language", "ru", "--out", str(file), stderr=io.StringIO())
    assert json.loads(file.read_text("utf-8"))["language"] == "ru"


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no site of this name"):
        call_command("ropa", "--site", "nowhere.example")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("ropa", "--out", str(tmp_path / "no" / "such"))


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("json", "application/json"), ("csv", "text/csv")])
def test_the_report_is_read_and_downloaded_in_the_cms(client: Client, form: str, kind: str) -> None:
    make.site()
    client.force_login(make.vera())
    assert "Record of processing activities" in client.get("/cms/ropa/").content.decode()
    answer = client.get(f"/cms/ropa/?format={form}")
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"].startswith('attachment; filename="ropa-')
    assert "home.Inquiry" in answer.content.decode()


def test_it_names_nobody(client: Client) -> None:
    make.site()
    make.subscriber(make.ANA, make.mailing_list())
    said = printed("--format", "json")
    assert make.ANA not in said
