"""One click adds a well-known service whole, a second one nothing."""

from dataclasses import replace

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.db import DataError
from django.test import Client
from django.utils import translation

from consent import adding, presets, usual_groups
from consent.catalogue import Published
from consent.models import CookieDetail, GroupDetail, Service, Snapshot
from consent.presets import Preset
from records.models import Recipient
from records.registry import Observed, Purpose
from tests import make
from tests.committed import together
from tests.consent.test_cms import CATALOGUE
from tests.desk import signed_in, told

SCREEN = "/cms/consent/services/well-known/"


@pytest.fixture
def cms(published: Published) -> Client:
    return signed_in(*CATALOGUE)


def test_it_brings_its_vendor_its_group_its_cookies_and_itself(published: Published) -> None:
    added = adding.add(presets.find("youtube"))
    service = Service.objects.get(key="youtube")
    assert (added.service, added.account) == (service, "")
    assert service.vendor.name == presets.find("youtube").vendor.name
    assert (service.group.varname, service.group.is_required) == ("media", False)
    assert service.frame_origins == ["https://www.youtube.com"]
    assert Purpose.ADVERTISING in service.purposes
    assert set(service.data) <= {*Observed.values}
    details = CookieDetail.objects.filter(service=service)
    assert {detail.cookie.name for detail in details} == {cookie.name for cookie in presets.find("youtube").cookies}
    assert {detail.cookie.cookiegroup for detail in details} == {service.group}


def test_it_speaks_every_language_of_the_site(published: Published) -> None:
    shipped = presets.find("youtube")
    service = adding.add(shipped).service
    assert service.description == shipped.texts["en"]
    assert service.texts == {"ru": {"description": shipped.texts["ru"]}}
    cookie = CookieDetail.objects.get(cookie__name="YSC")
    assert set(cookie.texts) == {"ru"}


def test_a_usual_group_is_made_in_every_language(published: Published) -> None:
    group = adding.add(presets.find("youtube")).service.group
    with translation.override("ru"):
        name = str(usual_groups.GROUPS["media"].name)
    assert GroupDetail.objects.get(group=group).texts["ru"]["name"] == name


def test_a_group_and_a_vendor_that_are_there_stay_as_they_are(published: Published) -> None:
    shipped = presets.find("google-analytics")
    Recipient.objects.create(name=shipped.vendor.name, address="1 Quay")
    added = adding.add(shipped)
    assert (added.new_group, added.new_vendor) == (None, None)
    assert CookieGroup.objects.get(varname="analytics").name == "Statistics"
    assert added.service.vendor.address == "1 Quay"


def test_a_cookie_that_the_group_tells_of_already_is_left_alone(published: Published) -> None:
    group = CookieGroup.objects.get(varname="analytics")
    Cookie.objects.create(cookiegroup=group, name="_ga", description="Ours.", path="/")
    added = adding.add(presets.find("google-analytics"))
    assert [cookie.name for cookie in added.cookies] == ["_ga_"]
    assert Cookie.objects.get(name="_ga").description == "Ours."


def test_adding_it_twice_changes_nothing(published: Published) -> None:
    first = adding.add(presets.find("youtube"))
    Service.objects.update(description="Ours.")
    with pytest.raises(adding.AlreadyThere) as caught:
        adding.add(presets.find("youtube"))
    assert caught.value.service == first.service
    assert Service.objects.get(key="youtube").description == "Ours."


def test_one_under_another_key_counts_as_there(published: Published) -> None:
    adding.add(presets.find("youtube"))
    Service.objects.filter(key="youtube").update(key="films")
    with pytest.raises(adding.AlreadyThere):
        adding.add(presets.find("youtube"))


def test_two_editors_at_the_same_moment_add_one(committed: None) -> None:
    def add() -> str:
        try:
            return adding.add(presets.find("youtube")).service.key
        except adding.AlreadyThere:
            return "there"

    assert sorted(together(add, add, add)) == ["there", "there", "youtube"]
    assert CookieGroup.objects.count() == 1


def test_what_fails_half_way_leaves_nothing(published: Published) -> None:
    shipped = presets.find("youtube")
    long = replace(shipped.cookies[-1], name="x" * 300)
    with pytest.raises(DataError):
        adding.add(replace(shipped, cookies=(*shipped.cookies, long)))
    assert not Service.objects.filter(key="youtube").exists()
    assert not CookieGroup.objects.filter(varname="media").exists()
    assert not Recipient.objects.filter(name=shipped.vendor.name).exists()


@pytest.mark.parametrize("shipped", presets.load(), ids=lambda shipped: shipped.key)
def test_each_can_be_added_published_and_edited_in_the_form(cms: Client, shipped: Preset) -> None:
    service = adding.add(shipped).service
    service.account = shipped.account.replace("{", "").replace("}", "")
    service.save()
    assert make.publish().number == 2
    form = cms.get(f"/cms/consent/services/edit/{service.pk}/").context["form"]
    answer = cms.post(f"/cms/consent/services/edit/{service.pk}/", posted(form))
    assert answer.status_code == 302, answer.context["form"].errors
    assert adding.differing(Service.objects.get(pk=service.pk), shipped) == []
    for detail in CookieDetail.objects.filter(service=service):
        form = cms.get(f"/cms/consent/cookies/edit/{detail.pk}/").context["form"]
        answer = cms.post(f"/cms/consent/cookies/edit/{detail.pk}/", posted(form))
        assert answer.status_code == 302, answer.context["form"].errors


def posted(form: object) -> dict[str, object]:
    """What a browser sends when nobody changes anything."""
    values = {field.html_name: field.value() for field in form}  # type: ignore[attr-defined]
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_every_cookie_lasts_as_long_as_it_ships(published: Published) -> None:
    service = adding.add(presets.find("youtube")).service
    lasts = {detail.cookie.name: detail.lifetime for detail in service.cookies.all()}
    assert lasts == {cookie.name: cookie.lifetime for cookie in presets.find("youtube").cookies}
    assert "unlimited" in lasts.values()


def test_the_screen_adds_one_says_what_is_missing_and_leads_to_its_form(cms: Client) -> None:
    assert "Google Analytics 4" in cms.get(SCREEN).content.decode()
    answer = cms.post(SCREEN, {"service": "google-analytics"})
    service = Service.objects.get(key="google-analytics")
    assert answer["Location"] == f"/cms/consent/services/edit/{service.pk}/"
    assert "Added to the draft: Google Analytics 4, 2 cookies, the recipient Google Ireland Limited." in told(answer)
    assert "your number with the vendor, such as G-XXXXXXXXXX" in told(answer)
    assert Snapshot.objects.count() == 1
    again = cms.post(SCREEN, {"service": "google-analytics"})
    assert "Google Analytics 4 is there already. Nothing was changed." in told(again)
    assert Service.objects.count() == 2


@pytest.mark.parametrize(("words", "found", "missing"), [("yandex", "Yandex Metrica", "Hotjar"), ("zzz", "", "Hotjar")])
def test_the_screen_finds_by_words(cms: Client, words: str, found: str, missing: str) -> None:
    for address in (SCREEN, f"{SCREEN}results/"):
        page = cms.get(address, {"q": words}).content.decode()
        assert found in page
        assert missing not in page


def test_the_screen_says_what_differs_from_what_ships(cms: Client) -> None:
    adding.add(presets.find("youtube"))
    assert "Differs from what ships" not in cms.get(SCREEN).content.decode()
    Service.objects.filter(key="youtube").update(countries=["DE"], safeguard="clauses", description="Ours.")
    assert "Differs from what ships: safeguard, countries" in cms.get(SCREEN).content.decode()


def test_a_service_that_does_not_ship_is_not_found(cms: Client) -> None:
    assert cms.post(SCREEN, {"service": "visit-count"}).status_code == 404


@pytest.mark.parametrize("right", ["add_service", "add_cookie", "add_cookiegroup", "add_recipient"])
def test_who_may_not_add_all_that_comes_with_it_adds_nothing(published: Published, right: str) -> None:
    limited = signed_in(*(name for name in CATALOGUE if name != right))
    assert "do not have permission" in told(limited.post(SCREEN, {"service": "youtube"}))
    assert not Service.objects.filter(key="youtube").exists()
