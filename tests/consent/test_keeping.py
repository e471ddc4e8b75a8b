"""How long may a cache in front give an answer to others, and when does the site say: to nobody?"""

import pytest
from django.http import HttpResponse, StreamingHttpResponse  # noqa: TID251 - what a view returns
from django.test import Client, RequestFactory

from consent.catalogue import Published
from consent.cookie import Standing
from consent.enforce import variants
from consent.views import keeping
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

NOBODY = {"X-Consent-Key": "none none"}


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


def seconds(published: Published | None, response: HttpResponse, method: str = "GET", **headers: str) -> int:
    request = RequestFactory().generic(method, "/", headers=NOBODY | headers)
    return keeping.page(request, response, published)


@pytest.mark.parametrize(
    ("headers", "kept_for"),
    [
        ({}, 60),
        ({"Cache-Control": "public, max-age=300"}, 60),
        ({"Cache-Control": "max-age=10, must-revalidate"}, 9),
        ({"Cache-Control": "max-age=1"}, 0),
        ({"Cache-Control": "max-age=0"}, 0),
        ({"Cache-Control": "max-age=300, s-maxage=5"}, 4),
        ({"Cache-Control": "max-age=soon"}, 0),
        ({"Cache-Control": "Private"}, 0),
        ({"Cache-Control": 'no-cache="set-cookie", max-age=60'}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"Vary": "Accept-Encoding, Accept-Datetime"}, 60),
        ({"Vary": "Cookie"}, 0),
        ({"Vary": "Accept-Encoding,  accept-language"}, 0),
        ({"Vary": "*"}, 0),
    ],
)
def test_what_an_answer_says_of_itself_counts(published: Published, headers: dict[str, str], kept_for: int) -> None:
    assert seconds(published, HttpResponse("page", headers=headers)) == kept_for


@pytest.mark.parametrize(
    ("headers", "kept_for"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=300"}, 299),
        ({"Cache-Control": "public, max-age=300", "Vary": "Accept"}, 0),
        ({"Cache-Control": "public, max-age=300", "Vary": "Cookie"}, 0),
        ({"Cache-Control": "no-store"}, 0),
    ],
)
def test_so_does_what_one_says_that_is_no_page(headers: dict[str, str], kept_for: int | None) -> None:
    assert keeping.allowed(HttpResponse("{}", headers=headers)) == kept_for


def test_only_a_whole_page_without_a_cookie_is_kept(published: Published) -> None:
    assert seconds(published, HttpResponse("page")) == 60
    assert seconds(published, HttpResponse("page"), "POST") == 0
    assert seconds(published, HttpResponse("wrong", status=422)) == 0
    assert seconds(published, StreamingHttpResponse(iter(["page"]))) == 0  # type: ignore[arg-type]
    assert seconds(None, HttpResponse("page")) == 0
    with_cookie = HttpResponse("page")
    with_cookie.set_cookie("a", "1")
    assert seconds(published, with_cookie) == 0


def test_a_site_may_keep_none(published: Published, settings: pytest.FixtureRequest) -> None:
    settings.PAGE_CACHE_SECONDS = 0  # type: ignore[attr-defined]
    assert seconds(published, HttpResponse("page")) == 0
    settings.PAGE_CACHE_SECONDS = -1  # type: ignore[attr-defined]
    assert seconds(published, HttpResponse("page")) == 0


def test_a_cache_that_took_the_visitor_for_another_keeps_nothing(published: Published) -> None:
    page = HttpResponse("page")
    assert seconds(published, page, **{"Sec-GPC": "1"}) == 0
    assert seconds(published, page, **{"Sec-GPC": "1", "X-Consent-Key": "none gpc"}) == 60
    assert seconds(published, page, **{"Sec-GPC": "1", "DNT": "1", "X-Consent-Key": "none gpc+dnt"}) == 60
    assert seconds(published, page, **{"Cookie": "candor_consent=", "X-Consent-Key": "none none"}) == 0
    assert seconds(published, page, **{"X-Consent-Key": ""}) == 0


@pytest.mark.parametrize(("choice", "kept_for"), [("accept", "60"), ("refuse", "60")])
def test_a_choice_that_counts_is_kept_by_its_mask(published: Published, choice: str, kept_for: str) -> None:
    client = Client()
    client.post("/consent/", {"snapshot": published.sha256, "choice": choice}, **make.HERE)
    value = client.cookies["candor_consent"].value
    key = variants.key(value, gpc=False, dnt=False)
    assert key == f"{value.split('.')[1]}.{value.split('.')[4]} none"
    assert client.get("/", headers={"X-Consent-Key": key})["X-Accel-Expires"] == kept_for
    assert client.get("/", headers=NOBODY)["X-Accel-Expires"] == "0"
    client.cookies["candor_consent"] = f"{value[:-1]}{'A' if value[-1] != 'A' else 'B'}"
    assert client.get("/", headers={"X-Consent-Key": key})["X-Accel-Expires"] == "0"


def test_of_one_configuration_few_masks_are_kept(published: Published) -> None:
    """Each group whole, refused or undecided; nothing between."""
    groups = published.choosable
    assert len(groups) <= 3

    def standing(answers: dict[str, bool], left_out: str = "") -> Standing:
        rows = [(group["key"], row["key"]) for group in groups for row in group["services"]]
        return Standing(answers, {key: answers[group] and key != left_out for group, key in rows if group in answers})

    assert variants.kept(published, Standing())
    for group in groups:
        assert variants.kept(published, standing({group["key"]: True}))
        assert variants.kept(published, standing({group["key"]: False}))
        for row in group["services"]:
            one_left_out = standing({group["key"]: True}, left_out=row["key"])
            assert not variants.kept(published, one_left_out)


def test_with_many_groups_only_whole_answers_are_kept(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variants, "_GROUPS", 1)
    services = {row["key"]: row["group"] for row in published.services}
    mixed = {key: place == 0 for place, key in enumerate(published.optional)}
    yes, no = dict.fromkeys(published.optional, True), dict.fromkeys(published.optional, False)
    kept = [
        variants.kept(published, Standing(said, {key: said[group] for key, group in services.items()}))
        for said in (yes, no, mixed)
    ]
    assert kept == [True, True, False]
    assert variants.kept(published, Standing())


def test_the_cms_and_its_pages_are_left_alone(published: Published, client: Client) -> None:
    assert "X-Accel-Expires" not in client.get("/cms/login/")
