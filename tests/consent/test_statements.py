"""Consents that are no cookies are decisions too: mail, an entry everybody sees, data passed on."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from consent import decide, told
from consent.catalogue import Published
from consent.decide import KeyReused
from consent.models import Decision
from consent.told import Told
from mailing import audience, tokens
from mailing.models import Subscription
from policies.models import PolicyPage
from tests import make
from tests.policies import languages

DAY = timedelta(days=1)
ANA = uuid.UUID(int=1)
PURPOSES = ["mail:news", "public:name", "share:carrier"]
WORDS = "Quay Ltd may show my name beside what I wrote."

pytestmark = pytest.mark.django_db


def say(purpose: str, yes: bool, *, days: int = 0, **changes: Any) -> Decision:
    """Ana agrees to a sentence, or takes it back, so many days after make.NOW."""
    values: dict[str, Any] = {
        "choices": {purpose: yes},
        "source": Decision.Source.FORM,
        "action": Decision.Action.GIVE if yes else Decision.Action.WITHDRAW,
        "at": make.NOW + days * DAY,
        "key": uuid.uuid4(),
        "told": Told(),
        "statement": WORDS,
        "consent_id": ANA,
        "locale": "en",
    }
    return decide.record(**values | changes)[0]


def standing(purpose: str, *, days: float = 0, who: uuid.UUID = ANA) -> Decision | None:
    return decide.standing_for(consent_id=who, purpose=purpose, at=make.NOW + days * DAY)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_consent_stands_from_the_moment_it_is_given(purpose: str) -> None:
    given = say(purpose, True)
    assert standing(purpose, days=-0.001) is None
    assert standing(purpose) == given
    assert standing(purpose, days=3000) == given
    assert (given.statement, given.snapshot_id, given.expires_at) == (WORDS, None, None)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_withdrawal_ends_it_at_once_and_leaves_both_rows(purpose: str) -> None:
    given = say(purpose, True)
    say(purpose, False, days=10)
    assert standing(purpose, days=9.99) == given
    assert standing(purpose, days=10) is None
    assert list(Decision.objects.order_by("seq").values_list("action", flat=True)) == ["give", "withdraw"]


def test_what_is_given_again_stands_again() -> None:
    for days, yes in enumerate((True, False, True)):
        say("public:name", yes, days=days)
    assert standing("public:name", days=1) is None
    assert standing("public:name", days=2)


def test_it_ends_at_its_instant_where_it_has_one() -> None:
    given = say("share:carrier", True, expires_at=make.NOW + 30 * DAY)
    assert standing("share:carrier", days=29.99) == given
    assert standing("share:carrier", days=30) is None


def test_each_purpose_and_each_person_is_asked_for_alone() -> None:
    say("public:name", True)
    say("share:carrier", False)
    assert standing("public:name")
    assert standing("share:carrier") is None
    assert standing("mail:news") is None
    assert standing("public:name", who=uuid.UUID(int=2)) is None


def test_one_row_may_speak_of_several(published: Published) -> None:
    say("", True, choices={"public:name": True, "public:photo": False})
    assert standing("public:name")
    assert standing("public:photo") is None
    say("public:photo", True, days=1)
    assert standing("public:name", days=1)
    assert standing("public:photo", days=1)


def test_a_choice_about_cookies_is_not_a_consent_to_anything_else(published: Published) -> None:
    decision = make.decision(published, "analytics")
    assert standing("public:name", who=decision.consent_id) is None
    assert standing("analytics", who=decision.consent_id) == decision
    assert standing("analytics", days=182, who=decision.consent_id) is None


def test_nobody_agrees_to_what_was_not_said() -> None:
    with pytest.raises(IntegrityError, match="decision_says_what_was_shown"), transaction.atomic():
        say("public:name", True, statement="")


def test_the_same_form_sent_twice_is_one_consent() -> None:
    key = uuid.uuid4()
    assert say("public:name", True, key=key) == say("public:name", True, key=key, days=1)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("change", [{"choices": {"public:name": False}}, {"statement": "Other words."}])
def test_a_key_stands_for_one_consent_to_certain_words(change: dict[str, Any]) -> None:
    key = uuid.uuid4()
    say("public:name", True, key=key)
    with pytest.raises(KeyReused):
        say("public:name", True, key=key, **change)


@pytest.mark.parametrize(("prefix", "rendition"), [("", None), ("/ru", "ru")])
def test_a_mails_link_names_the_policy_as_it_was_read(
    client: Client, policy: PolicyPage, prefix: str, rendition: str | None
) -> None:
    languages.translate(policy, "Мы ничего не храним.").save_revision().publish()
    told.forget()
    subscription = make.request(make.ANA, make.mailing_list())
    address = f"{prefix}/mail/confirm/{tokens.for_confirmation(subscription)}/"
    assert client.post(address, **make.HERE).status_code == 200
    decision = Decision.objects.get()
    assert decision.policy_version == policy.versions.get()
    assert decision.locale == "en"  # the language of the words agreed to
    assert (decision.rendition.language if decision.rendition else None) == rendition
    assert (decision.source, decision.path, decision.gpc, decision.expires_at) == ("mail", "", None, None)


def test_who_leaves_a_list_withdraws_and_the_words_stay_known(policy: PolicyPage) -> None:
    subscription = make.subscriber(make.ANA, make.mailing_list())
    version = policy.versions.get()
    with translation.override("ru"):
        audience.leave(subscription=subscription, told=Told(version), now=make.NOW + DAY)
    gone = Decision.objects.latest("seq")
    assert (gone.action, gone.locale, gone.policy_version) == ("withdraw", "ru", version)
    assert gone.statement == Subscription.objects.get().statement
    assert decide.standing_for(consent_id=gone.consent_id, purpose="mail:news", at=make.NOW + DAY) is None
