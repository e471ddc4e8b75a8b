"""Global Privacy Control: what a browser's signal refuses, what of earlier choices goes before it, and what does not.

One table says what becomes of the group that sells data in every case; all cases are made up and looked up.
"""

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues
from tests.consent.conftest import Post
from tests.consent.test_no_script import is_ticked, press

DAY = timedelta(days=1)
SIGNAL = {"Sec-GPC": "1"}
ALL = {"analytics": True, "maps": True, "marketing": True}
NONE = dict.fromkeys(ALL, False)
WITHOUT_SALE = ALL | {"marketing": False}

EARLIER = ("none", "accepted all", "ticked under the signal", "refused")
SNAPSHOT = ("none", "touching what sells", "touching another")
FATE = ("stands", "expired", "withdrawn")
ANSWERS = ("signal", "Accept", "Refuse", "one by one")
YES, NO, OPEN = "allowed", "refused", "undecided"

# What becomes of the group that sells. First what the visitor says now, then whether the signal is on, then what counts
# of before: "explicit" (allowed by its name while the signal was on), "general" (allowed without the signal), "no", "".
OUTCOMES = {
    ("Accept", True, "explicit"): (YES, "a button for everything takes nothing back that was allowed by its name"),
    ("Accept", True, "general"): (
        NO,
        "the signal came after that choice, and a button for everything is no answer to it",
    ),
    ("Accept", True, "no"): (NO, "the signal stands, and a button for everything is no answer to it"),
    ("Accept", True, ""): (NO, "the signal stands, and a button for everything is no answer to it"),
    ("Accept", False, "explicit"): (YES, "everything is accepted"),
    ("Accept", False, "general"): (YES, "everything is accepted"),
    ("Accept", False, "no"): (YES, "everything is accepted"),
    ("Accept", False, ""): (YES, "everything is accepted"),
    ("Refuse", True, "explicit"): (NO, "everything is refused"),
    ("Refuse", True, "general"): (NO, "everything is refused"),
    ("Refuse", True, "no"): (NO, "everything is refused"),
    ("Refuse", True, ""): (NO, "everything is refused"),
    ("Refuse", False, "explicit"): (NO, "everything is refused"),
    ("Refuse", False, "general"): (NO, "everything is refused"),
    ("Refuse", False, "no"): (NO, "everything is refused"),
    ("Refuse", False, ""): (NO, "everything is refused"),
    ("one by one", True, "explicit"): (YES, "the later explicit choice goes before the signal"),
    ("one by one", True, "general"): (YES, "the later explicit choice goes before the signal"),
    ("one by one", True, "no"): (YES, "the later explicit choice goes before the signal"),
    ("one by one", True, ""): (YES, "the later explicit choice goes before the signal"),
    ("one by one", False, "explicit"): (YES, "it was ticked"),
    ("one by one", False, "general"): (YES, "it was ticked"),
    ("one by one", False, "no"): (YES, "it was ticked"),
    ("one by one", False, ""): (YES, "it was ticked"),
    ("signal", True, "explicit"): (YES, "it was allowed by its name with the signal on; the signal says nothing new"),
    ("signal", True, "general"): (NO, "the signal is the later word"),
    ("signal", True, "no"): (NO, "the signal says the same"),
    ("signal", True, ""): (NO, "the signal is a refusal, before anybody was asked"),
    ("signal", False, "explicit"): (None, "there is no signal: the request is refused"),
    ("signal", False, "general"): (None, "there is no signal: the request is refused"),
    ("signal", False, "no"): (None, "there is no signal: the request is refused"),
    ("signal", False, ""): (None, "there is no signal: the request is refused"),
}
LIVES = list(itertools.product(EARLIER, SNAPSHOT, FATE))


def counts(earlier: str, snapshot: str, fate: str) -> str:
    """What of before still counts for the group that sells, by the rules of expiry and of being asked again."""
    if earlier == "none" or fate == "expired" or snapshot == "touching what sells":
        return ""
    if fate == "withdrawn":
        return "no"
    return {"accepted all": "general", "ticked under the signal": "explicit", "refused": "no"}[earlier]


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


class Visitor:
    """Somebody's browser, which answers what it is shown."""

    def __init__(self, client: Client, published: Published) -> None:
        self.client, self.published = client, published

    def say(self, answer: str, *, gpc: bool) -> Any:
        said: dict[str, Any] = {"snapshot": self.published.sha256, "key": str(uuid.uuid4())}
        said |= {
            "signal": {"choices": {}, "source": "gpc"},
            "Accept": {"choices": ALL},
            "Refuse": {"choices": NONE},
            "one by one": {"choices": {"marketing": True}, "source": "panel"},
        }[answer]
        headers = {"Sec-Fetch-Site": "same-origin", **(SIGNAL if gpc else {})}
        return self.client.post("/consent/decide/", said, content_type="application/json", headers=headers)


@pytest.fixture
def ben(client: Client, published: Published) -> Visitor:
    return Visitor(client, published)


def lived(ben: Visitor, earlier: str, snapshot: str, fate: str, clock: time_machine.Traveller) -> None:
    """What has happened before the answer that the case is about."""
    if earlier == "ticked under the signal":
        ben.say("one by one", gpc=True)
    elif earlier != "none":
        ben.say("Accept" if earlier == "accepted all" else "Refuse", gpc=False)
    clock.shift(DAY)
    if fate == "withdrawn" and earlier != "none":
        ben.say("Refuse", gpc=earlier == "ticked under the signal")
    if snapshot != "none":
        ben.published = catalogues.change("marketing" if snapshot == "touching what sells" else "maps")
    clock.shift(200 * DAY if fate == "expired" else DAY)


def test_the_table_answers_every_case_and_no_other() -> None:
    cases = list(itertools.product(LIVES, ANSWERS, (True, False)))
    assert len(cases) == 4 * 3 * 3 * 4 * 2
    assert {(answer, gpc, counts(*life)) for life, answer, gpc in cases} == set(OUTCOMES)


@pytest.mark.parametrize(("earlier", "snapshot", "fate"), LIVES)
def test_the_group_that_sells_data(
    ben: Visitor, clock: time_machine.Traveller, earlier: str, snapshot: str, fate: str
) -> None:
    lived(ben, earlier, snapshot, fate, clock)
    known = ben.client.cookies.copy()
    for answer, gpc in itertools.product(ANSWERS, (True, False)):
        expected, reason = OUTCOMES[(answer, gpc, counts(earlier, snapshot, fate))]
        with transaction.atomic():
            assert heard(ben, answer, gpc=gpc) == expected, (answer, gpc, reason)
            transaction.set_rollback(True)
        ben.client.cookies = known.copy()


def heard(ben: Visitor, answer: str, *, gpc: bool) -> str | None:
    """What is written of the group that sells, and shown on the page; None where the request is refused."""
    before = Decision.objects.count()
    sent = ben.say(answer, gpc=gpc)
    if sent.status_code == 422:
        assert Decision.objects.count() == before
        return None
    decision = Decision.objects.latest("seq")
    allowed = decision.choices["marketing"]
    assert {decision.services["billboard"], decision.services["beacon"]} == {allowed}
    source = {"signal": "gpc", "one by one": "panel"}.get(answer, "banner")
    assert (sent.status_code, decision.source, decision.gpc) == (201, source, gpc)
    assert is_ticked(ben.client, "marketing", **(SIGNAL if gpc else {})) is allowed
    return YES if allowed else NO


@pytest.mark.parametrize(("earlier", "snapshot", "fate"), LIVES)
def test_about_what_sells_nothing_the_signal_changes_nothing(
    ben: Visitor, clock: time_machine.Traveller, earlier: str, snapshot: str, fate: str
) -> None:
    """Statistics and maps stay as they were chosen, or undecided where they were not: the banner still asks."""
    lived(ben, earlier, snapshot, fate, clock)
    stands = earlier != "none" and fate != "expired"
    ben.say("signal", gpc=True)
    choices = Decision.objects.latest("seq").choices
    expected = None if not stands else earlier == "accepted all" and fate == "stands"
    assert choices.get("analytics") is expected
    assert choices.get("maps") is (None if snapshot == "touching another" else expected)


def test_a_signal_alone_decides_about_what_sells_and_leaves_the_rest_open(ben: Visitor) -> None:
    answer = ben.say("signal", gpc=True)
    assert answer.status_code == 201
    assert answer.json()["choices"] == {"marketing": False}
    decision = Decision.objects.get()
    assert (decision.source, decision.action, decision.gpc) == ("gpc", "refuse", True)
    page = ben.client.get("/consent/", headers=SIGNAL).content.decode()
    assert "Your browser sends a Global Privacy Control signal" in page
    assert "Something has changed" not in page  # nobody has been asked before


def test_a_signal_that_comes_later_takes_back_what_sells(ben: Visitor) -> None:
    ben.say("Accept", gpc=False)
    ben.say("signal", gpc=True)
    decision = Decision.objects.latest("seq")
    assert (decision.choices, decision.action) == (WITHOUT_SALE, "change")
    assert {key for key, yes in decision.services.items() if not yes} == {"billboard", "beacon"}


def test_where_only_what_sells_was_allowed_the_signal_withdraws(ben: Visitor) -> None:
    ben.say("one by one", gpc=False)
    ben.say("signal", gpc=True)
    assert Decision.objects.latest("seq").action == "withdraw"


def test_one_service_may_be_allowed_by_its_name_under_the_signal(post: Post, published: Published) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", **SIGNAL}
    post(choices={}, services={"beacon": True}, source="panel", headers=headers)
    post(choices=ALL, headers=headers)
    decision = Decision.objects.latest("seq")
    assert decision.choices == WITHOUT_SALE
    assert {key for key, yes in decision.services.items() if yes} == {"tally", "streets", "tides", "beacon"}


def test_a_service_left_out_under_the_signal_is_not_let_in_by_a_button_for_everything(post: Post) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", **SIGNAL}
    post(choices={"marketing": True}, services={"beacon": False}, source="panel", headers=headers)
    post(choices=ALL, headers=headers)
    decision = Decision.objects.latest("seq")
    assert decision.choices == ALL
    assert decision.services["billboard"]
    assert not decision.services["beacon"]


@pytest.mark.parametrize("source", ["banner", "panel", "gpc"])
def test_no_other_value_of_the_header_is_a_signal(post: Post, published: Published, source: str) -> None:
    for value in ("0", "true", "", "1, 1", " 1;", "10"):
        answer = post(choices={}, source=source, headers={"Sec-Fetch-Site": "same-origin", "Sec-GPC": value})
        assert answer.status_code == (422 if source == "gpc" else 201)
    assert not Decision.objects.filter(gpc=True).exists()


@pytest.mark.parametrize(
    "said", [{"choices": {"marketing": True}}, {"choices": {"marketing": False}}, {"services": {"tally": True}}]
)
def test_a_signal_brings_no_choices(post: Post, said: dict[str, Any]) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", **SIGNAL}
    assert post(**{"choices": {}, "source": "gpc", "headers": headers} | said).status_code == 422
    assert not Decision.objects.exists()


def test_where_nothing_is_sold_there_is_nothing_for_a_signal_to_refuse(policy: PolicyPage, client: Client) -> None:
    ben = Visitor(client, make.catalogue_of_one())
    assert ben.say("signal", gpc=True).status_code == 422
    assert 'data-consent-groups="analytics.1.1"' in client.get("/").content.decode()
    assert "Global Privacy Control" not in client.get("/consent/", headers=SIGNAL).content.decode()


@pytest.mark.parametrize(("button", "ticks", "allowed"), [("accept", [], False), ("save", ["marketing"], True)])
def test_without_scripts_ticks_go_before_the_signal_and_a_button_for_everything_does_not(
    client: Client, published: Published, button: str, ticks: list[str], allowed: bool
) -> None:
    form = {"snapshot": published.sha256, "choice": button, "group": ticks}
    client.post("/consent/", form, headers={"Accept": "text/html", **SIGNAL}, **make.HERE)
    decision = Decision.objects.get()
    assert (decision.choices["marketing"], decision.source, decision.gpc) == (allowed, "no_js", True)
    assert decision.choices["maps"] is (button == "accept")


def test_the_page_ticks_nothing_that_a_new_signal_refuses(client: Client, published: Published) -> None:
    press(client, published, "accept")
    assert is_ticked(client, "marketing")
    assert not is_ticked(client, "marketing", **SIGNAL)
    assert is_ticked(client, "maps", **SIGNAL)


def test_pages_tell_the_script_what_sells_in_the_same_bytes_for_everybody(client: Client, published: Published) -> None:
    plain, heeding = client.get("/mail/join/"), client.get("/mail/join/", headers=SIGNAL)
    assert plain.content == heeding.content
    marketing = next(group for group in published.groups if group["key"] == "marketing")
    assert f"marketing.{marketing['bit']}.{marketing['since']}.sells" in plain.content.decode()
