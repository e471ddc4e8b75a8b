"""Every row of a campaign, as a list and as CSV, and sending one again of which nobody knows."""

import csv
import io
import resource
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from mailing import compose
from mailing.models import Campaign, Delivery, MailingList
from mailing.viewsets.results.export import lines, safe, written
from policies.models import PolicyVersion
from tests import make
from tests.desk import signed_in, told
from tests.mailing.rows import many, rows

MEGABYTE = 1024 * 1024


@pytest.fixture
def spring(clock: time_machine.Traveller, news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENT, queued_at=make.NOW)


def screen(campaign: Campaign, name: str) -> str:
    return f"/cms/mailing/results/{campaign.pk}/{name}"


def listed(client: Client, campaign: Campaign, query: str = "") -> list[list[str]]:
    answer = client.get(screen(campaign, f"rows/{query}"))
    found = BeautifulSoup(answer.content, "html.parser").select("table.listing tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in line.select("th, td")] for line in found]


def downloaded(client: Client, campaign: Campaign) -> list[dict[str, str]]:
    answer: Any = client.get(screen(campaign, "rows.csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def decided(campaign: Campaign) -> Delivery:
    """A row that names its consent and the version of the policy."""
    subscription = make.subscriber(make.ANA, campaign.mailing_list, make.NOW)
    row = rows(campaign, smtp_code=250, smtp_text="2.0.0 OK", first_tried_at=make.NOW)[0]
    row.subscription, row.decision = subscription, subscription.decision
    row.policy_version = PolicyVersion.objects.get()
    row.save()
    return row


def test_a_row_says_what_became_of_it_and_what_allowed_it(spring: Campaign) -> None:
    row = decided(spring)
    [line] = listed(signed_in("view_campaign"), spring)
    number, subscriber, state, allowed, instants, answer = line
    assert number == f"#{row.pk} {compose.message_id(row.pk)}"
    assert subscriber == f"#{row.subscription.subscriber_id} others, en"
    assert state == "accepted by the mail server since 2026-03-01 12:00:00"
    assert allowed.startswith(f"{row.decision_id} ")
    assert "version 1 of the policy" in allowed
    assert instants == "2026-03-01 11:59:00 2026-03-01 12:00:00"
    assert answer == "250 2.0.0 OK"


def test_the_policy_version_and_for_who_may_read_them_the_decision_are_one_click_away(spring: Campaign) -> None:
    row = decided(spring)
    pages = [
        BeautifulSoup(client.get(screen(spring, "rows/")).content, "html.parser").select_one("table.listing")
        for client in (signed_in("view_campaign"), _cleo("view_campaign", "view_decision"))
    ]
    addresses = [[link["href"] for link in page.select("a")] for page in pages]
    assert all(any(url.endswith("/privacy/v/1/") for url in found) for found in addresses)
    assert [any(str(row.decision_id) in url for url in found) for found in addresses] == [False, True]


def _cleo(*rights: str) -> Client:
    """Another reader of the same screens."""
    user = User.objects.create_user("cleo")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    client = Client()
    client.force_login(user)
    return client


def test_an_address_is_shown_to_who_may_see_subscribers_alone(spring: Campaign) -> None:
    decided(spring)
    assert make.ANA not in str(listed(signed_in("view_campaign"), spring))
    assert make.ANA in str(listed(_cleo("view_campaign", "view_subscriber"), spring))


def test_rows_are_narrowed_down_by_state_provider_and_reason(spring: Campaign) -> None:
    rows(spring, 1, state="failed", provider="gmail", reason="refused")
    rows(spring, 2, state="failed", provider="yahoo", reason="gave_up")
    rows(spring, 3, state="skipped", reason="no_consent")
    client = signed_in("view_campaign")
    assert len(listed(client, spring)) == 6
    assert len(listed(client, spring, "?state=failed")) == 3
    assert len(listed(client, spring, "?state=failed&state=skipped&provider=yahoo")) == 2
    [line] = listed(client, spring, "?reason=refused")
    assert "the server refused it for good" in line[2]


def test_a_long_list_comes_in_pages(spring: Campaign) -> None:
    many(spring, 120)
    client = signed_in("view_campaign")
    pages = [listed(client, spring, f"?p={number}") for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({line[0] for page in pages for line in page}) == 120


def test_the_list_alone_is_given_to_the_filters(spring: Campaign) -> None:
    rows(spring)
    answer = signed_in("view_campaign").get(screen(spring, "rows/results/?state=sent&_w_filter_fragment=1"))
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_the_file_has_every_row_with_its_evidence(spring: Campaign) -> None:
    row = decided(spring)
    [line] = downloaded(signed_in("view_campaign"), spring)
    assert line["delivery"] == str(row.pk)
    assert (line["decision"], line["policy_version"]) == (str(row.decision_id), "1")
    assert (line["purpose"], line["state"]) == ("promotion", "sent")
    assert (line["queued_at"], line["accepted_at"]) == ("2026-03-01T11:59:00+00:00", "2026-03-01T12:00:00+00:00")
    assert (line["answer_code"], line["answer_text"]) == ("250", "2.0.0 OK")
    assert line["message_id"] == compose.message_id(row.pk)
    assert "email" not in line


def test_a_row_that_was_never_tried_has_no_message_id(spring: Campaign) -> None:
    rows(spring, state="skipped", reason="no_consent")
    [line] = downloaded(signed_in("view_campaign"), spring)
    assert (line["message_id"], line["reason"], line["answer_code"]) == ("", "no_consent", "")


def test_the_file_says_that_it_is_utf_8(spring: Campaign) -> None:
    answer: Any = signed_in("view_campaign").get(screen(spring, "rows.csv"))
    assert answer.getvalue().startswith(b"\xef\xbb\xbfdelivery,")


def test_addresses_are_in_the_file_for_who_may_see_subscribers_and_both_are_logged(spring: Campaign) -> None:
    decided(spring)
    [line] = downloaded(signed_in("view_campaign", "view_subscriber"), spring)
    assert line["email"] == make.ANA
    downloaded(_cleo("view_campaign"), spring)
    entries = ModelLogEntry.objects.filter(action="mailing.export_rows").order_by("pk")
    assert [entry.data for entry in entries] == [{"rows": 1, "addresses": True}, {"rows": 1, "addresses": False}]
    assert [entry.message for entry in entries] == ["Exported 1 row with addresses", "Exported 1 row"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(spring: Campaign, start: str) -> None:
    rows(spring, state="failed", smtp_code=550, smtp_text=f"{start}cmd|'/c calc'!A1")
    [line] = downloaded(signed_in("view_campaign"), spring)
    assert line["answer_text"] == f"'{start}cmd|'/c calc'!A1"


def test_other_cells_are_as_they_are() -> None:
    assert [safe(value) for value in (None, 0, False, "a=b", "5.1.1 -x")] == ["", "0", "False", "a=b", "5.1.1 -x"]


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_fifty_thousand_rows_take_no_more_memory_than_two_thousand(spring: Campaign) -> None:
    many(spring, 50_000)
    assert len(list(islice(written(lines(spring, addresses=True)), 2000))) == 2000
    before, most, size, count = resident(), 0, 0, 0
    for line in written(lines(spring, addresses=True)):
        count, size = count + 1, size + len(line)
        if count % 1000 == 0:
            most = max(most, resident())
    assert count == 50_001
    assert size > 10 * MEGABYTE
    assert most - before < 6 * MEGABYTE


def test_sending_one_again_says_first_what_it_risks(spring: Campaign) -> None:
    first, second = rows(spring, 2, state="unknown", reason="broken")
    client = signed_in("view_campaign", "send_campaign")
    page = client.get(screen(spring, f"again/?delivery={first.pk}")).content.decode()
    assert "its reader then gets it a second time" in page
    assert f"#{first.pk}" in page
    assert f"#{second.pk}" not in page
    assert set(Delivery.objects.values_list("state", flat=True)) == {"unknown"}


def test_one_row_is_sent_again_and_it_is_logged(spring: Campaign) -> None:
    first, second = rows(spring, 2, state="unknown")
    client = signed_in("view_campaign", "send_campaign")
    answer = client.post(screen(spring, f"again/?delivery={first.pk}"), {"seen": make.NOW.isoformat()})
    assert answer["Location"] == f"/cms/mailing/campaigns/inspect/{spring.pk}/"
    assert "A worker sends 1 message again." in told(answer)
    assert dict(Delivery.objects.values_list("pk", "state")) == {first.pk: "pending", second.pk: "unknown"}
    assert Campaign.objects.get().state == Campaign.State.SENDING
    [entry] = ModelLogEntry.objects.filter(action="mailing.send_again")
    assert (entry.data, entry.message) == ({"count": 1, "deliveries": [first.pk]}, "Sent 1 message again")


def test_all_means_those_that_were_shown(spring: Campaign, clock: time_machine.Traveller) -> None:
    rows(spring, 2, state="unknown")
    client = signed_in("view_campaign", "send_campaign")
    page = BeautifulSoup(client.get(screen(spring, "again/")).content, "html.parser")
    clock.shift(60)
    later = rows(spring, state="unknown", changed_at=timezone.now())[0]
    client.post(screen(spring, "again/"), {"seen": page.select_one("input[name=seen]")["value"]})
    assert Delivery.objects.get(state="unknown") == later
    assert Delivery.objects.filter(state="pending").count() == 2


def test_what_is_no_longer_unknown_is_not_sent_again(spring: Campaign) -> None:
    row = rows(spring)[0]
    client = signed_in("view_campaign", "send_campaign")
    assert "There is nothing to send again" in client.get(screen(spring, "again/")).content.decode()
    answer = client.post(screen(spring, f"again/?delivery={row.pk}"), {"seen": "nonsense"})
    assert "no longer unknown" in told(answer)
    assert Delivery.objects.get().state == "sent"


def test_who_may_not_send_may_not_send_again(spring: Campaign) -> None:
    rows(spring, state="unknown")
    client = signed_in("view_campaign", "change_campaign")
    for answer in (client.get(screen(spring, "again/")), client.post(screen(spring, "again/"))):
        assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert Delivery.objects.get().state == "unknown"


@pytest.mark.parametrize("name", ["rows/", "rows/results/", "rows.csv"])
def test_who_has_no_right_to_campaigns_sees_no_row(spring: Campaign, name: str) -> None:
    rows(spring)
    assert signed_in("view_delivery", "view_subscriber").get(screen(spring, name)).status_code == 302
    assert not ModelLogEntry.objects.filter(action="mailing.export_rows").exists()
