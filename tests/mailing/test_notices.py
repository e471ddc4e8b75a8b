"""A material version is announced once to whoever it concerns, as soon as it is frozen, whatever happens to workers."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Locale

from consent.told import Told
from mailing import audience, deliver, notices, tasks
from mailing.models import Campaign, Delivery, MailingList, Subscriber, Subscription
from policies import freeze
from policies.models import PolicyPage, PolicyVersion
from tests import make
from tests.committed import together
from tests.mailing.conftest import PostOffice, states

pytestmark = pytest.mark.usefixtures("clock")
SOON = make.NOW + timedelta(days=30)
State = Delivery.State


def announce(policy: PolicyPage, *, at: datetime | None = SOON, material: bool = True, words: str = "New.") -> int:
    """Freezes the next version; returns its key."""
    make.revise(policy, words, at=at, note="We keep less.", material=material)
    return policy.versions.order_by("-number")[0].pk


def work() -> None:
    """All that a worker finds to announce and to send now, until nothing is left."""
    turns = {"notice": lambda key: notices.queue(key, now=timezone.now()), "campaign": deliver.send}
    while found := [look for look in deliver.unfinished(now=timezone.now()) if look[0] in turns]:
        for kind, key in found:
            turns[kind](key)


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def test_who_agreed_to_our_mail_is_told_before_the_change(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    announce(policy)
    work()
    letter = post_office.letter(make.ANA)
    assert letter["Subject"] == "Privacy policy: version 2 takes force on 31 March 2026"
    for kind in ("plain", "html"):
        text = part(letter, kind)
        assert "“Privacy policy” is going to change. Version 2 takes force on 31 March 2026, 12:00 UTC." in text
        assert "What changes: We keep less." in text
        assert "http://testserver/privacy/compare/1-2/" in text


def test_its_headers_and_its_links_leave_the_list_it_came_by(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    ana = make.subscriber(make.ANA, news)
    announce(policy)
    work()
    letter = post_office.letter(make.ANA)
    leave = letter["List-Unsubscribe"].strip("<>")
    assert (letter["List-Id"], letter["List-Unsubscribe-Post"]) == (
        '"News" <news.quay.example>',
        "List-Unsubscribe=One-Click",
    )
    assert leave in part(letter, "plain")
    assert leave in part(letter, "html")
    Client().post(leave.removeprefix("http://testserver"), {"List-Unsubscribe": "One-Click"})
    assert not Subscription.objects.live().filter(pk=ana.pk).exists()


def test_one_person_on_three_lists_is_told_once_and_may_choose_among_them(
    policy: PolicyPage, news: MailingList, changes: MailingList, post_office: PostOffice
) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    for mailing_list in (news, offers, changes):
        make.subscriber(make.ANA, mailing_list)
    announce(policy)
    work()
    letter = post_office.letter(make.ANA)
    assert "policy-changes.quay.example" in letter["List-Id"]
    assert len(post_office.letters) == 1
    assert part(letter, "plain").count("/mail/unsubscribe/") == 1
    assert part(letter, "plain").count("/mail/preferences/") == 1


def test_who_leaves_one_of_two_lists_meanwhile_is_told_by_the_other(
    policy: PolicyPage, news: MailingList, changes: MailingList, post_office: PostOffice
) -> None:
    asked, agreed = make.subscriber(make.ANA, changes), make.subscriber(make.ANA, news)
    notices.queue(announce(policy), now=make.NOW)
    audience.leave(subscription=asked, told=Told(), now=make.NOW)
    work()
    assert "news.quay.example" in post_office.letter(make.ANA)["List-Id"]
    assert Delivery.objects.get().decision == agreed.decision


def test_who_asked_for_notices_alone_gets_them_and_who_left_or_never_confirmed_gets_none(
    policy: PolicyPage, news: MailingList, changes: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, changes)
    make.request(make.BEN, news)
    audience.leave(subscription=make.subscriber(make.CLEO, news), told=Told(), now=make.NOW)
    announce(policy)
    work()
    assert post_office.addresses == [make.ANA]


def test_it_needs_no_promotional_purpose_in_force(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.purpose(number=2, at=make.NOW, named=False)
    make.subscriber(make.ANA, news)
    announce(policy)
    work()
    assert post_office.addresses == [make.ANA]


@pytest.mark.parametrize("material", [True, False])
def test_only_a_material_version_after_the_first_is_announced(
    policy: PolicyPage, news: MailingList, material: bool
) -> None:
    make.subscriber(make.ANA, news)
    assert notices.due() == []
    key = announce(policy, material=material)
    assert notices.due() == ([key] if material else [])
    assert (notices.queue(key, now=make.NOW) is not None) is material


def test_the_end_of_the_policy_is_announced(policy: PolicyPage, news: MailingList, post_office: PostOffice) -> None:
    make.subscriber(make.ANA, news)
    freeze.end(page=policy, effective_from=SOON, now=make.NOW, note="We close.")
    work()
    letter = post_office.letter(make.ANA)
    assert letter["Subject"] == "Privacy policy ends on 31 March 2026"
    assert "http://testserver/privacy/history/" in part(letter, "plain")


def test_another_policy_concerns_only_who_asked_for_notices(
    policy: PolicyPage, news: MailingList, changes: MailingList, post_office: PostOffice
) -> None:
    ana = make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, changes)
    audience.leave(subscription=ana, told=Told(), now=make.NOW)
    again = make.request(make.ANA, news, make.NOW + timedelta(minutes=1))
    audience.confirm(subscription=again, told=Told(policy.versions.get()), now=make.NOW + timedelta(minutes=1))
    rules = PolicyPage(title="House rules", slug="rules", body=[make.text("No dogs.")])
    policy.get_parent().add_child(instance=rules)
    rules.save_revision().publish()
    announce(rules)
    work()
    assert post_office.addresses == [make.BEN]


def test_whoever_agrees_once_it_is_in_force_is_not_told(
    policy: PolicyPage, news: MailingList, clock: time_machine.Traveller, post_office: PostOffice
) -> None:
    announce(policy)
    make.subscriber(make.ANA, news, SOON - timedelta(seconds=1))
    make.subscriber(make.BEN, news, SOON)
    clock.move_to(SOON)
    work()
    assert post_office.addresses == [make.ANA]
    assert "has changed. Version 2 is in force from 31 March 2026" in part(post_office.letter(make.ANA), "plain")


def test_each_version_is_told_once_however_often_workers_look(
    policy: PolicyPage, news: MailingList, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    make.subscriber(make.ANA, news)
    first = announce(policy)
    second = announce(policy, at=SOON + timedelta(days=1), words="Newer.")
    for _look in range(3):
        work()
        assert notices.queue(first, now=timezone.now()) is None
        assert notices.queue(second, now=timezone.now()) is None
        clock.shift(timedelta(days=20))
    numbers = Campaign.objects.order_by("pk").values_list("kind", "policy_version__number", "state")
    assert list(numbers) == [("notice", 2, "sent"), ("notice", 3, "sent")]
    assert len(post_office.letters) == 2


def test_two_workers_who_find_it_at_once_queue_it_once(committed: None) -> None:
    page, news = make.policy(make.site()), make.mailing_list()
    make.subscriber(make.ANA, news)
    key = announce(page)
    together(*[lambda: notices.queue(key, now=make.NOW)] * 4)
    assert (Campaign.objects.count(), Delivery.objects.count()) == (1, 1)


def test_freezing_and_withdrawing_tell_a_worker_at_once(
    policy: PolicyPage,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.announce, "apply_async", lambda arguments, **named: asked.extend(arguments))
    with django_capture_on_commit_callbacks(execute=True):
        key = announce(policy)
        announce(policy, material=False, at=None, words="A comma.")
        freeze.withdraw(version=PolicyVersion.objects.get(pk=key), now=make.NOW, reason="A mistake.")
    assert asked == [key, key]


def withdrawn(key: int) -> None:
    freeze.withdraw(version=PolicyVersion.objects.get(pk=key), now=make.NOW, reason="A mistake.")


def test_what_is_withdrawn_before_the_notice_left_is_never_mentioned(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    unseen = announce(policy)
    withdrawn(unseen)
    seen = announce(policy, words="Newer.")
    campaign = notices.queue(seen, now=make.NOW)
    withdrawn(seen)
    assert campaign
    deliver.send(campaign.pk)
    work()
    assert states() == {make.ANA: "skipped: the policy version was withdrawn"}
    assert (post_office.letters, notices.due()) == ([], [])


def test_whoever_was_told_is_told_once_that_it_was_withdrawn(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    key = announce(policy)
    campaign = notices.queue(key, now=make.NOW)
    assert campaign
    ben = campaign.deliveries.get(subscription__subscriber__email=make.BEN)
    Delivery.objects.filter(pk=ben.pk).update(not_before=make.NOW + timedelta(hours=1))
    deliver.send(campaign.pk)
    withdrawn(key)
    work()
    assert post_office.addresses == [make.ANA, make.ANA]
    last = post_office.letters[-1][1].decode()
    assert "Subject: Privacy policy: version 2 was withdrawn" in last
    assert "List-Unsubscribe: <http" in last
    work()
    assert len(post_office.letters) == 2


def test_the_withdrawal_waits_while_a_worker_still_holds_a_row(policy: PolicyPage, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    key = announce(policy)
    notices.queue(key, now=make.NOW)
    ana, ben = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=ana.pk).update(state=State.SENT)
    Delivery.objects.filter(pk=ben.pk).update(state=State.SENDING)
    withdrawn(key)
    assert notices.queue(key, now=make.NOW) is None
    assert notices.due() == [key]
    Delivery.objects.filter(pk=ben.pk).update(state=State.SENT)
    campaign = notices.queue(key, now=make.NOW)
    assert campaign
    assert campaign.deliveries.count() == 2


def test_the_notice_speaks_the_readers_language_and_links_its_page(
    policy: PolicyPage, news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    Subscriber.objects.update(locale="ru")
    home = policy.get_parent()
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    home.copy_for_translation(russian)
    translation = policy.copy_for_translation(russian)
    translation.title = "Политика"
    translation.save_revision().publish()
    announce(policy)
    work()
    letter = post_office.letter(make.ANA)
    assert "31 марта 2026" in letter["Subject"]
    assert 'lang="ru"' in part(letter, "html")
    assert "http://testserver/ru/privacy/compare/1-2/" in part(letter, "plain")
