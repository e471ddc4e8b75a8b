"""The page /consent/ does everything the banner does, with forms alone."""

import re
import uuid
from typing import Any

import pytest
from cookie_consent.models import Cookie
from django.test import Client
from time_machine import Traveller

from consent import catalogue
from consent.catalogue import Published
from consent.models import CookieDetail, Decision, Service
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

SHOWN = {"Accept": "text/html"}


def press(client: Client, published: Published, choice: str, **fields: Any) -> Any:
    form = {"snapshot": published.sha256, "choice": choice} | fields
    return client.post("/consent/", form, headers=SHOWN, **make.HERE)


def is_ticked(client: Client, key: str = "analytics", name: str = "group", **headers: str) -> bool:
    page = client.get("/consent/", headers=headers).content.decode()
    [box] = re.findall(rf'<input type="checkbox" name="{name}" value="{key}"([^>]*)>', page)
    return "checked" in box


@pytest.mark.parametrize(("choice", "allowed"), [("accept", True), ("refuse", False), ("save", False)])
def test_a_button_is_a_decision(client: Client, published: Published, choice: str, allowed: bool) -> None:
    answer = press(client, published, choice)
    assert (answer.status_code, answer["Location"]) == (303, "/consent/?saved")
    decision = Decision.objects.get()
    assert decision.choices == {"analytics": allowed}
    assert (decision.source, decision.snapshot_id) == ("no_js", published.pk)


def test_the_banners_third_button_leads_to_the_page(client: Client, published: Published) -> None:
    answer = press(client, published, "choose")
    assert (answer.status_code, answer["Location"]) == (303, "/consent/")
    assert not Decision.objects.exists()


def test_saving_keeps_the_groups_that_were_ticked(client: Client, policy: PolicyPage) -> None:
    make.catalogue_of_one()
    catalogue.add_group(key="maps", name="Maps", description="")
    press(client, make.publish(), "save", group=["maps"])
    assert Decision.objects.get().choices == {"analytics": False, "maps": True}
    assert (is_ticked(client, "maps"), is_ticked(client, "analytics")) == (True, False)


def test_the_page_shows_what_was_chosen(client: Client, published: Published) -> None:
    assert not is_ticked(client)
    press(client, published, "accept")
    assert is_ticked(client)
    assert "Your choice is saved." in client.get("/consent/?saved").content.decode()
    press(client, published, "refuse")
    assert not is_ticked(client)


def test_of_a_group_that_changed_the_page_shows_nothing_and_says_so(client: Client, policy: PolicyPage) -> None:
    press(client, catalogues.of_three(), "accept")
    catalogues.change("maps")
    assert (is_ticked(client), is_ticked(client, "maps"), is_ticked(client, "marketing")) == (True, False, True)
    page = client.get("/consent/?saved").content.decode()
    assert "Something has changed since you chose." in page
    assert "Your choice is saved." not in page


def test_of_a_later_configuration_nothing_is_read_with_the_bits_of_an_earlier_one(
    client: Client, policy: PolicyPage
) -> None:
    """A page of before is still open: what was not asked there is carried along, and nothing else."""
    earlier = catalogues.of_three()
    later = catalogues.change("maps")
    press(client, later, "accept")
    press(client, earlier, "save", group=["marketing"])
    decision = Decision.objects.latest("seq")
    assert decision.snapshot_id == earlier.pk
    assert decision.choices == {"analytics": False, "maps": False, "marketing": True}
    assert (is_ticked(client), is_ticked(client, "maps"), is_ticked(client, "marketing")) == (False, False, True)


def test_of_two_services_one_can_be_ticked(client: Client, policy: PolicyPage) -> None:
    press(client, catalogues.of_three(), "save", service=["tides"])
    decision = Decision.objects.get()
    assert decision.choices == {"analytics": False, "maps": False, "marketing": False}
    assert [key for key, yes in decision.services.items() if yes] == ["tides"]
    assert (is_ticked(client, "tides", "service"), is_ticked(client, "streets", "service")) == (True, False)
    assert not is_ticked(client, "maps")


def test_a_tick_for_a_group_is_all_of_it(client: Client, policy: PolicyPage) -> None:
    press(client, catalogues.of_three(), "save", group=["maps"], service=["billboard"])
    decision = Decision.objects.get()
    assert {key for key, yes in decision.services.items() if yes} == {"streets", "tides", "billboard"}
    assert is_ticked(client, "maps")
    assert not is_ticked(client, "streets", "service")


def test_a_required_group_is_shown_and_cannot_be_changed(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    assert 'name="required" value="essential" checked disabled' in page


def described(published: Published) -> Published:
    """The catalogue with everything that can be said of a service and of a cookie; published."""
    service = Service.objects.get(key="tally")
    service.data, service.countries = ["address", "page"], ["NL", "US"]
    service.policy_url, service.safeguard, service.responsible = "https://tally.example/privacy", "clauses", "processor"
    service.texts = {"ru": {"description": "Считает посещения."}}
    service.save()
    for name, lifetime, storage in (("_t", "P2Y", "cookie"), ("_s", "session", "cookie"), ("_l", "PT30M", "local")):
        row = Cookie.objects.create(cookiegroup=service.group, name=name, domain=".tally.example", description="Who.")
        CookieDetail.objects.create(cookie=row, service=service, lifetime=lifetime, storage=storage)
    return make.publish()


def test_everything_that_is_asked_for_is_named(client: Client, published: Published) -> None:
    described(published)
    page = client.get("/consent/").content.decode()
    for words in ("Statistics", "Counts visits.", "candor_consent", "Your choice."):
        assert words in page
    for words in (
        "<bdi>Tally Works</bdi>, Netherlands",
        "https://tally.example/privacy",
        "The owner of this site; the vendor acts on its instructions",
        "IP address, page that is read",
        "Netherlands, United States: standard contractual clauses (Art. 46)",
    ):
        assert words in page
    for words in ("2 years", "until the browser is closed", "30 minutes", "local storage", ".tally.example"):
        assert words in page


def test_what_nobody_stated_is_not_made_up(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    assert "not stated" in page
    assert "What it learns" not in page
    assert "Where the data goes" not in page


def test_a_russian_page_speaks_russian(client: Client, published: Published) -> None:
    described(published)
    page = client.get("/ru/consent/").content.decode()
    assert "Считает посещения." in page
    assert "<bdi>Tally Works</bdi>, Нидерланды" in page
    assert "2 года" in page


def test_a_russian_page_is_answered_in_russian(client: Client, published: Published) -> None:
    form = {"snapshot": published.sha256, "choice": "accept"}
    answer = client.post("/ru/consent/", form, headers=SHOWN | {"Referer": "http://testserver/ru/"}, **make.HERE)
    assert answer["Location"] == "/ru/consent/?saved"
    decision = Decision.objects.get()
    assert (decision.locale, decision.path) == ("ru", "/ru/")


def test_the_page_is_kept_by_no_cache(client: Client, published: Published) -> None:
    assert "no-store" in client.get("/consent/")["Cache-Control"]
    assert "no-store" in press(client, published, "accept")["Cache-Control"]


def test_a_change_of_mind_is_the_same_persons(client: Client, published: Published) -> None:
    press(client, published, "accept")
    press(client, published, "refuse")
    assert Decision.objects.values("consent_id").distinct().count() == 1


def test_a_forged_cookie_joins_nobody(client: Client, published: Published) -> None:
    press(client, published, "accept")
    value = client.cookies["candor_consent"].value
    said, _dot, signature = value.rpartition(".")
    client.cookies["candor_consent"] = f"{said}.{signature[::-1]}"
    press(client, published, "refuse")
    assert Decision.objects.values("consent_id").distinct().count() == 2


def test_another_visitor_is_another_person(client: Client, published: Published) -> None:
    press(client, published, "accept")
    press(Client(), published, "accept")
    assert Decision.objects.values("consent_id").distinct().count() == 2


@pytest.mark.parametrize(("second", "decisions"), [("accept", 1), ("refuse", 2)])
def test_a_button_pressed_twice_is_one_decision_and_two_buttons_are_two(
    client: Client, published: Published, second: str, decisions: int
) -> None:
    page = str(uuid.uuid4())
    press(client, published, "accept", key=page)
    client.cookies.clear()  # both presses left before the first answer came
    assert press(client, published, second, key=page).status_code == 303
    assert Decision.objects.count() == decisions


def test_the_page_fetched_back_from_the_history_takes_another_choice(
    client: Client, published: Published, clock: Traveller
) -> None:
    page = str(uuid.uuid4())
    for choice in ("accept", "refuse", "accept"):
        clock.shift(1)
        press(client, published, choice, key=page)
    chosen = [row.choices["analytics"] for row in Decision.objects.order_by("id")]
    assert chosen == [True, False, True]
    assert is_ticked(client)


def says(answer: Any, status: int, words: str) -> bool:
    """Is `answer` a page with a sentence, with no decision behind it?"""
    assert answer.status_code == status
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert words in answer.content.decode()
    return not Decision.objects.exists() and not answer.cookies


@pytest.mark.parametrize("group", ["maps", "essential", "\0", "<script>"])
def test_a_group_nobody_offers_is_refused(client: Client, published: Published, group: str) -> None:
    answer = press(client, published, "save", group=["analytics", group])
    assert says(answer, 422, "No such group or service:")
    assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_a_configuration_nobody_published_is_refused(client: Client, published: Published) -> None:
    assert says(press(client, published, "accept", snapshot="0" * 64), 409, "Reload the page and choose again.")
    assert says(press(client, published, "accept", snapshot="\0"), 409, "Reload the page and choose again.")


def test_a_form_without_a_configuration_is_refused(client: Client, published: Published) -> None:
    assert says(client.post("/consent/", {"choice": "accept"}, headers=SHOWN, **make.HERE), 422, "snapshot")


@pytest.mark.parametrize("choice", ["", "everything"])
def test_a_button_the_page_does_not_have_is_refused(client: Client, published: Published, choice: str) -> None:
    assert says(press(client, published, choice), 422, "Press Accept, Refuse or Save.")


def test_a_key_that_is_none_is_refused(client: Client, published: Published) -> None:
    assert says(press(client, published, "accept", key="seven"), 422, "UUID")


def test_a_form_of_another_site_is_refused(client: Client, published: Published) -> None:
    form = {"snapshot": published.sha256, "choice": "accept"}
    answer = client.post("/consent/", form, headers=SHOWN | {"Origin": "http://evil.example"})
    assert says(answer, 403, "did not come from a page of this site")


def test_a_form_that_is_too_large_is_refused(client: Client, published: Published) -> None:
    assert says(press(client, published, "save", group=["x" * 9000]), 413, "8192 bytes are allowed")


def test_a_form_in_pieces_that_do_not_fit_is_refused(client: Client, published: Published) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = client.generic("POST", "/consent/", b"--x\r\nno end", kind, **make.HERE)
    assert 400 <= answer.status_code < 500


def test_before_anything_is_published_nothing_is_asked(client: Client, policy: PolicyPage) -> None:
    page = client.get("/consent/").content.decode()
    assert "This site asks for no consent" in page
    assert "<button" not in page.partition("<main")[2]


def test_where_everything_is_required_there_is_no_button(client: Client, policy: PolicyPage) -> None:
    catalogue.add_group(key="essential", name="Essential", description="", required=True)
    make.publish()
    page = client.get("/consent/").content.decode().partition("<main")[2]
    assert "Essential" in page
    assert "<button" not in page
