"""What nobody declared is not published, by whichever route, and the sentence says what it is and what to do."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client, override_settings
from wagtail.models import Page

from consent.enforce import pasted
from consent.models import Service
from home.models import HomePage, StandardPage
from policies.tasks import publish_scheduled
from tests import desk, make
from tests.consent.gated import CDN, PAY, STRANGER, TUBE, published

UNDECLARED = "is not declared. Add the service under Consent › Services and publish it"


def problems(html: str) -> list[str]:
    return pasted.problems(html, published())


@pytest.mark.parametrize(
    "html",
    [
        f"<script src={STRANGER}/x></script>",
        f"<template><iframe src={STRANGER}></iframe></template>",
        f"<noscript><img src={STRANGER}/x></noscript>",
        f"<link rel=preconnect href={STRANGER}>",
        f"<LINK REL=stylesheet HREF='{STRANGER}/x'>",
        f"<object data={STRANGER}/x></object><embed src={STRANGER}/y>",
        f"<img srcset='/own.png 1x, {STRANGER}/x 2x'>",
        "<video poster=//stranger.example/x></video>",
        f"<base href={STRANGER}><img src=x>",
        f'<iframe srcdoc="&lt;img src={STRANGER}/x&gt;"></iframe>',
        f"<svg><image href={STRANGER}/x /></svg>",
        f"<td background={STRANGER}/x>",
    ],
)
def test_what_loads_from_a_stranger_is_named_once(html: str) -> None:
    found = problems(html + html)
    assert len(found) == 1
    assert found[0].startswith(f"“{STRANGER}” {UNDECLARED}")


def test_a_port_and_a_scheme_are_part_of_the_name() -> None:
    assert f"“{TUBE}:8443”" in problems(f"<iframe src={TUBE}:8443/></iframe>")[0]
    assert "“http://www.youtube.com”" in problems("<iframe src=http://www.youtube.com/></iframe>")[0]


def test_an_origin_that_is_declared_for_something_else_is_told_apart() -> None:
    (sentence,) = problems(f"<iframe src={PAY}/x></iframe>")
    assert "is declared, but not for this: it is missing among “frames from”" in sentence


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<script type=' TEXT/JavaScript '>alert(1)</script>", "<script>"),
        ("<script type=module>import 'x'</script>", "<script>"),
        ("<script type=importmap>{}</script>", "<script>"),
        ("<b OnClick=alert(1)>x</b>", "onclick"),
        ("<a href=' java\nscript:alert(1)'>x</a>", "javascript:"),
        ("<form action=javascript:alert(1)></form>", "javascript:"),
        ('<iframe srcdoc="&lt;script&gt;1&lt;/script&gt;"></iframe>', "<script>"),
    ],
)
def test_code_in_a_text_is_named(html: str, what: str) -> None:
    (sentence,) = problems(html)
    assert f"this text has some: {what}." in sentence
    assert "first-party module" in sentence


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"@type": "Thing"}</script><script type=text/x-template>x</script>',
        "<img src=/media/own.png><img src=http://testserver:8000/media/own.png><a href=https://else.example>x</a>",
        f"<iframe src={TUBE}/embed/1></iframe><script src={PAY}/x></script><img src={CDN}/x>",
        f"<!-- <script src={STRANGER}/x></script> --><textarea onx><script></textarea>".replace(" onx", ""),
        "<p>Words about javascript: and onclick=, &lt;script&gt;.</p>",
        "",
    ],
)
def test_all_else_may_be_published(html: str) -> None:
    assert problems(html) == []


def test_media_of_the_sites_own_host_elsewhere_and_its_own_sources_are_fine() -> None:
    html = "<img src=https://media.example/x><img src=https://fonts.example/x>"
    own = {"MEDIA_URL": "https://media.example/", "CONSENT_CSP_SOURCES": {"font-src": ["https://fonts.example"]}}
    with override_settings(**own):
        assert problems(html) == []
    assert len(problems(html)) == 2


def test_where_nothing_is_published_nothing_is_declared() -> None:
    assert UNDECLARED in pasted.problems(f"<iframe src={TUBE}></iframe>", None)[0]


# At publication.

FOREIGN = f'<iframe src="{STRANGER}/x"></iframe>'


@pytest.fixture
def home(db: None) -> HomePage:
    found = make.site()
    make.catalogue_of_one()
    return found


def draft(home: HomePage, html: str = FOREIGN) -> StandardPage:
    page = StandardPage(title="Tides", slug="tides", body="<p>Tides.</p>", live=False)
    home.add_child(instance=page)
    page.sections = [("html", html)]
    page.save_revision()
    return page


def is_live(page: Page) -> bool:
    return Page.objects.filter(pk=page.pk, live=True).exists()


def test_code_cannot_publish_it_and_nothing_is_half_written(home: HomePage) -> None:
    page = draft(home)
    with pytest.raises(ValidationError, match=UNDECLARED), transaction.atomic():
        page.get_latest_revision().publish()
    assert not is_live(page)


def test_what_is_declared_in_between_can_be(home: HomePage) -> None:
    """At once, whatever this process remembers."""
    page = draft(home)
    Service.objects.update(frame_origins=[STRANGER])
    with pytest.raises(ValidationError), transaction.atomic():  # declared is what is published
        page.get_latest_revision().publish()
    make.publish()
    page.get_latest_revision().publish()
    assert is_live(page)


@pytest.mark.parametrize("live", [False, True])
def test_it_cannot_be_scheduled_either(home: HomePage, clock: time_machine.Traveller, live: bool) -> None:
    page = draft(home, "<p>Fine.</p>")
    if live:
        page.get_latest_revision().publish()
    page = page.get_latest_revision_as_object()
    page.sections, page.go_live_at = [("html", FOREIGN)], make.NOW + timedelta(hours=1)
    revision = page.save_revision()
    with pytest.raises(ValidationError, match=UNDECLARED), transaction.atomic():
        revision.publish()
    assert not page.revisions.exclude(approved_go_live_at=None).exists()


def test_what_is_declared_no_longer_holds_up_no_schedule(
    home: HomePage, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    Service.objects.update(frame_origins=[STRANGER])
    make.publish()
    page = draft(home).get_latest_revision_as_object()
    page.go_live_at = make.NOW + timedelta(hours=1)
    page.save_revision().publish()
    Service.objects.update(frame_origins=[])
    make.publish()
    clock.shift(timedelta(hours=2))
    publish_scheduled()
    assert is_live(page)
    assert f"page {page.pk} was published as scheduled" in caplog.text


def test_rich_text_is_asked_as_well(home: HomePage) -> None:
    home.body = FOREIGN  # no editor of the CMS lets that through; code does
    with pytest.raises(ValidationError, match=UNDECLARED):
        home.save_revision().publish()


def test_the_bulk_action_says_it_above_the_page(home: HomePage, client: Client) -> None:
    page = draft(home)
    client.force_login(make.vera())
    listing = f"/cms/pages/{home.pk}/"
    answer = client.post(
        f"/cms/bulk/wagtailcore/page/publish/?next={listing}&id={page.pk}", HTTP_REFERER=f"http://testserver{listing}"
    )
    assert UNDECLARED in desk.told(answer)
    assert not is_live(page)
