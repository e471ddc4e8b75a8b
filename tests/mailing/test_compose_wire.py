"""A mail is encoded once and only its gaps are filled; it says what one built for that reader alone would say."""

import itertools
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings
from wagtail.rich_text import RichText

from mailing import compose, tokens
from mailing.compose import editions, notices, promotions
from mailing.compose.anew import Anew
from mailing.compose.manuscript import Content, Manuscript, Values
from mailing.compose.serialised import Serialised
from mailing.models import Campaign, Field, Link, MailingList
from policies.models import PolicyPage
from tests import make
from tests.mailing.opened import ANA, header_lines, opened, part, wire

pytestmark = pytest.mark.usefixtures("clock")
WORDS = st.text(max_size=60)
PRINTED = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=80)
BOUNDARY = re.compile(rb'boundary="([^"]+)"')


@pytest.fixture
def spring(news: MailingList) -> Campaign:
    Field.objects.create(key="city", label="Town", why="To tell you of boats near you.")
    campaign = make.campaign(news, "Spring, {{ name|dear reader }}", reply_to="vera@quay.example")
    text = campaign.texts.get()
    text.preheader = "For {{ name|you & yours }}"
    text.body = [
        ("heading", "To {{ city|everybody <here> }}"),
        ("text", RichText("<p>Hello {{ name|there &amp; here }}, <b>it is</b> spring.</p>")),
        ("button", {"label": "Go to {{ city|the quay }}", "page": None, "url": "https://b.example/?a=1&b=2"}),
    ]
    text.save()
    return Campaign.objects.get(pk=campaign.pk)


def manuscript(campaign: Campaign, rows: dict[str, int] | None = None) -> Manuscript:
    written = promotions.written(Campaign.objects.get(pk=campaign.pk), language="en", version="")
    return promotions.of(promotions.counting(written, rows or {}), now=make.NOW)


def test_it_is_the_quick_edition(spring: Campaign) -> None:
    assert isinstance(compose.edition(spring, language="en", now=make.NOW), Serialised)


def test_the_gaps_are_filled_in_every_part(spring: Campaign) -> None:
    message = opened(wire(spring, replace(ANA, name="Ana Lund", fields={"city": "Łódź"})))
    assert message["Subject"] == "Spring, Ana Lund"
    assert message["To"].addresses[0].display_name == "Ana Lund"
    assert part(message, "plain").startswith(
        "To Łódź\n\nHello Ana Lund, it is spring.\n\nGo to Łódź:\nhttps://b.example/"
    )
    for words in ("For Ana Lund", "To Łódź", "Hello Ana Lund", "Go to Łódź"):
        assert words in part(message, "html")


def test_what_is_not_known_is_said_otherwise(spring: Campaign) -> None:
    message = opened(wire(spring))
    assert message["Subject"] == "Spring, dear reader"
    assert message["To"] == make.ANA
    assert part(message, "plain").startswith("To everybody <here>\n\nHello there & here, it is spring.")
    assert "To everybody &lt;here&gt;" in part(message, "html")
    assert "Hello there &amp; here" in part(message, "html")


def test_a_name_cannot_add_a_header_or_markup(spring: Campaign) -> None:
    evil = "Eve\r\nBcc: cleo@mail.example\r\n\r\n<script src=//x.example></script>"
    message = opened(wire(spring, replace(ANA, name=evil)))
    assert message["Bcc"] is None
    assert "<script" not in part(message, "html")
    assert "&lt;script src=//x.example&gt;" in part(message, "html")


@pytest.mark.parametrize(
    "email", ["ana@mail.example\r\nBcc: b@mail.example", "a b@mail.example", "ana", "<a>@b.example"]
)
def test_an_address_that_breaks_a_header_is_refused(spring: Campaign, email: str) -> None:
    with pytest.raises(ValueError, match="address"):
        wire(spring, replace(ANA, email=email))


def test_a_domain_in_another_script_is_written_as_dns_has_it(spring: Campaign) -> None:
    assert opened(wire(spring, replace(ANA, email="ana@почта.example")))["To"] == "ana@xn--80a1acny.example"


def test_lines_are_short_and_none_begins_with_a_dot(spring: Campaign) -> None:
    raw = wire(spring, replace(ANA, name="." + "длинное имя " * 8, fields={"city": ".From " * 30}))
    assert editions.fault_of(raw) == ""
    head, _empty, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?m)^(\.|From )", body)
    assert b"=?utf-8?b?" in head
    assert max(len(line) for line in head.split(b"\r\n") if b"=?" in line) <= 76  # RFC 2047, 2


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WORDS, city=WORDS, delivery=st.integers(1, 2**63 - 1))
def test_any_reader_reads_what_was_built_for_them_alone(spring: Campaign, name: str, city: str, delivery: int) -> None:
    quick = Serialised(manuscript(spring))
    reader = replace(ANA, name=name, fields={"city": city}, delivery=delivery)
    assert editions.difference(quick, reader) == ""


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=PRINTED, words=PRINTED, plain=st.text(st.characters(blacklist_categories=["Cs"]), max_size=200))
def test_any_text_is_read_as_it_was_written(spring: Campaign, subject: str, words: str, plain: str) -> None:
    text = spring.text_for("en")
    assert text
    text.subject, text.preheader, text.plain = subject, words, plain
    text.body = [("heading", words), ("text", RichText("<p>Hello {{ name|there }}</p>"))]
    written = promotions.Written(spring, text, promotions.body.sections(text), {"site_url": "http://testserver/"})
    quick = Serialised(promotions.of(written, now=make.NOW))
    assert editions.difference(quick, replace(ANA, name=words)) == ""


def test_a_notice_is_quick_too_and_names_the_readers_own_list(policy: PolicyPage) -> None:
    make.revise(policy, "We keep less.", material=True)
    version = policy.versions.get(number=2)
    campaign, _new = Campaign.objects.get_or_create(kind="notice", policy_version=version)
    edition = compose.edition(campaign, language="en", now=make.NOW)
    assert isinstance(edition, Serialised)
    raw = edition.wire(replace(ANA, list_key="offers", list_name='The "Quay" <Ёж>'))
    assert opened(raw)["List-Id"].endswith(" <offers.localhost>")
    assert "Leave “The &quot;Quay&quot; &lt;Ёж&gt;”".replace("&quot;", '"') in part(opened(raw), "html")
    for reader in editions.samples(notices.of(notices.written(campaign, language="en", at=make.NOW), now=make.NOW)):
        assert editions.difference(edition, reader) == ""


@pytest.fixture
def layout(tmp_path: Path, settings: Settings) -> Callable[[str, str], None]:
    """A site's own template in place of ours."""

    def replaced(name: str, text: str) -> None:
        file = tmp_path / "mailing/mail" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    return replaced


LOUD = "{% autoescape off %}{{ body|upper }}\n{% include 'mailing/mail/footer.txt' %}{% endautoescape %}"


def test_a_layout_that_does_something_with_a_name_is_built_anew_for_each_reader(
    spring: Campaign, layout: Callable[[str, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    layout("campaign.txt", LOUD)
    with caplog.at_level(logging.WARNING, "mailing.compose.editions"):
        edition = compose.edition(spring, language="en", now=make.NOW)
    assert isinstance(edition, Anew)
    assert [record.getMessage() for record in caplog.records] == [
        f"campaign {spring.pk} in en is built anew for each reader, which is slow: encoded once, it differs in its "
        "plain part"
    ]
    raw = edition.wire(replace(ANA, name="Ana"))
    assert "HELLO ANA, IT IS SPRING." in part(opened(raw), "plain")
    assert editions.fault_of(raw.replace(b"\r\n..", b"\r\n=2E")) == ""


@pytest.mark.parametrize("place", ["header subject", "header x-greeting", "plain part", "html part"])
def test_a_difference_anywhere_is_seen(spring: Campaign, place: str) -> None:
    sound = manuscript(spring)

    def loud(values: Values) -> Content:
        content, name = sound.write(values), values["name|there & here"].upper()
        return {
            "header subject": replace(content, subject=name),
            "header x-greeting": replace(content, headers={**content.headers, "X-Greeting": name.encode().hex()}),
            "plain part": replace(content, text=name),
            "html part": replace(content, html=f"<p>{name}</p>"),
        }[place]

    quick = Serialised(replace(sound, write=loud))
    assert editions.difference(quick, replace(ANA, name="Ana")) == f"its {place}"
    assert editions.difference(Serialised(sound), replace(ANA, name="Ana")) == ""


def test_a_layout_that_is_no_mjml_is_refused_by_name(spring: Campaign, layout: Callable[[str, str], None]) -> None:
    layout("campaign.mjml", "<mjml><mj-body>")
    with pytest.raises(ValueError, match=r"mailing/mail/campaign\.mjml is no MJML"):
        compose.edition(spring, language="en", now=make.NOW)


def test_what_is_built_anew_has_its_dots_doubled(spring: Campaign) -> None:
    spring.texts.update(plain="One.\n.two\n..three")
    raw = Anew(manuscript(spring)).wire(ANA)
    assert b"\r\n..two\r\n...three\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_links_are_counted_for_who_agreed_and_plain_for_the_rest(spring: Campaign) -> None:
    Campaign.objects.update(count_links=True)
    row = Link.objects.create(campaign=spring, url="https://b.example/?a=1&b=2")
    for tracked, has_plain in ((False, True), (True, False)):
        message = opened(wire(spring, replace(ANA, tracked=tracked)))
        for kind, url in (("plain", row.url), ("html", row.url.replace("&", "&amp;"))):
            assert (url in part(message, kind)) is has_plain
            assert ("http://testserver/mail/go/" in part(message, kind)) is not has_plain


def test_a_counted_link_names_the_delivery_and_the_link_alone(spring: Campaign) -> None:
    rows = {"https://b.example/?a=1&b=2": 5}
    text = part(opened(Serialised(manuscript(spring, rows)).wire(ANA)), "plain")
    [token] = re.findall(r"/mail/go/([\w-]{43})/", text)
    assert tokens.read(token, tokens.LINK) == (7, 5)


def test_every_reader_gets_another_token_and_every_attempt_the_same(spring: Campaign) -> None:
    edition = compose.edition(spring, language="en", now=make.NOW)
    seen: list[Any] = [header_lines(edition.wire(replace(ANA, delivery=number)))["Message-ID"] for number in (1, 2, 1)]
    assert seen[0] == seen[2] != seen[1]
    assert edition.wire(ANA) == edition.wire(ANA)


def test_two_editions_differ_in_nothing_but_their_boundary(spring: Campaign) -> None:
    raws = [wire(spring), wire(spring)]
    marks = [BOUNDARY.search(raw) for raw in raws]
    assert all(marks)
    plain = [raw.replace(mark[1], b"") for raw, mark in zip(raws, marks, strict=True) if mark]
    assert [*itertools.pairwise(plain)] == [(plain[0], plain[0])]
