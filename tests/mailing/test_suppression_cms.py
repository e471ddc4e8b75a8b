"""The list of suppressed addresses is asked, added to and taken from by typing an address; nothing shows one."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from mailing import addresses, suppression
from mailing.models import MailingList, Suppression
from tests import make
from tests.consent.numbers import listed
from tests.desk import signed_in, told

HERE = "/cms/mailing/suppressed/"
Scope, Reason = suppression.Scope, suppression.Reason


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in("view_suppression", "add_suppression", "delete_suppression")


def put(*emails: str, scope: Scope = Scope.LISTS, reason: Reason = Reason.COMPLAINT) -> list[Suppression]:
    suppression.suppress(emails, scope=scope, reason=reason, now=make.NOW)
    return [row for email in emails for row in suppression.of(email)]


def screen(cms: Client, **asked: str) -> str:
    answer = cms.get(HERE, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_shows_hashes_scope_reason_and_since(cms: Client) -> None:
    [row] = put(make.ANA)
    [cells] = listed(screen(cms))
    short = bytes(row.digest).hex()[:12]
    assert cells[:3] == [f"{short}…", "no mail of lists; notices that the law asks for go on", "reported as spam"]
    assert make.ANA not in screen(cms)


def test_the_list_is_narrowed_by_scope_and_reason(cms: Client) -> None:
    put(make.ANA)
    put(make.BEN, scope=Scope.ALL, reason=Reason.HARD_BOUNCE)
    assert [len(listed(screen(cms, **asked))) for asked in ({}, {"scope": "all"}, {"reason": "complaint"})] == [2, 1, 1]
    assert "No entry is like this." in screen(cms, scope="all", reason="complaint")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (make.ANA, "Yes: no mail of lists"),
        (" ANA@mail.example", "Reported as spam, since 1 March 2026"),
        (make.BEN, "No, this address is not suppressed."),
        ("", "No, this address is not suppressed."),
        ("\0", "No, this address is not suppressed."),
        ("dan@müller.example", "Yes: "),
        ("dan@xn--mller-kva.example", "Yes: "),
    ],
)
def test_whether_an_address_is_suppressed_is_asked_by_typing_it(cms: Client, typed: str, sentence: str) -> None:
    put(make.ANA, "dan@müller.example")
    answer = cms.post(f"{HERE}check/", {"email": typed})
    assert answer["Location"] == HERE
    assert sentence in told(answer)
    assert "@" not in told(answer)


def test_addresses_are_added_many_at_once_and_only_hashes_kept(cms: Client) -> None:
    put(make.BEN)
    typed = f" {make.ANA.upper()}\r\n\r\n{make.BEN}\r\n{make.ANA}\n"
    answer = cms.post(f"{HERE}add/", {"emails": typed, "scope": "lists", "reason": "editor"})
    assert "1 address was added." in told(answer)
    assert [row.reason for row in suppression.of(make.ANA)] == ["editor"]
    assert [row.reason for row in suppression.of(make.BEN)] == ["complaint"]
    [entry] = ModelLogEntry.objects.filter(action="mailing.suppress")
    assert entry.data == {"scope": "lists", "reason": "editor"}
    assert "@" not in f"{entry.label} {entry.data}"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"emails": f"{make.ANA}\nnobody\n{make.BEN}\n@"}, "No addresses stand on these lines: 2, 4."),
        ({"emails": "\n".join(f"p{number}@mail.example" for number in range(1001))}, "At most 1000 addresses"),
        ({"emails": " \n "}, "This field is required."),
        ({"reason": "erasure"}, "not one of the available choices"),
        ({"scope": "some"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_added_says_why_and_adds_nothing(cms: Client, changes: dict[str, Any], wrong: str) -> None:
    answer = cms.post(f"{HERE}add/", {"emails": make.ANA, "scope": "all", "reason": "editor"} | changes)
    assert answer.status_code == 200
    assert wrong in answer.content.decode()
    assert not Suppression.objects.exists()


def test_both_spellings_of_a_domain_are_added(cms: Client) -> None:
    cms.post(f"{HERE}add/", {"emails": "dan@müller.example", "scope": "all", "reason": "editor"})
    for email in ("dan@müller.example", "dan@xn--mller-kva.example"):
        assert Suppression.objects.filter(digest=addresses.digest(email)).count() == 1


def test_an_entry_is_removed_with_a_reason(cms: Client) -> None:
    [row] = put(make.ANA)
    remove = f"{HERE}remove/{row.pk}/"
    assert remove in screen(cms)
    assert cms.post(remove, {}).context["form"].errors.keys() == {"reason"}
    assert suppression.of(make.ANA)
    answer = cms.post(remove, {"reason": "mistake"})
    assert "The address is no longer suppressed." in told(answer)
    assert not suppression.of(make.ANA)
    [entry] = ModelLogEntry.objects.filter(action="mailing.lift")
    assert (entry.label, entry.data) == (f"Suppressed address #{row.pk}", {"reason": "mistake"})
    assert cms.get(remove).status_code == 404


def test_looking_takes_one_right_and_each_act_its_own(news: MailingList) -> None:
    [row] = put(make.ANA)
    reader = signed_in("view_suppression")
    page = screen(reader)
    assert "Remove…" not in page
    assert "Add addresses" not in page
    said = {"emails": make.BEN, "scope": "all", "reason": "editor"}
    for address, data in ((f"{HERE}add/", said), (f"{HERE}remove/{row.pk}/", {"reason": "mistake"})):
        assert reader.get(address)["Location"] == reader.post(address, data)["Location"] == "/cms/"
    assert Suppression.objects.count() == 1


def test_a_stranger_learns_nothing(news: MailingList) -> None:
    put(make.ANA)
    stranger = signed_in("view_subscriber")
    assert stranger.get(HERE)["Location"] == "/cms/"
    answer = stranger.post(f"{HERE}check/", {"email": make.ANA})
    assert answer["Location"] == "/cms/"
    assert "Yes" not in told(answer)


def test_an_empty_list_says_what_fills_it(cms: Client) -> None:
    assert "Bounces, complaints and objections fill this list by themselves." in screen(cms)
