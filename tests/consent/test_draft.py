"""The draft says everything in all languages, as the CMS has it, in an order that does not depend on chance."""

from cookie_consent.models import Cookie, CookieGroup
from wagtail.models import Site

from consent import draft, wording
from consent.catalogue import Published
from consent.models import CookieDetail, GroupDetail, Service
from records.registry import Purpose
from tests import make


def group(key: str = "analytics") -> draft.Content:
    content = draft.content(Site.objects.get(is_default_site=True))
    found: draft.Content = next(group for group in content["groups"] if group["key"] == key)
    return found


def test_it_says_every_text_in_every_language(published: Published) -> None:
    row = CookieGroup.objects.get(varname="analytics")
    GroupDetail.objects.create(group=row, texts={"ru": {"name": "Статистика"}})
    own = {"name": "Statistics", "description": "Counts visits."}
    in_english = dict.fromkeys(wording.languages(), own)
    assert group()["texts"] == in_english | {"ru": {"name": "Статистика", "description": "Counts visits."}}


def test_the_words_of_the_banner_are_part_of_it(published: Published) -> None:
    words = draft.content(Site.objects.get(is_default_site=True))["banner"]["words"]
    assert list(words) == wording.languages()
    assert {"en", "ru"} <= words.keys()
    assert words["en"]["refuse_all"] == "Refuse all"


def test_the_number_with_the_vendor_stands_where_it_is_asked_for(published: Published) -> None:
    Service.objects.update(
        account="G-1",
        script_url="https://tally.example/{account}.js",
        module='count("{account}");\r\n',
        connect_origins=["https://{account}.tally.example"],
    )
    service = group()["services"][0]
    assert service["script_url"] == "https://tally.example/G-1.js"
    assert service["module"] == 'count("G-1");\n'
    assert service["origins"]["connect"] == ["https://G-1.tally.example"]


def test_a_group_is_for_the_purposes_of_its_services_as_well(published: Published) -> None:
    GroupDetail.objects.create(group=CookieGroup.objects.get(varname="analytics"), purposes=[Purpose.SECURITY])
    Service.objects.update(purposes=[Purpose.MEASUREMENT])
    assert group()["purposes"] == sorted([Purpose.MEASUREMENT, Purpose.SECURITY])


def test_one_service_that_sells_data_makes_a_signal_refuse_the_whole_group(published: Published) -> None:
    Service.objects.update(gpc=True)
    assert group()["gpc"] is True
    CookieGroup.objects.filter(varname="analytics").update(is_required=True)
    assert group()["gpc"] is False


def test_the_order_in_which_rows_were_made_does_not_matter(published: Published) -> None:
    row = CookieGroup.objects.get(varname="analytics")
    for name in ("_b", "_a", "_c"):
        CookieDetail.objects.create(cookie=Cookie.objects.create(cookiegroup=row, name=name, path="/"))
    for key in ("zoom", "atlas"):
        Service.objects.create(key=key, name=key, vendor=make.recipient(), group=row)
    assert [cookie["name"] for cookie in group()["cookies"]] == ["_a", "_b", "_c"]
    assert [service["key"] for service in group()["services"]] == ["atlas", "tally", "zoom"]
