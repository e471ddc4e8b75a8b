"""Groups are chosen one by one, and services too; what was not asked about again goes on as it was chosen before."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from consent import decide
from consent.catalogue import Published
from consent.cookie import Standing
from consent.decide import Choice
from consent.models import Decision
from policies.models import PolicyPage
from tests import make
from tests.committed import together
from tests.consent import catalogues
from tests.consent.conftest import Post

DAY = timedelta(days=1)
ALL = {"analytics": True, "maps": True, "marketing": True}
NONE = dict.fromkeys(ALL, False)


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


def newest() -> Decision:
    return Decision.objects.latest("seq")


def allowed() -> set[str]:
    return {key for key, yes in newest().services.items() if yes}


def test_a_service_goes_with_its_group(post: Post) -> None:
    post(choices={"maps": True})
    assert allowed() == {"streets", "tides"}


def test_a_service_may_be_left_out_of_its_group(post: Post) -> None:
    answer = post(choices={"maps": True}, services={"tides": False}).json()
    assert allowed() == {"streets"}
    assert answer["services"] == newest().services


def test_a_service_may_be_allowed_alone(post: Post, client: Client) -> None:
    post(choices=NONE, services={"tides": True})
    assert newest().choices == NONE
    assert allowed() == {"tides"}


def test_a_service_that_was_left_out_stays_so_while_another_group_is_answered(post: Post) -> None:
    post(choices=ALL, services={"tides": False})
    post(choices={"analytics": False})
    assert newest().choices == ALL | {"analytics": False}
    assert allowed() == {"streets", "billboard", "beacon"}


@pytest.mark.parametrize(
    "services",
    [{"unheard": True}, {"essential": True}, {"maps": True}, {"tides": 1}, {"tides": None}, {"\0": True}, ["tides"], 7],
)
def test_a_service_nobody_offers_or_an_unclear_answer_is_refused(post: Post, services: Any) -> None:
    assert post(services=services).status_code == 422
    assert not Decision.objects.exists()


def test_a_group_and_a_service_of_the_same_name_are_two(policy: PolicyPage, client: Client) -> None:
    catalogues.group("video", "player")
    catalogues.group("player", "video", gpc=True)
    published = make.publish()
    earlier = Standing({"video": True, "player": True}, {"player": True, "video": True})
    choice = decide.complete({"video": False}, published, earlier=earlier)
    assert choice == Choice({"video": False, "player": True}, {"player": False, "video": True})
    heeded = decide.under_signal(choice, published, explicit=Choice(services={"player": True}))
    assert heeded == Choice({"video": False, "player": False}, {"player": False, "video": False})
    assert decide.action(Choice({}, {"video": True}), Standing({"video": True}, {})) == "change"


def test_who_is_asked_again_about_one_group_keeps_the_others(post: Post, client: Client) -> None:
    post(choices=ALL | {"marketing": False})
    published = catalogues.change("maps")
    post(choices={"maps": False}, snapshot=published.sha256)
    assert newest().choices == {"analytics": True, "maps": False, "marketing": False}
    assert allowed() == {"tally"}


def test_what_changed_and_is_not_answered_is_refused(post: Post) -> None:
    post(choices=ALL)
    published = catalogues.change("maps")
    post(choices={}, snapshot=published.sha256)
    assert newest().choices == ALL | {"maps": False}


def test_in_a_page_of_before_only_what_is_the_same_since_is_carried_along(post: Post, published: Published) -> None:
    """They allowed the maps as they are now. The page that is still open asked about what they were."""
    later = catalogues.change("maps")
    post(choices=ALL, snapshot=later.sha256)
    post(choices={"analytics": False}, snapshot=published.sha256)
    assert newest().choices == {"analytics": False, "maps": False, "marketing": True}
    assert allowed() == {"billboard", "beacon"}


def test_an_editor_may_ask_again_about_one_group(post: Post) -> None:
    post(choices=ALL)
    published = make.publish(ask_again=["analytics"])
    post(choices={}, snapshot=published.sha256)
    assert newest().choices == ALL | {"analytics": False}


def test_a_choice_that_is_carried_along_keeps_its_end(post: Post, clock: time_machine.Traveller) -> None:
    post(choices=ALL)
    until = newest().expires_at
    assert until
    clock.shift(30 * DAY)
    post(choices={"maps": False})
    assert newest().expires_at == until.replace(hour=0)  # the cookie knows the day
    clock.shift(30 * DAY)
    post(choices={"maps": True})
    assert newest().expires_at == until.replace(hour=0)


def test_a_choice_about_everything_starts_anew(post: Post, clock: time_machine.Traveller) -> None:
    post(choices=ALL)
    clock.shift(30 * DAY)
    post(choices=NONE)
    assert newest().expires_at == make.NOW + (30 + 182) * DAY


def test_a_choice_that_has_ended_is_not_carried_along(post: Post, clock: time_machine.Traveller) -> None:
    post(choices=ALL)
    clock.shift(182 * DAY)
    post(choices={"maps": True})
    assert newest().choices == NONE | {"maps": True}
    assert newest().expires_at == make.NOW + 2 * 182 * DAY


def test_each_decision_says_what_it_does(post: Post) -> None:
    steps = [NONE, ALL, ALL, ALL | {"maps": False}, NONE, NONE]
    for choices in steps:
        post(choices=choices)
    done = list(Decision.objects.order_by("seq").values_list("action", flat=True))
    assert done == ["refuse", "give", "give", "change", "withdraw", "refuse"]


def test_leaving_out_one_service_is_a_change_and_not_a_withdrawal(post: Post) -> None:
    post(choices=NONE | {"maps": True})
    post(choices=NONE, services={"tides": True})
    assert newest().action == "change"


def test_a_key_is_no_way_back_behind_a_later_choice(post: Post) -> None:
    """Its answer was lost; the visitor then refused in another tab. Sent again, the first is a new choice."""
    key = str(uuid.uuid4())
    with time_machine.travel(make.NOW, tick=False):
        post(choices=ALL, key=key)
    with time_machine.travel(make.NOW + DAY, tick=False):
        post(choices=NONE)
        answer = post(choices=ALL, key=key)
    assert answer.status_code == 422
    assert "Another choice was made" in answer.json()["error"]
    assert not answer.cookies


def test_eight_posts_with_one_key_at_once_are_one_decision(committed: None) -> None:
    make.site()
    published = make.catalogue_of_one()
    said = {"choices": {"analytics": True}, "snapshot": published.sha256, "key": str(uuid.uuid4())}

    def send() -> tuple[int, str]:
        answer = Client().post("/consent/decide/", said, content_type="application/json", **make.HERE)
        return answer.status_code, answer.json()["receipt"]

    answers = together(*[send] * 8)
    assert sorted(status for status, _receipt in answers) == [200] * 7 + [201]
    assert {receipt for _status, receipt in answers} == {str(Decision.objects.get().pk)}


def test_two_choices_with_one_key_at_once_are_one_decision_and_one_refusal(committed: None) -> None:
    make.site()
    published = make.catalogue_of_one()
    key = str(uuid.uuid4())

    def send(yes: bool) -> int:
        said = {"choices": {"analytics": yes}, "snapshot": published.sha256, "key": key}
        answer = Client().post("/consent/decide/", said, content_type="application/json", **make.HERE)
        return int(answer.status_code)

    assert sorted(together(lambda: send(True), lambda: send(False))) == [201, 422]
    assert Decision.objects.count() == 1


def test_one_decision_is_one_insert_and_one_question(post: Post, django_assert_num_queries: Any) -> None:
    post()
    with django_assert_num_queries(2) as asked:
        assert post().status_code == 201
    assert [query["sql"].split()[0] for query in asked] == ["SELECT", "INSERT"]


def test_no_row_says_who_or_what_sent_it(post: Post, client: Client) -> None:
    client.defaults |= {
        "REMOTE_ADDR": "198.51.100.77",
        "HTTP_USER_AGENT": "Ponderous/7.1",
        "HTTP_X_REAL_IP": "203.0.113.9",
    }
    post(headers={"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/contact/?from=me@mail.example"})
    whole = " ".join(str(value) for value in Decision.objects.values().get().values())
    for told in ("198.51.100.77", "Ponderous", "203.0.113.9", "me@mail.example"):
        assert told not in whole
    assert newest().path == "/contact/"


TOKEN = "MTIz:1tABCD:Zm9yZ2VkLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://testserver/", "/"),
        ("http://testserver/privacy/v/3/?on=2026-03-01#clause", "/privacy/v/3/"),
        ("http://testserver/ru/privacy/", "/ru/privacy/"),
        ("http://testserver/%D0%BE-%D0%BD%D0%B0%D1%81/", "/о-нас/"),
        (f"http://testserver/mail/confirm/{TOKEN}/", "/mail/confirm/<str:token>/"),
        ("http://testserver/mail/confirm/plain-token/", "/mail/confirm/<str:token>/"),
        ("http://testserver/ru/mail/unsubscribe/plain-token/", "/ru/mail/unsubscribe/<str:token>/"),
        ("http://testserver/cms/password_reset/confirm/MQ/abc-def/", "/cms/password_reset/confirm/<uidb64>/<token>/"),
        ("https://elsewhere.example/contact/", ""),
        ("http://testserver:81/contact/", ""),
        ("http://testserver@elsewhere.example/", ""),
        ("http://[broken", ""),
        ("http://testserver", ""),
        ("http://testserver/%00/", ""),
        ("http://testserver/%0a/", ""),
        ("about:blank", ""),
        ("\\\\testserver\\", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("posted_to", ["/consent/decide/", "/ru/consent/decide/"])
def test_the_page_is_its_path_or_the_pattern_of_its_address(
    client: Client, published: Published, referer: str, path: str, posted_to: str
) -> None:
    said = {"choices": {}, "snapshot": published.sha256, "key": str(uuid.uuid4())}
    answer = client.post(posted_to, said, content_type="application/json", HTTP_REFERER=referer, **make.HERE)
    assert answer.status_code == 201
    assert newest().path == path


def test_a_very_long_path_is_cut(post: Post) -> None:
    post(headers={"Sec-Fetch-Site": "same-origin", "Referer": f"http://testserver/{'a' * 900}/"})
    assert newest().path == f"/{'a' * 199}"
