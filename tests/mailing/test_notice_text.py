"""What a notice of a policy version says, and how one leaves by it."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from wagtail.models import Locale

from mailing import compose
from mailing.models import Campaign
from policies import freeze
from policies.models import PolicyPage, PolicyVersion
from tests import make
from tests.mailing.opened import ANA, links, opened, part

pytestmark = pytest.mark.usefixtures("clock")
SOON = make.NOW + timedelta(days=30)


def announced(policy: PolicyPage, at: datetime | None = SOON, note: str = "We keep less.") -> PolicyVersion:
    make.revise(policy, "New.", at=at, note=note, material=True)
    return policy.versions.order_by("-number")[0]


def told(
    version: PolicyVersion, kind: str = "notice", *, language: str = "en", now: datetime = make.NOW
) -> EmailMessage:
    campaign, _new = Campaign.objects.get_or_create(kind=kind, policy_version=version, defaults={"title": "Policy"})
    return opened(compose.edition(campaign, language=language, now=now).wire(ANA))


def test_it_says_what_changes_and_when_in_both_parts(policy: PolicyPage) -> None:
    message = told(announced(policy))
    assert message["Subject"] == "Privacy policy: version 2 takes force on 31 March 2026"
    for kind in ("plain", "html"):
        text = part(message, kind)
        assert "“Privacy policy” is going to change. Version 2 takes force on 31 March 2026, 12:00 UTC." in text
        assert "What changes: We keep less." in text
        assert "http://testserver/privacy/compare/1-2/" in text


def test_without_a_note_nothing_is_said_of_what_changes(policy: PolicyPage) -> None:
    assert "What changes" not in part(told(announced(policy, note="")), "plain")


def test_once_in_force_it_says_so(policy: PolicyPage) -> None:
    message = told(announced(policy), now=SOON)
    assert message["Subject"] == "Privacy policy: version 2 took force on 31 March 2026"
    assert "has changed. Version 2 is in force from 31 March 2026, 12:00 UTC." in part(message, "plain")


@pytest.mark.parametrize(("now", "verb"), [(make.NOW, "ends"), (SOON, "ended")])
def test_the_end_of_a_policy_leads_to_its_history(policy: PolicyPage, now: datetime, verb: str) -> None:
    freeze.end(page=policy, effective_from=SOON, now=make.NOW, note="We close.")
    message = told(policy.versions.order_by("-number")[0], now=now)
    assert message["Subject"] == f"Privacy policy {verb} on 31 March 2026"
    text = part(message, "plain")
    assert f"“Privacy policy” {verb} on 31 March 2026, 12:00 UTC. Its versions can be read as before." in text
    assert "All versions:\nhttp://testserver/privacy/history/" in text


def test_a_withdrawal_says_that_nothing_changes(policy: PolicyPage) -> None:
    message = told(announced(policy), "withdrawal")
    assert message["Subject"] == "Privacy policy: version 2 was withdrawn"
    for kind in ("plain", "html"):
        text = part(message, kind)
        assert "We told you that version 2 of “Privacy policy” would take force on 31 March 2026." in text
        assert "We have withdrawn it: it does not take force." in text
        assert "http://testserver/privacy/history/" in text


@pytest.mark.parametrize("kind", ["notice", "withdrawal"])
def test_one_leaves_by_it_and_it_promotes_nothing(policy: PolicyPage, kind: str) -> None:
    message = told(announced(policy), kind)
    leave = message["List-Unsubscribe"].strip("<>")
    assert re.fullmatch(r"http://testserver/mail/unsubscribe/[\w-]{43}/", leave)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == '"News" <news.localhost>'
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(rf"\d+:news:{kind}:localhost", message["Feedback-ID"])
    for which in ("plain", "html"):
        text = part(message, which)
        assert "This message is about your data and promotes nothing." in text
        assert text.count(leave) == 1
        assert {"preferences", "why", "view"} <= {link.split("/")[2] for link in links(text) if "/mail/" in link}
    assert f"News: {leave}" in part(message, "plain")
    assert "Leave “News”</a>" in part(message, "html")


def test_no_link_of_it_is_counted(policy: PolicyPage) -> None:
    version = announced(policy)
    Campaign.objects.update_or_create(kind="notice", policy_version=version, defaults={"count_links": True})
    message = told(version)
    assert "/mail/go/" not in part(message, "plain") + part(message, "html")


def test_it_speaks_the_readers_language_and_links_that_page(policy: PolicyPage) -> None:
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    policy.get_parent().copy_for_translation(russian)
    translation = policy.copy_for_translation(russian)
    translation.title = "Политика"
    translation.save_revision().publish()
    message = told(announced(policy), language="ru")
    assert "31 марта 2026" in message["Subject"]
    assert 'lang="ru"' in part(message, "html")
    assert "http://testserver/ru/privacy/compare/1-2/" in part(message, "plain")


def test_where_it_is_not_translated_the_page_in_force_is_linked(policy: PolicyPage) -> None:
    message = told(announced(policy), language="ru")
    assert "http://testserver/privacy/compare/1-2/" in part(message, "plain")


def test_its_web_page_shows_what_was_said_then(policy: PolicyPage) -> None:
    version = announced(policy)
    campaign, _new = Campaign.objects.get_or_create(kind="notice", policy_version=version)
    assert "is going to change" in compose.page(campaign, language="en")
    campaign.queued_at = SOON
    assert "has changed" in compose.page(campaign, language="en")
