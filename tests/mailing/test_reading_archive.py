"""The archive has what was sent and put there, in the visitor's language, as a page of the site."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.rich_text import RichText

from mailing.models import Campaign, MailingList
from tests import make

State = Campaign.State
pytestmark = pytest.mark.usefixtures("clock")


def sent(news: MailingList, subject: str = "Spring", **fields: Any) -> Campaign:
    values = {"in_archive": True, "state": State.SENT, "queued_at": make.NOW}
    return make.campaign(news, subject, **values | fields)


def read(client: Client, address: str = "/mail/archive/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_newest_comes_first(client: Client, news: MailingList) -> None:
    for days, subject in enumerate(("Third", "Second", "First")):
        sent(news, subject, queued_at=make.NOW - timedelta(days=days))
    page = read(client)
    assert page.index("Third") < page.index("Second") < page.index("First")


@pytest.mark.parametrize(
    "fields", [{"in_archive": False}, *({"state": state} for state in State if state != State.SENT)]
)
def test_what_was_not_sent_or_not_put_there_is_not_shown(
    client: Client, news: MailingList, fields: dict[str, Any]
) -> None:
    campaign = sent(news, "Secret plans", **fields)
    assert "Secret" not in read(client)
    answer = client.get(f"/mail/archive/{campaign.pk}/")
    assert (answer.status_code, "There is no such mail" in answer.content.decode()) == (404, True)


def test_it_is_told_in_the_visitors_language_else_in_the_sites(client: Client, news: MailingList) -> None:
    campaign = sent(news, "Spring")
    assert "Spring" in read(client, "/ru/mail/archive/")
    make.written(campaign, "Весна", html="<p>Тепло.</p>", language="ru")
    assert "Весна" in read(client, "/ru/mail/archive/")
    page = read(client, f"/ru/mail/archive/{campaign.pk}/")
    assert "Тепло." in page
    assert '<article class="prose mail-text" lang="ru"' in page
    assert "Spring" in read(client, f"/mail/archive/{campaign.pk}/")


def test_the_version_that_was_chosen_is_the_one_that_is_shown(client: Client, news: MailingList) -> None:
    campaign = sent(news, "Version A", chosen="b")
    make.written(campaign, "Version B", version="b")
    assert "Version B" in read(client, f"/mail/archive/{campaign.pk}/")


def test_what_is_filled_in_for_readers_is_filled_in_for_nobody(client: Client, news: MailingList) -> None:
    campaign = sent(news, "Hello {{ name|reader }}", html="<p>For {{ name|you &amp; yours }}, yes.</p>")
    page = read(client, f"/mail/archive/{campaign.pk}/")
    assert "<h1>Hello reader</h1>" in page
    assert "{{" not in page


# Wagtail leaves the temporary file of a rendition to the collector.
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_every_block_is_shown_without_a_style_of_its_own(client: Client, news: MailingList) -> None:
    image = Image.objects.create(title="Quay", file=get_test_image_file(size=(800, 400)))
    body = [
        ("heading", "What is new"),
        ("text", RichText('<p>We <b>moved</b> to <a href="https://quay.example/">the quay</a>.</p>')),
        ("image", image),
        ("button", {"label": "See it", "page": None, "url": "https://quay.example/see"}),
        ("columns", [{"image": image, "text": RichText("<p>Left.</p>")}, {"image": None, "text": RichText("Right.")}]),
        ("divider", None),
    ]
    campaign = Campaign.objects.create(
        title="All", mailing_list=news, in_archive=True, state=State.SENT, queued_at=make.NOW
    )
    make.written(campaign, "All", body=body)
    page = read(client, f"/mail/archive/{campaign.pk}/")
    for said in (
        "<h2>What is new</h2>",
        '<a href="https://quay.example/">the quay</a>',
        'alt="Quay"',
        '<a class="button" href="https://quay.example/see">See it</a>',
        "Left.",
        "Right.",
        "<hr>",
    ):
        assert said in page
    assert "style=" not in page


def test_it_may_be_indexed(client: Client, news: MailingList) -> None:
    campaign = sent(news)
    for address in ("/mail/archive/", f"/mail/archive/{campaign.pk}/"):
        answer = client.get(address)
        assert "X-Robots-Tag" not in answer
        assert "noindex" not in answer.content.decode()


def test_twenty_are_on_a_page(client: Client, news: MailingList) -> None:
    for number in range(21):
        sent(news, f"Mail no. {number}.", queued_at=make.NOW + timedelta(minutes=number))
    assert "Mail no. 20." in read(client)
    assert "Mail no. 0." not in read(client)
    assert "Mail no. 0." in read(client, "/mail/archive/?page=2")
    for odd in ("3", "0", "-1", "x", "%00", "9" * 50):
        assert read(client, f"/mail/archive/?page={odd}")


def test_a_list_of_many_asks_the_database_no_more(
    client: Client, news: MailingList, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        sent(news, f"Mail no. {number}.")
    read(client)
    with django_assert_max_num_queries(20):
        read(client)


def test_an_empty_archive_says_so_and_is_not_linked(client: Client, news: MailingList) -> None:
    assert "No mail has been put here yet." in read(client)
    assert "/mail/archive/" not in read(client, "/mail/join/")
    sent(news)
    assert 'href="/mail/archive/"' in read(client, "/mail/join/")


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 19, "9" * 40])
def test_a_number_of_none_is_not_found(client: Client, news: MailingList, pk: str) -> None:
    assert client.get(f"/mail/archive/{pk}/").status_code == 404
