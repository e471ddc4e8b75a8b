"""Whatever is sent to a page for readers: an answer with a sentence, never our own error, never a right for free."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.models import Decision
from mailing import tokens
from mailing.models import LinkFollowed, MailingList, Subscription, Suppression
from tests import make
from tests.mailing import reader

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.timeout(300)]
ACTS = {
    "unsubscribe": tokens.UNSUBSCRIBE,
    "preferences": tokens.PREFERENCES,
    "view": tokens.VIEW,
    "why": tokens.WHY,
    "go": tokens.LINK,
    "confirm": "",
}
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.integers(0, 30) | st.sampled_from([2**31, 2**63 - 1, 2**63, 2**64 - 1])
made = st.builds(
    tokens.make, st.sampled_from([act for act in ACTS.values() if act] + ["return", "x"]), numbers, numbers
)
letters = st.characters(min_codepoint=1, max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="/")
odd = st.text(letters, min_size=1, max_size=80)
token = made | odd | made.map(lambda whole: whole[:-1]) | made.map(lambda whole: whole + "A")
words = st.sampled_from(["save", "leave", "never", "link", "news", "One-Click", "", "x" * 64, "\0", "\ud7ff"]) | odd
names = st.sampled_from(["act", "mail", "mail_was", "links", "words", "only", "name", "locale", "time_zone", "email"])
form = st.dictionaries(
    names | st.just("List-Unsubscribe") | st.just("mailing_list"), words | st.lists(words), max_size=6
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_SEC_FETCH_SITE": st.sampled_from(["same-origin", "same-origin", "cross-site", "none"]),
        "HTTP_REFERER": st.sampled_from(["http://testserver/mail/join/", "http://[", "http://testserver/%ff"]),
        "HTTP_ACCEPT": st.sampled_from(["text/html", "application/json", "*/*", ""]),
        "CONTENT_TYPE": st.sampled_from(
            ["text/plain", "application/json", "multipart/form-data", "multipart/x; boundary="]
        ),
    },
)


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


def is_answer(answer: Any) -> bool:
    return 200 <= answer.status_code < 500


@MANY
@given(page=st.sampled_from(sorted(ACTS)), token=token, form=form, headers=headers)
def test_a_page_behind_a_token_always_answers(
    ana: Subscription, page: str, token: str, form: dict[str, Any], headers: dict[str, str]
) -> None:
    address = f"/mail/{page}/{token}/"
    head = {name: value for name, value in headers.items() if name != "CONTENT_TYPE"}
    assert is_answer(Client().get(address, **head))
    assert is_answer(Client().post(address, form, **head))
    if "CONTENT_TYPE" in headers:
        assert is_answer(Client().generic("POST", address, b"\xff=\x00&a", headers["CONTENT_TYPE"], **head))


@MANY
@given(address=st.sampled_from(["/mail/join/", "/mail/preferences/", "/ru/mail/join/"]), form=form, headers=headers)
def test_a_page_without_one_always_answers(
    ana: Subscription, address: str, form: dict[str, Any], headers: dict[str, str]
) -> None:
    head = {name: value for name, value in headers.items() if name != "CONTENT_TYPE"}
    assert is_answer(Client().post(address, form, **head))


@MANY
@given(form=form, headers=headers)
def test_a_page_of_preferences_always_answers(ana: Subscription, form: dict[str, Any], headers: dict[str, str]) -> None:
    head = {name: value for name, value in headers.items() if name != "CONTENT_TYPE"} | make.HERE
    assert is_answer(Client().post(reader.preferences(ana.subscriber), form, **head))
    assert is_answer(Client().post(reader.preferences(ana.subscriber)[:-2], form, **head))


@pytest.mark.parametrize("made_for", [act for act in ACTS.values() if act] + [tokens.RETURN, tokens.MESSAGE])
@pytest.mark.parametrize("page", sorted(ACTS))
def test_a_token_for_one_act_is_refused_for_another(ana: Subscription, page: str, made_for: str) -> None:
    if made_for == ACTS[page]:
        return
    token = tokens.make(made_for, ana.pk, 0)
    for answer in (Client().get(f"/mail/{page}/{token}/"), Client().post(f"/mail/{page}/{token}/", **make.HERE)):
        assert answer.status_code in {404, 405}
    assert Subscription.objects.live().count() == Decision.objects.count() == 1
    assert not LinkFollowed.objects.exists()
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("page", sorted(ACTS))
@pytest.mark.parametrize(
    "token", ["1", "1~abc", "1~abc~def", "%00", "ümlaut", "~~~~", "7:1qX3:aaaa", "A" * 43, "A" * 5000]
)
def test_a_link_that_is_not_ours_says_what_to_do(ana: Subscription, page: str, token: str) -> None:
    answer = Client().get(f"/mail/{page}/{token}/")
    assert (answer.status_code, "Copy it whole from the mail." in answer.content.decode()) == (404, True)


def test_one_changed_letter_of_any_token_is_not_ours(ana: Subscription) -> None:
    for act in (act for act in ACTS.values() if act):
        token = tokens.make(act, ana.pk, 7)
        for place in range(len(token)):
            other = "x" if token[place] != "x" else "y"
            with pytest.raises(tokens.BadToken):
                tokens.read(token[:place] + other + token[place + 1 :], act)
