"""What Gmail, Yahoo and Microsoft demand of those who send to many, looked for in a message as it went over the wire.

Names of providers are those of the rules' authors; SPF, DKIM, DMARC, TLS and DNS are the mail server's, and the set-up
page looks at those.
"""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import Settings

from mailing.compose import lint
from mailing.models import Campaign, Delivery, MailingList, Subscription
from tests import make
from tests.mailing.conftest import PostOffice
from tests.mailing.opened import opened, part

pytestmark = pytest.mark.usefixtures("clock")
SITE = "https://quay.example"
ONCE = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]  # RFC 5322, 3.6


@pytest.fixture
def raw(news: MailingList, post_office: PostOffice, settings: Settings) -> bytes:
    """What Ana's mail server took."""
    settings.SITE_URL = SITE
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news, "Весна, {{ name|друзья }}", reply_to="vera@quay.example")
    make.send(campaign)
    [found] = post_office.raw(make.ANA)
    return found


@pytest.fixture
def message(raw: bytes) -> EmailMessage:
    return opened(raw)


def head(raw: bytes) -> list[bytes]:
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def line(raw: bytes, name: str) -> str:
    [found] = [each.decode("ascii") for each in head(raw) if each.lower().startswith(f"{name.lower()}:".encode())]
    return found


def leave(message: EmailMessage) -> str:
    return str(message["List-Unsubscribe"]).strip("<>")


def test_gmail_yahoo_microsoft_rfc_5322_format(raw: bytes, message: EmailMessage) -> None:
    assert message.defects == []
    assert [part_.defects for part_ in message.walk()] == [[], [], []]
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [len(message.get_all(name, [])) for name in ONCE] == [1] * len(ONCE)
    assert parsedate_to_datetime(message["Date"]) == make.NOW
    assert re.fullmatch(r"<[a-z2-7]+@quay\.example>", message["Message-ID"])


def test_gmail_yahoo_microsoft_one_from_that_the_site_signs(message: EmailMessage) -> None:
    [sender] = message["From"].addresses
    assert sender.domain == "quay.example"
    assert message["Sender"] is None


def test_gmail_microsoft_a_valid_reply_to(message: EmailMessage) -> None:
    [answers] = message["Reply-To"].addresses
    assert answers.addr_spec == "vera@quay.example"


def test_gmail_microsoft_one_recipient_by_address(message: EmailMessage) -> None:
    assert [each.addr_spec for each in message["To"].addresses] == [make.ANA]
    assert message["Cc"] is None
    assert message["Bcc"] is None


def test_gmail_yahoo_rfc_8058_one_click_both_headers_on_one_line_each(raw: bytes) -> None:
    assert re.fullmatch(rf"List-Unsubscribe: <{SITE}/mail/unsubscribe/[\w-]{{43}}/>", line(raw, "List-Unsubscribe"))
    assert line(raw, "List-Unsubscribe-Post") == "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def test_gmail_yahoo_rfc_2369_angle_brackets_around_one_address(message: EmailMessage) -> None:
    assert re.fullmatch(r"<https://[^\s<>]+>", message["List-Unsubscribe"])


def test_gmail_yahoo_rfc_2919_list_id(message: EmailMessage) -> None:
    assert re.search(r"<news\.quay\.example>$", message["List-Id"])


def test_gmail_yahoo_https_and_an_opaque_token(message: EmailMessage) -> None:
    assert leave(message).startswith("https://")
    row = Delivery.objects.select_related("subscription__subscriber").get()
    assert row.subscription
    token = leave(message).rstrip("/").rpartition("/")[2]
    assert make.ANA.partition("@")[0] not in leave(message)
    assert not re.fullmatch(r"\d+", token)
    assert len(token) == 43


def test_gmail_yahoo_one_click_works_by_post_without_cookie_or_login_and_at_once(message: EmailMessage) -> None:
    address = leave(message).removeprefix(SITE)
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not Subscription.objects.live().exists()


def test_gmail_yahoo_opening_the_link_changes_nothing(message: EmailMessage) -> None:
    """Scanners of links open them."""
    assert Client().get(leave(message).removeprefix(SITE)).status_code == 200
    assert Subscription.objects.live().exists()


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_gmail_yahoo_microsoft_a_visible_link_to_leave(message: EmailMessage, kind: str) -> None:
    text = part(message, kind)
    assert leave(message) in text
    if kind == "html":
        link = BeautifulSoup(text, "html.parser").find("a", href=leave(message))
        assert link
        assert link.get_text() == "Leave this list"


def test_gmail_feedback_id_of_four_fields_without_the_person(message: EmailMessage) -> None:
    campaign = Campaign.objects.get()
    fields = str(message["Feedback-ID"]).split(":")
    assert fields == [str(campaign.pk), "news", "promotion", "quay-example"]
    assert 5 <= len(fields[3]) <= 15


@pytest.mark.parametrize("subject", ["Re: your order", "Fwd: look", "RE[2]: x"])
def test_gmail_microsoft_no_subject_that_pretends_to_be_an_answer(news: MailingList, subject: str) -> None:
    campaign = make.campaign(news, subject)
    assert [problem.level for problem in lint.problems(campaign) if "as an answer" in problem.sentence] == ["error"]


def test_gmail_subject_and_names_in_encoded_words_of_lawful_length(raw: bytes, message: EmailMessage) -> None:
    assert message["Subject"] == "Весна, друзья"
    assert max(len(each) for each in head(raw) if b"=?" in each) <= 76
    assert all(len(word) <= 75 for each in head(raw) for word in re.findall(rb"=\?\S+\?=", each))


def test_gmail_yahoo_html_and_the_same_as_plain_text(message: EmailMessage) -> None:
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert {each["Content-Transfer-Encoding"] for each in message.iter_parts()} == {"quoted-printable"}
    words = BeautifulSoup(part(message, "html"), "html.parser").get_text(" ")
    assert "It is spring" in " ".join(words.split()).replace(" .", ".")
    assert "It is spring" in part(message, "plain")


def test_gmail_not_cut_off(message: EmailMessage) -> None:
    assert len(part(message, "html").encode()) < 102 * 1024


def test_gmail_microsoft_nothing_hidden_but_the_preview_line_and_nothing_that_runs(message: EmailMessage) -> None:
    page = BeautifulSoup(part(message, "html"), "html.parser")
    assert page.find_all(["script", "form", "iframe", "object", "embed", "link"]) == []
    assert [each for each in page.find_all(style=True) if "display:none" in str(each["style"]).replace(" ", "")] == []


def test_microsoft_links_show_where_they_lead(message: EmailMessage) -> None:
    """No shortener, and nothing on another host than the one that signs but what the editor wrote."""
    page = BeautifulSoup(part(message, "html"), "html.parser")
    assert {str(link["href"]).partition("/mail/")[0].rstrip("/") for link in page.find_all("a", href=True)} <= {
        SITE,
        f"{SITE}/privacy",
    }


def test_all_the_date_is_that_of_sending(message: EmailMessage) -> None:
    assert parsedate_to_datetime(message["Date"]) == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
