"""An officer finds a person, reads everything about them, and acts for them; no address gets into a URL or a log."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from consent.models import Decision
from mailing import suppression
from mailing.models import Condition, Delivery, Field, MailingList, Segment, Subscriber, Subscription, Suppression
from tests import make
from tests.consent.numbers import listed
from tests.desk import signed_in, told

EVERY = ["view_subscriber", "change_subscriber", "delete_subscriber", "add_suppression", "delete_suppression"]
Scope, Reason = Suppression.Scope, Suppression.Reason


@pytest.fixture
def cms(news: MailingList, clock: Any) -> Client:
    """On the day of the cast: a request that nobody confirmed is gone a week later."""
    return signed_in(*EVERY)


@pytest.fixture
def ana(news: MailingList) -> Subscriber:
    return make.subscriber(make.ANA, news).subscriber


def url(name: str, person: Subscriber | None = None) -> str:
    return reverse(f"subscribers:{name}", args=[person.pk] if person else [])


def screen(cms: Client, address: str, **asked: Any) -> str:
    answer = cms.get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def logged(action: str) -> list[dict[str, Any]]:
    entries = ModelLogEntry.objects.filter(action=action)
    assert all(make.ANA not in f"{entry.label} {entry.data}" for entry in entries)
    return [entry.data for entry in entries]


def test_the_list_says_who_is_on_which_list(cms: Client, news: MailingList, ana: Subscriber) -> None:
    make.request(make.BEN, news)
    suppression.suppress([make.BEN], scope=Scope.ALL, reason=Reason.EDITOR, now=make.NOW)
    rows = {row[0]: row[2] for row in listed(screen(cms, url("index")))}
    assert rows == {make.ANA: "News (confirmed)", make.BEN: "News (not confirmed yet), address suppressed"}


def test_the_list_is_narrowed_by_list_state_and_segment(cms: Client, news: MailingList, ana: Subscriber) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber(make.ANA, offers)
    left = make.subscriber(make.BEN, offers)
    Subscription.objects.filter(pk=left.pk).update(left_at=make.NOW)
    make.subscriber(make.BEN, news)
    make.request(make.CLEO, news)
    suppression.suppress([make.CLEO], scope=Scope.LISTS, reason=Reason.OBJECTION, now=make.NOW)
    everybody = Segment.objects.create(name="Everybody")
    Condition.objects.create(segment=everybody, attribute="domain", comparison="is", value="mail.example")
    for asked, found in [
        ({}, {make.ANA, make.BEN, make.CLEO}),
        ({"mailing_list": offers.pk}, {make.ANA, make.BEN}),
        ({"mailing_list": offers.pk, "state": "left"}, {make.BEN}),
        ({"mailing_list": news.pk, "state": "left"}, set()),
        ({"state": "live"}, {make.ANA, make.BEN}),
        ({"state": "waiting"}, {make.CLEO}),
        ({"state": "suppressed"}, {make.CLEO}),
        ({"state": "suppressed", "mailing_list": offers.pk}, set()),
        ({"segment": everybody.pk, "mailing_list": offers.pk, "state": "live"}, {make.ANA}),
        ({"segment": Segment.objects.create(name="Nobody").pk}, set()),
        ({"state": "nonsense"}, {make.ANA, make.BEN, make.CLEO}),
    ]:
        assert {row[0] for row in listed(screen(cms, url("index"), **asked))} == found, asked


def test_a_whole_address_leads_to_its_person_and_is_written_nowhere(cms: Client, ana: Subscriber) -> None:
    answer = cms.post(url("search"), {"who": f" {make.ANA.upper()} "})
    assert (answer.status_code, answer["Location"]) == (302, url("inspect", ana))
    assert len(logged("mailing.search")) == 1


def test_a_domain_narrows_the_list_until_it_is_cleared(cms: Client, news: MailingList, ana: Subscriber) -> None:
    make.subscriber("dan@müller.example", news)
    for typed in ("müller.example", "@MÜLLER.example", "xn--mller-kva.example"):
        answer = cms.post(url("search"), {"who": typed})
        assert answer["Location"] == url("index")
        assert [row[0] for row in listed(screen(cms, url("index")))] == ["dan@müller.example"]
    assert "No subscriber is like this." in screen(cms, cms.post(url("search"), {"who": "x.example"})["Location"])
    cms.post(url("search"), {})
    assert len(listed(screen(cms, url("index")))) == 2


def test_an_address_that_is_nobodys_says_so_and_whether_it_is_suppressed(cms: Client, news: MailingList) -> None:
    answer = cms.post(url("search"), {"who": make.CLEO})
    assert told(answer).strip() == "No subscriber has this address."
    suppression.suppress([make.CLEO], scope=Scope.ALL, reason=Reason.ERASURE, now=make.NOW)
    answer = cms.post(url("search"), {"who": make.CLEO})
    assert "It is on the suppression list." in told(answer)
    assert make.CLEO not in told(answer)
    assert not logged("mailing.search")


@pytest.mark.parametrize("typed", ["\0", "a@\0", "@", "@@", "x" * 5000, "a@" + "é" * 300, "'; --", "%", "ana@"])
def test_nothing_typed_into_the_search_fails(cms: Client, ana: Subscriber, typed: str) -> None:
    assert cms.post(url("search"), {"who": typed}).status_code == 302
    screen(cms, url("index"))


def test_no_parameter_of_a_url_searches_for_people(cms: Client, ana: Subscriber) -> None:
    page = screen(cms, url("index"), q="nobody")
    assert make.ANA in page
    assert 'name="q"' not in page


def test_one_page_says_all_about_a_person_and_reading_it_is_logged(
    cms: Client, news: MailingList, ana: Subscriber
) -> None:
    Field.objects.create(key="town", label="Home town", why="To tell.")
    Subscriber.objects.update(name="Ana M.", fields={"town": "Bremen", "gone": True})
    suppression.suppress([make.ANA], scope=Scope.LISTS, reason=Reason.OBJECTION, now=make.NOW)
    campaign = make.campaign(news)
    row = Subscription.objects.get()
    made = {"purpose": "dpv:DirectMarketing", "language": "en", "provider": "other", "domain": "mail.example"}
    instants = dict.fromkeys(["not_before", "queued_at", "changed_at"], make.NOW)
    skipped = {"state": "skipped", "reason": "suppressed", "decision": row.decision}
    Delivery.objects.create(campaign=campaign, subscription=row, **made, **instants, **skipped)
    page = screen(cms, url("inspect", ana))
    for words in (make.ANA, "Ana M.", "Home town", "Bremen", "You may write to me.", "sign-up form", "Spring", "UTC"):
        assert words in page
    assert "not sent: the address is on the suppression list" in page
    assert "Suppressed: no mail of lists" in page
    assert str(row.decision_id) in page
    assert "<title>" in page
    assert make.ANA not in page[page.index("<title>") : page.index("</title>")]
    assert len(logged("mailing.read")) == 1


def test_an_officer_corrects_what_is_known_but_not_the_address(cms: Client, ana: Subscriber) -> None:
    Field.objects.create(key="visits", label="Visits", kind="number", why="To tell.")
    page = screen(cms, url("edit", ana))
    assert 'name="email"' not in page
    said = {"name": "Ana Maria", "locale": "ru", "time_zone": "Europe/Berlin", "field_visits": "3"}
    answer = cms.post(url("edit", ana), said | {"email": make.BEN})
    assert answer["Location"] == url("inspect", ana)
    person = Subscriber.objects.get()
    assert (person.email, person.name, person.locale, person.fields) == (make.ANA, "Ana Maria", "ru", {"visits": 3})
    assert logged("mailing.correct") == [{"changed": ["name", "locale", "time_zone", "visits"]}]
    answer = cms.post(url("edit", ana), said | {"field_visits": "many"})
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"field_visits"}


def test_leaving_for_a_person_withdraws_their_consent_with_a_reason(
    cms: Client, news: MailingList, ana: Subscriber
) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    kept, row = make.subscriber(make.ANA, offers), Subscription.objects.get(mailing_list=news)
    assert "Take off lists…" in screen(cms, url("inspect", ana))
    assert cms.post(url("leave", ana), {"lists": [row.pk]}).context["form"].errors.keys() == {"reason"}
    answer = cms.post(url("leave", ana), {"lists": [row.pk], "reason": "phone"})
    assert answer["Location"] == url("inspect", ana)
    assert [row.pk for row in Subscription.objects.live()] == [kept.pk]
    newest = Decision.objects.latest("seq")
    assert (newest.action, newest.choices["mail:news"]) == ("withdraw", False)
    assert logged("mailing.leave") == [{"lists": ["news"], "reason": "phone"}]


def test_nobody_elses_list_is_left_through_a_persons_page(cms: Client, news: MailingList, ana: Subscriber) -> None:
    other = make.subscriber(make.BEN, news)
    answer = cms.post(url("leave", ana), {"lists": [other.pk], "reason": "phone"})
    assert answer.context["form"].errors.keys() == {"lists"}
    assert Subscription.objects.live().count() == 2


def test_an_address_is_suppressed_and_lifted_with_a_reason(cms: Client, ana: Subscriber) -> None:
    cms.post(url("suppress", ana), {"scope": "all", "reason": "objection"})
    assert [(row.scope, row.reason) for row in suppression.of(make.ANA)] == [("all", "objection")]
    assert Subscription.objects.live().exists()
    assert "Lift suppression…" in screen(cms, url("inspect", ana))
    cms.post(url("lift", ana), {"reason": "asked"})
    assert not suppression.of(make.ANA)
    assert logged("mailing.suppress") == [{"scope": "all", "reason": "objection"}]
    assert logged("mailing.lift") == [{"reason": "asked"}]


@pytest.mark.parametrize("keep", [True, False])
def test_an_erased_person_is_gone_and_stays_on_the_suppression_list_by_choice(
    cms: Client, ana: Subscriber, keep: bool
) -> None:
    number, decision = ana.pk, Decision.objects.get()
    [box] = BeautifulSoup(screen(cms, url("erase", ana)), "html.parser").select("input[name=keep_hash]")
    assert box.has_attr("checked")
    answer = cms.post(url("erase", ana), {"keep_hash": "on"} if keep else {})
    assert answer["Location"] == url("index")
    assert not Subscriber.objects.exists()
    assert [(row.scope, row.reason) for row in suppression.of(make.ANA)] == ([("lists", "erasure")] if keep else [])
    assert Decision.objects.filter(pk=decision.pk).exists()
    assert Decision.objects.latest("seq").action == "withdraw"
    [entry] = ModelLogEntry.objects.filter(action="mailing.erase")
    assert (entry.object_id, entry.label, entry.data) == (str(number), f"Subscriber #{number}", {"keep_hash": keep})
    assert cms.get(url("inspect", ana)).status_code == 404


def test_what_was_done_stands_in_the_history_with_its_reason(ana: Subscriber) -> None:
    cms = Client()
    cms.force_login(make.vera())
    cms.get(url("inspect", ana))
    cms.post(url("lift", ana), {"reason": "mistake"})
    history = screen(cms, url("history", ana))
    assert "Read what is known of a subscriber" in history
    assert "Lifted the suppression of an address" in history
    assert "it was there by mistake" in history
    assert "Read what is known of a subscriber" in screen(cms, reverse("wagtailadmin_reports:site_history"))


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("inspect", "view_subscriber"),
        ("edit", "change_subscriber"),
        ("leave", "change_subscriber"),
        ("suppress", "add_suppression"),
        ("lift", "delete_suppression"),
        ("erase", "delete_subscriber"),
    ],
)
def test_each_act_takes_its_right(ana: Subscriber, name: str, right: str) -> None:
    stranger = signed_in(*({*EVERY, "view_suppression"} - {right}))
    for answer in (stranger.get(url(name, ana)), stranger.post(url(name, ana), {"keep_hash": "on", "reason": "asked"})):
        assert answer.status_code in {302, 405}
        assert answer.headers.get("Location", "/cms/") == "/cms/"
    assert Subscriber.objects.exists()
    assert not ModelLogEntry.objects.exclude(action__startswith="wagtail").exists()


def test_who_may_not_see_people_does_not_see_that_there_are_any(ana: Subscriber) -> None:
    stranger = signed_in("view_suppression", "view_campaign")
    assert url("index") not in stranger.get("/cms/").content.decode()
    for address in (url("index"), url("inspect", ana)):
        assert stranger.get(address).status_code == 302
    assert stranger.post(url("search"), {"who": make.ANA})["Location"] == "/cms/"


def test_nobody_is_added_by_hand(ana: Subscriber) -> None:
    cms = Client()
    cms.force_login(make.vera())
    assert "/new/" not in screen(cms, url("index"))
    assert cms.get("/cms/mailing/subscribers/new/").status_code == 404


def test_an_empty_list_says_how_people_come_here(cms: Client) -> None:
    assert "Nobody has asked for mail yet." in screen(cms, url("index"))


def test_many_people_cost_no_more_questions(cms: Client, news: MailingList, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        make.request(f"person{number}@mail.example", news)
    screen(cms, url("index"))
    with django_assert_max_num_queries(20):
        assert len(listed(screen(cms, url("index")))) == 50
