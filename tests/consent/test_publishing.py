"""The screen that publishes says what changes and who is asked again, and publishes what it showed or nothing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from cookie_consent.models import CookieGroup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, Site

from consent import catalogue
from consent.catalogue import Published
from consent.models import GroupDetail, Service, Snapshot
from records.registry import Purpose
from tests import make
from tests.consent.test_cms import DRAFT, service
from tests.desk import signed_in, told

SCREEN = "/cms/consent/published/"


@pytest.fixture
def cms(published: Published) -> Client:
    return signed_in(*DRAFT, "add_snapshot", "view_snapshot")


def page(cms: Client, address: str = SCREEN) -> str:
    return re.sub(r"\s+", " ", cms.get(address).content.decode())


def publish(cms: Client, address: str = SCREEN, **fields: Any) -> Any:
    """Presses the button of the screen as it is now."""
    return cms.post(address, {"seen": cms.get(address).context["seen"]} | fields)


def test_publishing_shows_visitors_the_draft(cms: Client, client: Client, published: Published) -> None:
    cms.post("/cms/consent/services/new/", service())
    assert "map.js" not in client.get("/").content.decode()
    assert "Publish the changes" in page(cms)
    answer = publish(cms)
    assert "Published as configuration 2." in told(answer)
    assert Snapshot.objects.get(number=2).published_by == "vera"
    assert "There is nothing to publish." in page(cms)
    assert page(cms).count("/consent/snapshot/") == 2
    entry = ModelLogEntry.objects.get(action="wagtail.publish")
    assert (entry.object_id, entry.data["asked_again"]) == (str(Snapshot.objects.get(number=2).pk), ["analytics"])


def test_it_says_what_changes_and_who_is_asked_again(cms: Client, published: Published) -> None:
    make.decision(published, "analytics")
    make.decision(published)
    Service.objects.update(purposes=[Purpose.ADVERTISING])
    shown = page(cms)
    assert "Service Tally: purposes" in shown
    assert "showing advertising, and counting what it leads to" in shown
    assert "2 people with a choice that still counts are asked again about: Statistics." in shown
    assert "Ask again about Statistics anyway" not in shown
    assert "2 people are asked again about: Statistics." in told(publish(cms))


def test_other_words_ask_nobody_unless_the_editor_says_so(cms: Client, published: Published) -> None:
    make.decision(published, "analytics")
    for words, fields, said in (
        ("Counts.", {}, "Nobody is asked again."),
        ("Counts all.", {"ask_again": ["analytics"]}, "1 person is asked again about: Statistics."),
    ):
        CookieGroup.objects.filter(varname="analytics").update(description=words)
        assert "Ask again about Statistics anyway" in page(cms)
        assert said in told(publish(cms, **fields))


@pytest.mark.parametrize("named", ["essential", "nothing", ""])
def test_only_a_group_that_was_offered_is_asked_about_again(cms: Client, published: Published, named: str) -> None:
    CookieGroup.objects.filter(varname="analytics").update(description="Counts.")
    assert "Nobody is asked again." in told(publish(cms, ask_again=[named]))


def test_publishing_nothing_new_says_so(cms: Client, published: Published) -> None:
    assert "Publish the changes" not in page(cms)
    assert "nobody is asked again" in told(publish(cms))
    assert Snapshot.objects.count() == 1


def change() -> None:
    CookieGroup.objects.filter(varname="analytics").update(name="Counting")


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: Service.objects.update(description="Counts otherwise."),
        lambda: make.publish(),
        lambda: (Service.objects.update(description="Counts otherwise."), make.publish()),
        lambda: Site.objects.update(hostname="elsewhere.example"),
    ],
)
def test_who_looked_before_somebody_else_changed_or_published_is_told(
    cms: Client, published: Published, meanwhile: Any
) -> None:
    change()
    seen = cms.get(SCREEN).context["seen"]
    meanwhile()
    before = Snapshot.objects.count()
    assert "Somebody changed or published something since you looked" in told(cms.post(SCREEN, {"seen": seen}))
    assert Snapshot.objects.count() == before
    assert not ModelLogEntry.objects.filter(action="wagtail.publish").exists()


@pytest.mark.parametrize("seen", ["", ":", "x", "0" * 64])
def test_a_form_that_saw_nothing_publishes_nothing(cms: Client, published: Published, seen: str) -> None:
    change()
    assert "Somebody changed" in told(cms.post(SCREEN, {"seen": seen}))
    assert Snapshot.objects.count() == 1


def test_more_than_a_cookie_has_room_for_is_a_sentence(cms: Client, published: Published) -> None:
    for number in range(47):
        catalogue.add_group(key=f"group-{number}", name="Group", description="")
    assert "at most 95" in told(publish(cms))
    assert Snapshot.objects.count() == 1


def test_an_empty_catalogue_can_be_published(db: None) -> None:
    make.site()
    cms = signed_in("add_snapshot")
    assert "Nothing is published yet" in page(cms)
    assert "Published as configuration 1." in told(publish(cms))
    assert Snapshot.objects.count() == 1


def test_who_may_only_look_sees_no_button_and_publishes_nothing(published: Published) -> None:
    looking = signed_in(*DRAFT, "view_snapshot")
    looking.post("/cms/consent/services/new/", service())
    assert "What has changed" in page(looking)
    assert "Publish the changes" not in page(looking)
    assert "do not have permission" in told(publish(looking))
    assert Snapshot.objects.count() == 1


def test_the_draft_can_be_read_before_it_is_published(cms: Client, published: Published) -> None:
    change()
    assert "Counting" in page(cms)
    draft = json.loads(cms.get(f"{SCREEN}draft.json").content)
    assert (draft["number"], draft["groups"][1]["texts"]["en"]["name"]) == (2, "Counting")
    assert Snapshot.objects.count() == 1


def test_each_site_has_its_own_draft_and_its_own_button(cms: Client, published: Published) -> None:
    other = Site.objects.create(hostname="other.example", root_page=Site.objects.get().root_page)
    maps = CookieGroup.objects.create(varname="maps", name="Maps", ordering=2)
    GroupDetail.objects.create(group=maps).sites.set([other])
    assert "There is nothing to publish." in page(cms)
    there = f"{SCREEN}?site={other.pk}"
    assert "Maps" in page(cms, there)
    answer = publish(cms, there)
    assert answer["Location"] == there
    assert list(Snapshot.objects.values_list("site_id", "number").order_by("pk")) == [
        (published.site_id, 1),
        (other.pk, 1),
    ]


@pytest.mark.parametrize("site", ["0", "99999", "9" * 30])
def test_a_site_that_is_not_there_is_not_found(cms: Client, site: str) -> None:
    assert cms.get(f"{SCREEN}?site={site}").status_code == 404


def test_any_two_configurations_are_compared(cms: Client, published: Published) -> None:
    for name in ("Counting", "Sums", "Statistics"):
        CookieGroup.objects.filter(varname="analytics").update(name=name)
        make.publish(make.NOW + timedelta(hours=1))
    shown = page(cms, f"{SCREEN}compare/?one=2&other=3")
    assert re.search(r">Counting</td> <td[^>]*>Sums</td>", shown)
    assert "They say the same." in page(cms, f"{SCREEN}compare/?one=1&other=4")


def test_a_comparison_says_that_people_were_asked_again_between_the_two(cms: Client, published: Published) -> None:
    for purposes in ([Purpose.ADVERTISING], []):
        Service.objects.update(purposes=purposes)
        make.publish()
    assert "People were asked again about this group between the two." in page(cms, f"{SCREEN}compare/?one=1&other=3")


@pytest.mark.parametrize("pair", ["one=1&other=9", "one=1", "", "one=x&other=1", f"one=1&other={'9' * 30}"])
def test_what_was_never_published_is_not_compared(cms: Client, pair: str) -> None:
    assert cms.get(f"{SCREEN}compare/?{pair}").status_code == 404


def test_the_screen_asks_no_more_of_the_database_for_more_configurations(cms: Client, published: Published) -> None:
    def queries() -> int:
        page(cms)
        with CaptureQueriesContext(connection) as captured:
            page(cms)
        return len(captured)

    few = queries()
    for number in range(25):
        CookieGroup.objects.filter(varname="analytics").update(name=f"Name {number}")
        make.decision(make.publish(), "analytics")
    assert queries() == few
    assert page(cms).count("/consent/snapshot/") == 20
    assert page(cms, f"{SCREEN}?p=2").count("/consent/snapshot/") == 6
