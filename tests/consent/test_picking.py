"""Several well-known services at once: are they added together, or not at all?"""

import pytest
from cookie_consent.models import Cookie
from django.test import Client
from django.urls import reverse

from consent.models import Service
from tests import desk, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(client: Client) -> Client:
    make.site()
    client.force_login(make.vera())
    return client


def pick(client: Client, *keys: str, **more: str) -> object:
    return client.post(reverse("consent_services:pick"), {"service": keys, "act": "add", **more})


def test_what_is_ticked_is_added_with_the_cookie_of_the_choice(vera: Client) -> None:
    answer = pick(vera, "matomo", "youtube")
    assert set(Service.objects.values_list("key", flat=True)) == {"matomo", "youtube"}
    assert Cookie.objects.get(name="candor_consent").cookiegroup.is_required
    assert "2 services were added to the draft" in desk.told(answer)


def test_nothing_ticked_still_names_the_cookie_of_the_choice(vera: Client) -> None:
    assert "No service was added" in desk.told(pick(vera))
    assert Cookie.objects.filter(name="candor_consent").count() == 1
    pick(vera)
    assert Cookie.objects.filter(name="candor_consent").count() == 1


def test_what_is_there_already_is_left_alone(vera: Client) -> None:
    pick(vera, "matomo")
    Service.objects.update(name="Our Matomo")
    pick(vera, "matomo", "youtube")
    assert set(Service.objects.values_list("name", flat=True)) >= {"Our Matomo"}
    assert Service.objects.count() == 2


def test_an_unknown_one_adds_none_of_them(vera: Client) -> None:
    assert pick(vera, "matomo", "no-such-service").status_code == 404  # type: ignore[attr-defined]
    assert not Service.objects.exists()


def test_looking_for_another_keeps_the_ticks(vera: Client) -> None:
    answer = vera.post(reverse("consent_services:pick"), {"service": ["matomo"], "act": "search", "q": "youtube"})
    assert answer.status_code == 200
    assert [shipped.key for shipped in answer.context["kept"]] == ["matomo"]
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "where"), [("/cms/first-run/", "/cms/first-run/"), ("https://elsewhere.example/", "")]
)
def test_it_leads_back_to_a_page_of_this_site(vera: Client, wanted: str, where: str) -> None:
    answer = pick(vera, next=wanted)
    assert answer["Location"] == (where or reverse("consent_services:index"))  # type: ignore[index]


def test_whoever_may_not_add_services_does_not_see_it() -> None:
    client = desk.signed_in("view_service")
    assert client.get(reverse("consent_services:pick")).status_code == 302
