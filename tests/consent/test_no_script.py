"""The page /consent/ does everything the banner does, with forms alone."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from consent import catalogue
from consent.catalogue import Published
from consent.models import Decision
from policies.models import PolicyPage
from tests import make

SHOWN = {"Accept": "text/html"}


def press(client: Client, published: Published, choice: str, **fields: Any) -> Any:
    form = {"snapshot": published.sha256, "choice": choice} | fields
    return client.post("/consent/", form, headers=SHOWN, **make.HERE)


def is_ticked(client: Client, group: str = "analytics") -> bool:
    page = client.get("/consent/").content.decode()
    [box] = re.findall(rf'<input type="checkbox" name="group" value="{group}"([^>]*)>', page)
    return "checked" in box


@pytest.mark.parametrize(("choice", "allowed"), [("accept", True), ("refuse", False), ("save", False)])
def test_a_button_is_a_decision(client: Client, published: Published, choice: str, allowed: bool) -> None:
    answer = press(client, published, choice)
    assert (answer.status_code, answer["Location"]) == (303, "/consent/?saved")
    decision = Decision.objects.get()
    assert decision.choices == {"analytics": allowed}
    assert (decision.source, decision.snapshot_id) == ("no_js", published.pk)


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


def test_the_page_shows_nothing_of_an_older_configuration(client: Client, published: Published) -> None:
    press(client, published, "accept")
    catalogue.add_group(key="maps", name="Maps", description="")
    make.publish()
    assert not is_ticked(client)


def test_a_required_group_is_shown_and_cannot_be_changed(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    assert 'name="required" value="essential" checked disabled' in page


def test_everything_that_is_asked_for_is_named(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    for words in ("Statistics", "Counts visits.", "Tally Works", "candor_consent", "Your choice."):
        assert words in page


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
    client.cookies["candor_consent"] = value.replace(".1.", ".0.", 1)
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
    assert says(answer, 422, "No such group:")
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
