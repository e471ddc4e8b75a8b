"""What asks people again, group by group; and a bit of the cookie never says a choice that was not made."""

import copy
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from hypothesis import given, settings
from hypothesis import strategies as st

from consent import catalogue, material
from consent.catalogue import Published
from consent.models import CookieDetail, GroupDetail, Service
from records.models import Recipient
from records.registry import Basis, Purpose
from tests import make

Content = dict[str, Any]


@pytest.fixture
def two(published: Published) -> Published:
    """Statistics with a lasting cookie of its service, and Maps beside it."""
    catalogue.add_group(key="maps", name="Maps", description="Shows the way.", cookies={"zoom": "How near."})
    cookie = Cookie.objects.create(cookiegroup=CookieGroup.objects.get(varname="analytics"), name="_tally", path="/")
    CookieDetail.objects.create(cookie=cookie, service=Service.objects.get(key="tally"), lifetime="P30D")
    return make.publish()


def since(published: Published) -> dict[str, int]:
    return {group["key"]: group["since"] for group in published.choosable}


def tally(**values: Any) -> None:
    Service.objects.filter(key="tally").update(**values)


MATERIAL: dict[str, Callable[[], Any]] = {
    "purposes": lambda: tally(purposes=[Purpose.ADVERTISING]),
    "purposes of the group": lambda: GroupDetail.objects.create(
        group=CookieGroup.objects.get(varname="analytics"), purposes=[Purpose.MEASUREMENT]
    ),
    "legal basis": lambda: GroupDetail.objects.create(
        group=CookieGroup.objects.get(varname="analytics"), basis=Basis.INTEREST
    ),
    "vendor": lambda: tally(vendor=make.recipient("Count Works")),
    "its vendor's country": lambda: Recipient.objects.update(country="US"),
    "countries": lambda: tally(countries=["US"]),
    "data": lambda: tally(data=["address"]),
    "safeguard": lambda: tally(safeguard="clauses"),
    "who is responsible": lambda: tally(responsible="joint"),
    "selling data": lambda: tally(gpc=True),
    "lifetime": lambda: CookieDetail.objects.update(lifetime="P2Y"),
    "a shorter lifetime": lambda: CookieDetail.objects.update(lifetime="P1D"),
    "another service": lambda: Service.objects.create(
        key="count", name="Count", vendor=make.recipient(), group=CookieGroup.objects.get(varname="analytics")
    ),
    "one service less": lambda: Service.objects.all().delete(),
}
WORDING: dict[str, Callable[[], Any]] = {
    "name": lambda: CookieGroup.objects.filter(varname="analytics").update(name="Counting"),
    "description": lambda: tally(description="Counts in other words."),
    "translation": lambda: tally(texts={"ru": {"description": "Считает."}}),
    "address of the script": lambda: tally(script_url="http://127.0.0.1:9/other.js"),
    "cookie's description": lambda: Cookie.objects.update(description="Other words."),
    "order": lambda: CookieGroup.objects.filter(varname="maps").update(ordering=-1),
    "another short cookie": lambda: CookieDetail.objects.create(
        cookie=Cookie.objects.create(cookiegroup=CookieGroup.objects.get(varname="analytics"), name="_t", path="/"),
        service=Service.objects.get(key="tally"),
        lifetime="P1D",
    ),
}


@pytest.mark.parametrize("change", MATERIAL)
def test_a_material_change_asks_again_about_its_group_alone(two: Published, change: str) -> None:
    MATERIAL[change]()
    newer = make.publish()
    assert since(newer) == since(two) | {"analytics": newer.number}
    assert material.asked_again(newer.content, two.content) == ["analytics"]


@pytest.mark.parametrize("change", WORDING)
def test_other_words_ask_nobody_again(two: Published, change: str) -> None:
    WORDING[change]()
    newer = make.publish()
    assert newer.number == two.number + 1
    assert since(newer) == since(two)
    assert bits(newer.content) == bits(two.content)


def test_an_editor_may_ask_again_about_a_group_all_the_same(two: Published) -> None:
    newer = make.publish(ask_again=["maps"])
    assert since(newer) == since(two) | {"maps": newer.number}


def bits(content: Content) -> dict[str, int]:
    """Whose each bit is: a group has two, a service one."""
    held: dict[str, int] = {}
    for group in content["groups"]:
        if not group["required"]:
            held |= {f"{group['key']} allowed": group["bit"], f"{group['key']} decided": group["bit"] + 1}
            held |= {f"{group['key']} {service['key']}": service["bit"] for service in group["services"]}
    return held


group = st.fixed_dictionaries(
    {
        "required": st.integers(0, 9).map(lambda number: number == 0),
        "purposes": st.sampled_from([["measurement"], ["advertising"]]),
        "services": st.sets(st.sampled_from("abcd"), max_size=3),
        "words": st.sampled_from(["one", "two"]),
    }
)
drafts = st.dictionaries(st.sampled_from(["essential", "maps", "media", "analytics", "chat"]), group, max_size=5)
histories = st.lists(st.tuples(drafts, st.sets(st.sampled_from(["maps", "media", "chat"]), max_size=2)), max_size=8)


def content_of(draft: dict[str, Any]) -> Content:
    return {"groups": [_group(key, row) for key, row in draft.items()]}


def _group(key: str, row: dict[str, Any]) -> Content:
    vendor = {"name": "Works", "country": "NL"}
    said = {"purposes": row["purposes"], "data": [], "countries": [], "safeguard": "", "responsible": "", "gpc": False}
    return {
        "key": key,
        "required": row["required"],
        "basis": "consent",
        "purposes": row["purposes"],
        "texts": row["words"],
        "services": [{"key": name, "vendor": vendor, **said} for name in sorted(row["services"])],
        "cookies": [],
    }


def published_one_after_another(history: list[Any]) -> list[Content]:
    contents: list[Content] = []
    for number, (draft, ask_again) in enumerate(history, 1):
        content = content_of(draft)
        earlier = copy.deepcopy(contents[-1]) if contents else None
        material.stamp(content, earlier, number=number, ask_again=ask_again)
        contents.append(content)
    return contents


@settings(max_examples=300, deadline=None)
@given(histories)
def test_no_two_hold_the_same_bit_and_none_holds_that_of_the_signal(history: list[Any]) -> None:
    for content in published_one_after_another(history):
        held = list(bits(content).values())
        assert len(set(held)) == len(held)
        assert 0 not in held


@settings(max_examples=300, deadline=None)
@given(histories)
def test_a_group_that_stays_keeps_its_choice_and_its_bits(history: list[Any]) -> None:
    contents = published_one_after_another(history)
    for number, (before, after) in enumerate(pairwise(contents), 2):
        known = {group["key"]: group for group in before["groups"]}
        for group in after["groups"]:
            earlier = known.get(group["key"])
            if group["required"]:
                assert "since" not in group
            elif earlier and material.of_group(earlier) == material.of_group(group) and not history[number - 1][1]:
                assert (group["since"], group["bit"]) == (earlier["since"], earlier["bit"])
                assert [row["bit"] for row in group["services"]] == [row["bit"] for row in earlier["services"]]


@settings(max_examples=300, deadline=None)
@given(histories)
def test_a_choice_that_no_longer_counts_never_counts_again(history: list[Any]) -> None:
    """Whoever holds a bit later holds it since a number above that of every choice made before."""
    contents = published_one_after_another(history)
    dead: set[tuple[int, str]] = set()  # (number of the snapshot a choice was made about, its group)
    for number, content in enumerate(contents, 1):
        standing = {group["key"]: group["since"] for group in content["groups"] if not group["required"]}
        for made in range(1, number + 1):
            for key in {group["key"] for group in contents[made - 1]["groups"]}:
                counts = key in standing and standing[key] <= made
                assert not (counts and (made, key) in dead)
                if not counts:
                    dead.add((made, key))


@settings(max_examples=300, deadline=None)
@given(histories)
def test_a_bit_that_counts_was_its_groups_when_the_choice_was_made(history: list[Any]) -> None:
    contents = published_one_after_another(history)
    for number, content in enumerate(contents, 1):
        now = bits(content)
        for group in content["groups"]:
            for made in range(group.get("since", number + 1), number + 1):
                then = bits(contents[made - 1])
                own = {name: bit for name, bit in now.items() if name.startswith(f"{group['key']} ")}
                assert {name: then.get(name) for name in own} == own
