"""Who takes people out of the site says for whom and why; the log keeps that, and the hash of what left."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from mailing import outgoing, suppression
from mailing.models import MailingList
from records.models import Disclosure
from records.registry import Ground
from tests import make
from tests.desk import signed_in, told
from tests.mailing.test_export import agreed, listed

HERE = "/cms/mailing/subscribers/export/"
OWN = ["view_subscriber", "change_subscriber"]


@pytest.fixture
def cms(news: MailingList, clock: Any) -> Client:
    make.subscriber(make.ANA, news)
    return signed_in(*OWN, "disclose")


def form(news: MailingList, **changes: Any) -> dict[str, Any]:
    return {"mailing_list": news.pk, "use": "own", "why": "Backup before a move"} | changes


def third(news: MailingList, ground: str, **changes: Any) -> dict[str, Any]:
    return form(news, use="third", recipient=make.recipient().pk, ground=ground, **changes)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def logged() -> list[ModelLogEntry]:
    return list(ModelLogEntry.objects.filter(action="mailing.export"))


def test_the_form_asks_in_this_order_and_says_what_is_kept(cms: Client) -> None:
    answer = cms.get(HERE)
    asked = ["mailing_list", "segment", "columns", "use", "recipient", "ground", "why"]
    assert list(answer.context["form"].fields) == asked
    assert "with how many people it was and a hash of the file. Name nobody here." in answer.content.decode()
    assert "On the ground of consent, only people who agreed are in it." in answer.content.decode()


def test_a_file_for_ourselves_takes_a_reason_and_is_logged(cms: Client, news: MailingList) -> None:
    answer = cms.post(HERE, form(news, columns=["name", "decision"]))
    content = body(answer)
    assert content.decode("utf-8-sig").startswith(f"email,name,decision\r\n{make.ANA},,")
    assert answer["Content-Disposition"] == 'attachment; filename="news.csv"'
    assert "no-store" in answer["Cache-Control"]
    [entry] = logged()
    assert entry.data == {
        "recipient": "",
        "ground": "",
        "why": "Backup before a move",
        "segment": "",
        "columns": ["email", "name", "decision"],
        "people": 1,
        "left_out": {"no_consent": 0, "suppressed": 0},
        "sha256": hashlib.sha256(content).hexdigest(),
        "disclosure": None,
    }
    assert entry.message == "Exported 1 person for the owner's own use"
    assert make.ANA not in f"{entry.label} {entry.data}"


def test_without_a_reason_nothing_leaves(cms: Client, news: MailingList) -> None:
    answer = cms.post(HERE, form(news, why=" "))
    assert answer.context["form"].errors.keys() == {"why"}
    assert not logged()


def test_without_a_ground_in_force_nothing_goes_to_a_third_party_and_the_screen_says_so(
    cms: Client, news: MailingList
) -> None:
    assert "No policy in force lists a ground" in cms.get(HERE).content.decode()
    answer = cms.post(HERE, third(news, ""))
    assert "No policy in force lists a ground" in " ".join(answer.context["form"].non_field_errors())
    assert not logged()


def test_a_ground_that_the_policy_lists_lets_a_file_go_to_a_recipient(cms: Client, news: MailingList) -> None:
    listed(Ground.PURPOSE, Ground.AUTHORITY)
    assert "No policy in force lists a ground" not in cms.get(HERE).content.decode()
    assert make.ANA in body(cms.post(HERE, third(news, "purpose"))).decode()
    [entry] = logged()
    assert (entry.data["recipient"], entry.data["ground"]) == ("Tally Works", "purpose")
    row = Disclosure.objects.get(number=entry.data["disclosure"])
    assert (row.asked_by_name, row.means, row.subjects) == ("vera", "file download", 1)
    assert entry.message == "Exported 1 person to Tally Works: a purpose stated in this policy needs it"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"ground": "succession"}, "ground"),
        ({"ground": ""}, "__all__"),
        ({"ground": "authority"}, "__all__"),
        ({"recipient": ""}, "recipient"),
        ({"use": "everybody"}, "use"),
        ({"columns": ["password"]}, "columns"),
        ({"mailing_list": ""}, "mailing_list"),
    ],
)
def test_what_the_rules_do_not_let_out_is_refused_with_a_sentence(
    cms: Client, news: MailingList, changes: dict[str, Any], where: str
) -> None:
    listed(Ground.PURPOSE, Ground.AUTHORITY)
    answer = cms.post(HERE, third(news, "purpose") | changes)
    assert answer.status_code == 200
    assert where in answer.context["form"].errors
    assert not logged()
    assert not Disclosure.objects.exists()


def test_on_consent_people_who_did_not_agree_are_left_out_and_counted(cms: Client, news: MailingList) -> None:
    listed(Ground.CONSENT)
    answer = cms.post(HERE, third(news, "consent"))
    assert "Nobody of the list has agreed that this recipient gets their data." in told(answer)
    assert not logged()
    agreed(make.subscriber(make.BEN, news), outgoing.purpose(make.recipient()), True)
    content = body(cms.post(HERE, third(news, "consent"))).decode()
    assert make.BEN in content
    assert make.ANA not in content
    assert logged()[0].data["left_out"] == {"no_consent": 1, "suppressed": 0}


def test_an_empty_file_is_none(cms: Client, news: MailingList) -> None:
    scope, reason = suppression.Scope.ALL, suppression.Reason.EDITOR
    suppression.suppress([make.ANA], scope=scope, reason=reason, now=make.NOW)
    assert "Nobody would be in the file, so there is none." in told(cms.post(HERE, form(news)))
    assert not logged()


def test_to_hand_data_on_takes_a_right_of_its_own(cms: Client, news: MailingList) -> None:
    listed(Ground.PURPOSE)
    make.User.objects.all().delete()
    keeper = signed_in(*OWN)
    page = keeper.get(HERE).content.decode()
    assert 'name="recipient"' not in page
    assert keeper.post(HERE, third(news, "purpose")).context["form"].errors.keys() == {"use"}
    assert make.ANA in body(keeper.post(HERE, form(news))).decode()
    assert logged()[0].data["recipient"] == ""


@pytest.mark.parametrize("rights", [["view_subscriber"], ["change_subscriber"], ["view_campaign", "add_campaign"]])
def test_who_may_only_look_takes_nothing_out(cms: Client, news: MailingList, rights: list[str]) -> None:
    make.User.objects.all().delete()
    stranger = signed_in(*rights)
    assert stranger.get(HERE)["Location"] == stranger.post(HERE, form(news))["Location"] == "/cms/"
    assert HERE not in stranger.get("/cms/mailing/subscribers/", follow=True).content.decode()
    assert not logged()


def test_the_way_to_it_stands_on_the_list(cms: Client) -> None:
    assert HERE in cms.get("/cms/mailing/subscribers/").content.decode()
