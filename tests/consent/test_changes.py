"""What would be published is said in words, with who is asked again."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from wagtail.models import Site

from consent import adding, asking, catalogue, changes, decide, doubts, origins, presets
from consent.catalogue import Published
from consent.changes import Change, GroupChanges
from consent.models import CookieDetail, Decision, GroupDetail, Service
from consent.told import Told
from consent.wording import languages
from policies.states import language_name
from records.models import Controller
from records.registry import Purpose
from tests import make

FAR = make.NOW + timedelta(days=999)


def here() -> Site:
    return Site.objects.get(is_default_site=True)


def groups() -> dict[str, GroupChanges]:
    content, earlier = catalogue.proposed(here())
    return {group.key: group for group in changes.of_groups(earlier, content)}


def said(key: str = "analytics") -> dict[str, tuple[str | None, str | None, bool]]:
    return {change.what: (change.before, change.after, change.asks) for change in groups()[key].changes}


def test_nothing_changed_says_nothing(published: Published) -> None:
    assert [group.changes for group in groups().values()] == [(), ()]
    assert groups()["analytics"].material is False


def test_a_field_is_named_with_what_it_was_and_what_it_becomes(published: Published) -> None:
    Service.objects.update(purposes=[Purpose.MEASUREMENT], data=["address", "page"], module="count();")
    assert said() == {
        "Purposes": ("", "learning how the site is used", True),
        "Service Tally: purposes": ("", "learning how the site is used", True),
        "Service Tally: what it learns": ("", "IP address, page that is read", True),
        "Service Tally: first-party module": ("", "count();", False),
    }
    assert groups()["analytics"].material


def test_a_text_is_compared_in_every_language(published: Published) -> None:
    detail = {"ru": {"name": "Статистика"}}
    GroupDetail.objects.create(group=CookieGroup.objects.get(varname="analytics"), texts=detail)
    CookieGroup.objects.filter(varname="analytics").update(name="Counting")
    renamed = {f"Name ({language_name(language)})": ("Statistics", "Counting", False) for language in languages()}
    assert said() == renamed | {"Name (Russian)": ("Statistics", "Статистика", False)}
    assert groups()["analytics"].may_ask


def test_a_service_that_comes_and_one_that_goes(published: Published) -> None:
    Service.objects.all().delete()
    group = CookieGroup.objects.get(varname="analytics")
    Service.objects.create(key="maps", name="Maps", vendor=make.recipient(), group=group, data=["location"])
    assert said() == {
        "Service Maps": (None, "Tally Works learns: where the visitor is", True),
        "Service Tally": ("Tally Works", None, True),
    }


def test_a_cookie_says_what_it_is_for_and_how_long_it_is_kept(published: Published) -> None:
    cookie = Cookie.objects.create(
        cookiegroup=CookieGroup.objects.get(varname="analytics"), name="_t", description="Counts.", path="/"
    )
    CookieDetail.objects.create(cookie=cookie, service=Service.objects.get(), lifetime="P2Y")
    assert said() == {"Cookie _t": (None, "Counts. Kept: 2 years.", True)}
    make.publish()
    CookieDetail.objects.update(lifetime="P1Y")
    assert said() == {"Cookie _t: kept for": ("2 years", "1 year", True)}


def test_a_group_that_comes_and_one_that_goes(published: Published) -> None:
    Service.objects.all().delete()
    CookieGroup.objects.filter(varname="analytics").delete()
    catalogue.add_group(key="maps", name="Maps", description="Shows the way.")
    found = groups()
    assert (found["maps"].added, found["maps"].material, found["maps"].since) == (True, True, None)
    assert found["analytics"].removed
    assert [change.what for change in found["analytics"].changes] == ["Service Tally"]


def test_about_what_cannot_be_refused_nobody_is_asked(published: Published) -> None:
    CookieDetail.objects.create(cookie=Cookie.objects.get(name="candor_consent"), lifetime="P6M")
    group = groups()["essential"]
    assert [change.asks for change in group.changes] == [False]
    assert (group.material, group.may_ask) == (False, False)


def test_what_lies_outside_the_groups_is_said_as_well(published: Published) -> None:
    Controller.objects.update(name="Harbour Ltd")
    CookieGroup.objects.filter(varname="analytics").update(is_required=True, ordering=-1)
    content, earlier = catalogue.proposed(here())
    assert changes.of_site(earlier, content) == [
        Change(what="Site owner: name", before="Quay Ltd", after="Harbour Ltd"),
        Change(what="Order of the groups", before="Essential, Statistics", after="Statistics, Essential"),
    ]


@pytest.mark.parametrize(("kind", "key"), [("group", "analytics"), ("service", "tally")])
def test_a_key_that_was_published_is_known_for_ever(published: Published, kind: str, key: str) -> None:
    other = "service" if kind == "group" else "group"
    Service.objects.all().delete()
    CookieGroup.objects.all().delete()
    make.publish()
    assert changes.was_published(**{kind: key})
    assert not changes.was_published(**{other: key})


def asked(*anew: str, **standing: int) -> asking.Asked:
    return asking.who(here().pk, standing, anew, at=make.NOW + timedelta(days=1))


def test_people_are_counted_once_by_their_newest_choice_that_still_counts(published: Published) -> None:
    ana = make.decision(published, "analytics")
    make.decision(published, now=make.NOW + timedelta(hours=1), consent_id=ana.consent_id)
    make.decision(published)
    make.decision(published, expires_at=make.NOW + timedelta(hours=1))
    assert asked("analytics", analytics=1) == asking.Asked(2, {"analytics": 2}, 2, False)


def test_who_chose_before_a_group_last_started_anew_has_no_choice_about_it(published: Published) -> None:
    make.decision(published)
    newer = make.publish(ask_again=["analytics"])
    make.decision(newer)
    assert asked("analytics", analytics=newer.number) == asking.Asked(2, {"analytics": 1}, 1, False)


def test_everybody_is_asked_about_a_group_that_is_new_and_nobody_about_nothing(published: Published) -> None:
    make.decision(published)
    assert asked("maps", analytics=1).again == 1
    assert asked(analytics=1).again == 0


def test_choices_that_are_too_old_for_a_policy_and_mail_and_other_sites_do_not_count(published: Published) -> None:
    make.decision(published)
    mail = {"choices": {"mail:news": True}, "statement": "You may write to me."}
    key = uuid.uuid4()
    decide.record(source=Decision.Source.FORM, at=make.NOW, key=key, told=Told(), expires_at=FAR, **mail)  # type: ignore[arg-type]
    later = make.NOW + timedelta(hours=1)
    standing = {"analytics": 1}
    assert asking.who(here().pk, standing, ["analytics"], at=later, asked_again_since=later).people == 0
    assert asking.who(here().pk + 1, standing, ["analytics"], at=later).people == 0
    assert asking.who(here().pk, standing, ["analytics"], at=later).people == 1


def test_many_choices_are_an_upper_bound(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "EXACT", 2)
    ana = make.decision(published, "analytics")
    make.decision(published, consent_id=ana.consent_id)
    assert asked("analytics", analytics=1) == asking.Asked(1, {"analytics": 1}, 1, False)
    make.decision(published)
    assert asked("analytics", analytics=1) == asking.Asked(3, {"analytics": 3}, 3, True)
    assert asked("maps", analytics=1).again == 3


def warned(site: Site | None = None) -> list[str]:
    content, _earlier = catalogue.proposed(here())
    return doubts.of(content, here())


def test_a_script_that_browsers_will_refuse_is_named(published: Published) -> None:
    Service.objects.update(purposes=["x"], data=["page"], script_url="https://cdn.tally.example/a.js")
    assert any("The script of Tally lies at cdn.tally.example" in sentence for sentence in warned())
    Service.objects.update(script_origins=["https://*.tally.example"])
    assert not any("Tally" in sentence for sentence in warned())


@pytest.mark.parametrize(
    ("address", "origin", "allowed"),
    [
        ("https://a.example/x.js", "https://a.example", True),
        ("http://a.example/x.js", "https://a.example", False),
        ("https://a.example/x.js", "http://a.example", True),
        ("https://a.example:8443/x.js", "https://a.example", False),
        ("https://www.a.example/x.js", "https://*.a.example", True),
        ("https://a.example/x.js", "https://*.a.example", False),
        ("https://bad-a.example/x.js", "https://*.a.example", False),
    ],
)
def test_an_origin_is_read_as_browsers_read_it(address: str, origin: str, allowed: bool) -> None:
    assert origins.allowed(address, [origin]) is allowed


def test_what_was_forgotten_is_named(published: Published) -> None:
    adding.add(presets.find("google-analytics"))
    found = " ".join(warned())
    assert "Google Analytics 4 has no number with its vendor yet" in found
    assert "The group Essential does not say what it is for." in found
    assert "The group Statistics is not translated: Arabic, German, Spanish, French, Russian." in found
    assert "Essential cannot be refused, so it does not rest on consent" in found
    assert "Nobody has said how long the cookie candor_consent is kept." in found
    assert "Tally does not say what it learns." in found


def test_counting_asks_three_queries_at_most(published: Published, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make.decision(published)
    with django_assert_max_num_queries(3):
        asked("analytics", analytics=1)
