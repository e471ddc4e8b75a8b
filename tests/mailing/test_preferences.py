"""The link from the mailbox changes what somebody gets; each change is a decision, and nothing else is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from consent.told import Told
from mailing import audience, suppression
from mailing.models import MailingList, Subscriber, Subscription
from tests import make
from tests.committed import together
from tests.mailing import reader

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


@pytest.fixture
def offers(news: MailingList) -> MailingList:
    return MailingList.objects.create(key="offers", name="Offers", description="Prices.")


def shown(client: Client, person: Subscriber) -> dict[str, Any]:
    """What the form on the page would send if nobody touched it."""
    page = client.get(reader.preferences(person)).content.decode()
    form: dict[str, Any] = {"locale": "en", "name": "", "time_zone": "", "act": "save"}
    for tag in re.findall(r"<input [^>]*>", page):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] == "hidden" or (said["type"] == "checkbox" and " checked" in tag):
            form.setdefault(said["name"], []).append(said["value"])
    return form


def send(client: Client, person: Subscriber, form: dict[str, Any], *without: str, **more: Any) -> Any:
    left = {name: value for name, value in form.items() if name not in without}
    return client.post(reader.preferences(person), left | more, **make.HERE)


def on(person: Subscriber) -> set[str]:
    return set(Subscription.objects.live().filter(subscriber=person).values_list("mailing_list__key", flat=True))


def test_the_page_names_nobody_in_full(client: Client, ana: Subscription) -> None:
    answer = client.get(reader.preferences(ana.subscriber))
    page = answer.content.decode()
    assert "a•••@mail.example" in page
    assert make.ANA not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in answer["Cache-Control"]


def test_each_list_stands_there_with_its_words_and_its_tick(
    client: Client, ana: Subscription, offers: MailingList
) -> None:
    page = client.get(reader.preferences(ana.subscriber)).content.decode()
    assert "Quay Ltd may send me “Offers” by e-mail: Prices." in page
    assert re.search(r'name="mail" value="news"[^>]* checked', page)
    assert not re.search(r'name="mail" value="offers"[^>]* checked', page)
    assert not re.search(r'name="links"[^>]* checked', page)


def test_opening_it_changes_nothing(client: Client, ana: Subscription) -> None:
    address = reader.preferences(ana.subscriber)
    for query in ("", "?saved", "?act=never", "?mail=offers"):
        assert client.get(address + query).status_code == 200
    assert [client.head(address).status_code, client.options(address).status_code] == [200, 405]
    assert Decision.objects.count() == 1


def test_saving_what_is_so_already_decides_nothing(client: Client, ana: Subscription) -> None:
    answer = send(client, ana.subscriber, shown(client, ana.subscriber))
    assert (answer.status_code, answer["Location"]) == (303, f"{reader.preferences(ana.subscriber)}?saved")
    assert Decision.objects.count() == 1


def test_a_tick_joins_without_a_second_mail(client: Client, ana: Subscription, offers: MailingList) -> None:
    person, form = ana.subscriber, shown(client, ana.subscriber)
    send(client, person, form, mail=["news", "offers"])
    assert on(person) == {"news", "offers"}
    subscription = Subscription.objects.get(mailing_list=offers)
    decision = subscription.decision
    assert decision
    assert (decision.choices, decision.action, decision.source) == ({"mail:offers": True}, "give", "mail")
    assert decision.statement == subscription.statement
    assert decision.statement.startswith("Quay Ltd may send me “Offers”")
    assert (decision.policy_version.number, decision.decided_at) == (1, make.NOW)  # type: ignore[union-attr]
    assert (subscription.source, subscription.locale) == ("prefs", "en")
    assert subscription.requested_at == subscription.confirmed_at == make.NOW


def test_a_tick_taken_back_leaves(client: Client, ana: Subscription, clock: Any) -> None:
    form = shown(client, ana.subscriber)
    clock.shift(60)
    send(client, ana.subscriber, form, "mail")
    assert on(ana.subscriber) == set()
    yes, no = Decision.objects.order_by("seq")
    assert (no.choices, no.action, no.consent_id) == ({"mail:news": False}, "withdraw", yes.consent_id)


def test_coming_back_is_another_decision_of_the_same_person(client: Client, ana: Subscription, clock: Any) -> None:
    audience.leave(subscription=ana, told=Told(), now=make.NOW)
    clock.shift(60)
    send(client, ana.subscriber, shown(client, ana.subscriber), mail=["news"])
    assert [row.choices["mail:news"] for row in Decision.objects.order_by("seq")] == [True, False, True]
    assert Decision.objects.values("consent_id").distinct().count() == 1
    assert on(ana.subscriber) == {"news"}


def test_counting_links_is_a_consent_of_its_own(client: Client, ana: Subscription) -> None:
    person = ana.subscriber
    send(client, person, shown(client, person), links=["news"])
    given = Decision.objects.order_by("seq").last()
    assert given
    assert (given.choices, given.action) == ({"mail-links:news": True}, "give")
    assert given.statement.startswith("Quay Ltd may count which links of the mails of “News” I open.")
    assert given.consent_id == ana.decision.consent_id  # type: ignore[union-attr]
    ana.refresh_from_db()
    assert (audience.tracking_allowed(ana, make.NOW), on(person)) == (True, {"news"})
    send(client, person, shown(client, person), "links")
    ana.refresh_from_db()
    assert (audience.tracking_allowed(ana, make.NOW), on(person)) == (False, {"news"})


def test_links_of_a_list_somebody_is_not_on_are_not_counted(
    client: Client, ana: Subscription, offers: MailingList
) -> None:
    send(client, ana.subscriber, shown(client, ana.subscriber), links=["offers"])
    assert Decision.objects.count() == 1


def test_leave_everything_leaves_everything(client: Client, ana: Subscription, offers: MailingList, clock: Any) -> None:
    make.subscriber(make.ANA, offers)
    clock.shift(60)
    answer = send(client, ana.subscriber, {"act": "leave"})
    assert answer["Location"].endswith("?left")
    assert on(ana.subscriber) == set()
    assert Decision.objects.filter(action="withdraw").count() == 2
    assert suppression.of(make.ANA) == []
    assert send(client, ana.subscriber, {"act": "leave"})["Location"].endswith("?nothing")


def test_what_was_asked_for_and_not_confirmed_is_taken_back_too(
    client: Client, ana: Subscription, offers: MailingList
) -> None:
    asked = make.request(make.ANA, offers)
    send(client, ana.subscriber, {"act": "leave"})
    assert client.post(reader.confirm(asked), **make.HERE).status_code == 410
    assert not audience.waiting_for_question(make.NOW).exists()


def test_never_again_is_kept_under_a_hash(client: Client, ana: Subscription) -> None:
    assert send(client, ana.subscriber, {"act": "never"})["Location"].endswith("?never")
    [entry] = suppression.of(make.ANA)
    assert (entry.scope, entry.reason, on(ana.subscriber)) == ("lists", "objection", set())
    page = client.get(reader.preferences(ana.subscriber)).content.decode()
    assert "Mail of lists has not been sent to this address since 1 March 2026" in page


def test_whoever_joins_a_list_again_is_written_to_again(client: Client, ana: Subscription, clock: Any) -> None:
    send(client, ana.subscriber, {"act": "never"})
    clock.shift(60)
    send(client, ana.subscriber, shown(client, ana.subscriber), mail=["news"])
    assert (on(ana.subscriber), suppression.of(make.ANA)) == ({"news"}, [])


def test_words_that_changed_meanwhile_are_not_agreed_to(client: Client, ana: Subscription, offers: MailingList) -> None:
    form = shown(client, ana.subscriber)
    MailingList.objects.filter(key="offers").update(description="Prices, and those of our friends.")
    answer = send(client, ana.subscriber, form, mail=["news", "offers"], name="Ana")
    assert answer.status_code == 409
    assert "The words below changed" in answer.content.decode()
    ana.subscriber.refresh_from_db()
    assert (on(ana.subscriber), ana.subscriber.name) == ({"news"}, "")


@pytest.mark.parametrize("form", [{}, {"words": "x"}, {"act": "save", "mail": "news"}, {"act": "burn"}, {"act": "\0"}])
def test_a_form_that_is_not_ours_changes_nothing(client: Client, ana: Subscription, form: dict[str, str]) -> None:
    assert send(client, ana.subscriber, form).status_code in {409, 422}
    assert Decision.objects.count() == 1


def test_a_list_there_is_not_cannot_be_joined(client: Client, ana: Subscription) -> None:
    answer = send(client, ana.subscriber, shown(client, ana.subscriber), mail=["news", "secret"])
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.content.decode()


def test_another_site_changes_nothing(client: Client, ana: Subscription) -> None:
    address = reader.preferences(ana.subscriber)
    assert client.post(address, {"act": "never"}, headers={"Origin": "http://evil.example"}).status_code == 403
    assert suppression.of(make.ANA) == []


def test_a_page_that_stood_open_undoes_nothing_its_reader_did_not_touch(
    client: Client, ana: Subscription, clock: Any
) -> None:
    """Two browsers: the second still shows the tick, and its reader only writes a name."""
    old = shown(client, ana.subscriber)
    clock.shift(60)
    send(client, ana.subscriber, {"act": "leave"})
    clock.shift(60)
    assert send(client, ana.subscriber, old, name="Ana").status_code == 303
    ana.subscriber.refresh_from_db()
    assert (on(ana.subscriber), ana.subscriber.name) == (set(), "Ana")


def test_two_browsers_at_once_make_one_decision(committed: None) -> None:
    news = make.mailing_list()
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    person = make.subscriber(make.ANA, news).subscriber
    wish = audience.Wish(offers, "You may.", "You may count.", mail=True, links=True)

    def save() -> int:
        return audience.change(subscriber=person, wishes=[wish], locale="en", told=Told(), now=make.NOW)

    assert sorted(together(save, save, save)) == [0, 0, 2]
    assert Decision.objects.count() == 3


def test_joining_here_and_leaving_there_at_once_never_deadlocks(committed: None) -> None:
    news = make.mailing_list()
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    subscription = make.subscriber(make.ANA, news)
    person, later = subscription.subscriber, make.NOW + timedelta(seconds=1)
    wishes = [audience.Wish(each, "You may.", "Count.", mail=True, links=True) for each in (offers, news)]
    together(
        lambda: audience.change(subscriber=person, wishes=wishes, locale="en", told=Told(), now=later),
        lambda: audience.object_to_mail(subscriber=person, told=Told(), now=later),
        lambda: make.request(make.ANA, offers, later),
        lambda: audience.leave(subscription=subscription, told=Told(), now=later),
    )
    for row in Subscription.objects.select_related("decision", "mailing_list"):
        if row.decision:
            spoken = Decision.objects.filter(choices__has_key=row.mailing_list.purpose).order_by("seq").last()
            assert spoken
            assert spoken.choices[row.mailing_list.purpose] == (row.left_at is None)
