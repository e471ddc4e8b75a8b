"""What a mail says: who writes and why, in the reader's language, with headers that mailboxes understand."""

import re
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from mailing import compose, deliver
from mailing.compose import anew
from mailing.compose.shapes import Reader
from mailing.models import Campaign, Letter, MailingList, Subscriber, Subscription
from tests import make
from tests.mailing.conftest import PostOffice
from tests.mailing.opened import ANA, header_lines, links, opened, part, wire

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def question(news: MailingList, post_office: PostOffice) -> EmailMessage:
    """The confirmation mail Ana got."""
    assert deliver.send_confirmation(make.request(make.ANA, news).pk, now=make.NOW) == 1
    return post_office.letter(make.ANA)


def test_the_question_quotes_the_words_agreed_to(question: EmailMessage) -> None:
    for kind in ("plain", "html"):
        assert "You may write to me." in part(question, kind)


def test_the_question_has_the_link_and_the_policy_in_both_parts(question: EmailMessage) -> None:
    confirm, policy = links(part(question, "plain"))
    assert re.fullmatch(r"/mail/confirm/\d+~[\w-]+~[\w-]+/", confirm)
    assert policy == "/privacy/"
    html = part(question, "html")
    assert f'href="http://testserver{confirm}"' in html
    assert f'href="http://testserver{policy}"' in html


def test_the_question_says_who_asks_and_to_whom(question: EmailMessage) -> None:
    assert question["From"] == "Quay Ltd <news@quay.example>"
    assert question["To"] == make.ANA
    assert question["Subject"] == "Please confirm: News"
    assert question["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert "Quay Ltd, +44 20 7946 0018" in part(question, kind)


def test_no_address_stands_in_a_link(question: EmailMessage) -> None:
    assert "ana" not in " ".join(links(part(question, "plain") + part(question, "html")))


def test_the_question_promotes_nothing_and_belongs_to_no_list(question: EmailMessage) -> None:
    assert not [name for name in question.keys() if name.startswith("List-")]  # noqa: SIM118 - headers, not a dict


def test_the_question_leaves_once(question: EmailMessage, post_office: PostOffice) -> None:
    assert deliver.send_confirmation(Subscription.objects.get().pk, now=make.NOW) == 0
    assert len(post_office.letters) == 1


def test_a_campaign_goes_to_its_reader_with_everything_to_leave_by(news: MailingList, post_office: PostOffice) -> None:
    make.subscriber(make.ANA, news)
    make.send(make.campaign(news))
    letter, headers = post_office.letter(make.ANA), header_lines(post_office.raw(make.ANA)[0])
    link = re.fullmatch(r"<http://testserver(/mail/unsubscribe/[\w-]{43}/)>", headers["List-Unsubscribe"])
    assert link
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == '"News" <news.quay.example>'
    assert (headers["To"], letter["Subject"]) == (make.ANA, "Spring")
    for kind in ("plain", "html"):
        assert link[1] in part(letter, kind)
        assert "You receive “News” because you confirmed it at this address." in part(letter, kind)


def test_its_foot_leads_to_all_that_a_reader_may_do(news: MailingList) -> None:
    message = opened(wire(make.campaign(news)))
    for kind in ("plain", "html"):
        found = {link.split("/")[2] if link.startswith("/mail/") else link for link in links(part(message, kind))}
        assert found >= {"unsubscribe", "preferences", "view", "why", "/privacy/"}


def test_a_campaign_reads_well_as_text_and_as_html(news: MailingList) -> None:
    message = opened(wire(make.campaign(news)))
    assert "It is <b>spring</b>.</p>" in part(message, "html")
    assert part(message, "plain").startswith("It is spring.\n\n--\nYou receive")


def test_one_message_has_one_name_however_often_it_is_tried() -> None:
    names = [compose.message_id(delivery) for delivery in (1, 2, 1)]
    assert names[0] == names[2] != names[1]
    assert all(re.fullmatch(r"<[a-z2-7]{39}@localhost>", name) for name in names)


def test_a_test_mail_has_a_name_of_its_own_each_time(news: MailingList) -> None:
    nobody = Reader(email=make.ANA, at=make.NOW)
    names = {header_lines(wire(make.campaign(news), nobody))["Message-ID"] for _time in range(2)}
    assert len(names) == 2


@pytest.mark.parametrize(("delivery", "local"), [(7, r"bounces\+[a-z2-7]{39}"), (0, "news")])
def test_bounces_come_to_an_address_that_names_the_row(
    news: MailingList, settings: Settings, delivery: int, local: str
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Quay Ltd <news@quay.example>"
    edition = compose.edition(make.campaign(news), language="en", now=make.NOW)
    reader = Reader(email=make.ANA, delivery=delivery)
    assert edition.sender(reader) == "news@quay.example"
    settings.MAIL_RETURN_ADDRESS = "bounces@quay.example"
    assert re.fullmatch(local + "@quay.example", edition.sender(reader))
    assert edition.sender(reader) == compose.return_address(delivery)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('The "Quay" \\ News', '"The \\"Quay\\" \\\\ News" <news.quay.example>'),
        ("News, weekly <b>", '"News, weekly <b>" <news.quay.example>'),
        ("News\r\nBcc: cleo@mail.example", '"News Bcc: cleo@mail.example" <news.quay.example>'),
        ("Новости", "=?utf-8?b?0J3QvtCy0L7RgdGC0Lg=?= <news.quay.example>"),
    ],
)
def test_a_lists_name_never_breaks_its_header(news: MailingList, settings: Settings, name: str, header: str) -> None:
    settings.DEFAULT_FROM_EMAIL = "Quay Ltd <news@quay.example>"
    news.name = name
    news.save()
    headers = header_lines(wire(make.campaign(news)))
    assert headers["List-Id"] == header
    assert "Bcc" not in headers


def test_a_long_name_in_another_script_is_folded_into_words_of_allowed_length(news: MailingList) -> None:
    news.name = "Новости порта " * 7
    news.save()
    lines = wire(make.campaign(news)).partition(b"\r\n\r\n")[0].split(b"\r\n")
    [place] = [number for number, line in enumerate(lines) if line.startswith(b"List-Id: ")]
    assert lines[place + 1].startswith(b" =?utf-8?b?")
    assert max(len(line) for line in lines if b"=?" in line) <= 76  # RFC 2047, 2
    assert opened(wire(make.campaign(news)))["List-Unsubscribe-Post"]


@pytest.mark.parametrize("subject", ["Spring\nBcc: cleo@mail.example", "Spring\r\n\r\n<html>", "<b>Spring</b> & „Кай“"])
def test_a_subject_is_one_line_of_text(news: MailingList, subject: str) -> None:
    message = opened(wire(make.campaign(news, subject)))
    assert message["Subject"] == " ".join(subject.split())
    assert message["Bcc"] is None


def test_the_lists_own_sender_writes(news: MailingList) -> None:
    news.sender = '"Лодки, Quay" <boats@quay.example>'
    news.save()
    edition = compose.edition(make.campaign(news, reply_to="vera@quay.example"), language="en", now=make.NOW)
    message = opened(edition.wire(ANA))
    assert (message["From"], message["Reply-To"]) == ('"Лодки, Quay" <boats@quay.example>', "vera@quay.example")
    assert edition.sender(ANA) == "boats@quay.example"


def test_each_reader_is_written_to_in_the_language_they_signed_up_in(
    news: MailingList, post_office: PostOffice
) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    Subscriber.objects.filter(email=make.BEN).update(locale="ru")
    campaign = make.campaign(news)
    make.written(campaign, "Весна", html="<p>Весна.</p>", language="ru")
    make.send(campaign)
    for email, language, words in ((make.ANA, "en", "spring"), (make.BEN, "ru", "Весна")):
        html = part(post_office.letter(email), "html")
        assert f'<html lang="{language}" dir="ltr"' in html
        assert words in html


def test_who_reads_another_language_gets_a_whole_mail_in_that_of_the_text(news: MailingList) -> None:
    message = opened(wire(make.campaign(news), language="ru"))
    assert '<html lang="en"' in part(message, "html")
    assert "Leave this list" in part(message, "html")


def test_arabic_runs_from_the_right(news: MailingList) -> None:
    campaign = make.campaign(news)
    make.written(campaign, "الربيع", html="<p>جاء الربيع.</p>", language="ar")
    html = part(opened(wire(campaign, language="ar")), "html")
    assert '<html lang="ar" dir="rtl"' in html
    assert "text-align:right" in html


def test_a_mail_of_a_site_without_a_policy_names_none(db: None) -> None:
    make.site()
    message = opened(wire(make.campaign(make.mailing_list())))
    assert "Privacy policy" not in part(message, "plain") + part(message, "html")


@pytest.fixture
def letter(news: MailingList) -> Letter:
    return Letter(
        email=make.ANA,
        locale="ru",
        subject="Re: Boats\nBcc: x@mail.example",
        text="Dear Ana,\r\n\r\n<yes>: https://quay.example/a?b=1&c=2\r\n.\r\nVera",
        reply_to="vera@quay.example",
        in_reply_to="<1@mail.example>",
    )


def test_an_answer_is_plain_and_stands_under_what_it_answers(letter: Letter) -> None:
    edition = compose.of_letter(letter, now=make.NOW)
    assert isinstance(edition, anew.Anew)
    message = opened(edition.wire(Reader(email=make.ANA, delivery=3)))
    headers = {name: str(message[name]) for name in ("In-Reply-To", "References", "Reply-To", "Subject")}
    assert headers == {
        "In-Reply-To": "<1@mail.example>",
        "References": "<1@mail.example>",
        "Reply-To": "vera@quay.example",
        "Subject": "Re: Boats Bcc: x@mail.example",
    }
    assert message["Bcc"] is None
    assert message["Message-ID"] == compose.message_id(3)
    assert part(message, "plain").startswith("Dear Ana,\n\n<yes>: https://quay.example/a?b=1&c=2\n..\nVera\n\n--\n")
    assert '&lt;yes&gt;: <a href="https://quay.example/a?b=1&amp;c=2"' in part(message, "html")
    for kind in ("plain", "html"):
        assert "Quay Ltd, +44 20 7946 0018" in part(message, kind)
        assert "/privacy/" in part(message, kind)
        assert "unsubscribe" not in part(message, kind)
    assert '<html lang="ru"' in part(message, "html")


@pytest.mark.parametrize("name", ["", "no brackets", "<Ёж@mail.example>"])
def test_what_is_no_message_id_answers_nothing(letter: Letter, name: str) -> None:
    letter.in_reply_to = name
    message = opened(compose.of_letter(letter, now=make.NOW).wire(Reader(email=make.ANA)))
    assert message["References"] is None


def test_a_web_page_of_a_mail_gives_nobody_a_right(news: MailingList) -> None:
    campaign = Campaign.objects.get(pk=make.campaign(news, html="<p>Hello {{ name|there }}</p>").pk)
    shown = compose.page(campaign, language="en", reader=Reader(email=make.ANA, delivery=7, name="Ana"))
    assert "Hello Ana" in shown
    assert "Hello there" in compose.page(campaign, language="en")
    assert not re.search(r"/mail/(unsubscribe|preferences|why|view)/", shown + compose.page(campaign, language="en"))
    preview = compose.page(campaign, language="en", reader=Reader(email=make.ANA))
    assert {"unsubscribe", "preferences", "why"} <= set(re.findall(r"/mail/(\w+)/", preview))


def test_the_plain_part_of_a_preview_is_whole(news: MailingList) -> None:
    campaign = Campaign.objects.get(pk=make.campaign(news, html="<p>Hello {{ name|there }}</p>").pk)
    said = compose.plain(campaign, language="en")
    assert said.startswith("Hello there\n\n--\n")
    assert "Why did I get this mail?: http://testserver/mail/why/" in said
