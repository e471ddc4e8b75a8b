"""What a mail says: who writes and why, in the reader's language, with headers that mailboxes understand."""

import re
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from mailing import deliver, messages
from mailing.models import Campaign, MailingList, Subscriber, Subscription
from policies.models import PolicyPage
from tests import make
from tests.mailing.conftest import PostOffice

pytestmark = pytest.mark.usefixtures("clock")


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def header_lines(raw: bytes) -> dict[str, str]:
    """Every header as it went over the wire, by name; a folded one would show a line without a name."""
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/\S*)", text)


@pytest.fixture
def question(news: MailingList, post_office: PostOffice) -> EmailMessage:
    """The confirmation mail Ana got."""
    assert deliver.send_confirmation(make.request(make.ANA, news).pk, now=make.NOW) == 1
    return post_office.letter(make.ANA)


def sent(campaign: Campaign, post_office: PostOffice, email: str = make.ANA) -> EmailMessage:
    """What one confirmed subscriber gets."""
    make.subscriber(email, campaign.mailing_list)
    make.send(campaign)
    return post_office.letter(email)


def test_the_question_quotes_the_words_agreed_to(question: EmailMessage) -> None:
    for kind in ("plain", "html"):
        assert "You may write to me." in part(question, kind)


def test_the_question_has_the_link_and_the_policy_in_both_parts(question: EmailMessage) -> None:
    confirm, policy = links(part(question, "plain"))
    assert re.fullmatch(r"/mail/confirm/1?\d+~[\w-]+~[\w-]+/", confirm)
    assert policy == "/privacy/"
    html = part(question, "html")
    assert f'href="http://testserver{confirm}"' in html
    assert f'href="http://testserver{policy}"' in html


def test_the_question_says_who_asks_and_to_whom(question: EmailMessage) -> None:
    assert question["From"] == "Quay Ltd <news@quay.example>"
    assert question["To"] == make.ANA
    assert question["Subject"] == "Please confirm: News"
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
    letter = sent(make.campaign(news), post_office)
    headers = header_lines(post_office.raw(make.ANA)[0])
    link = re.fullmatch(r"<http://testserver(/mail/unsubscribe/\d+~[\w-]+~[\w-]+/)>", headers["List-Unsubscribe"])
    assert link
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == '"News" <news.quay.example>'
    assert (headers["To"], letter["Subject"]) == (make.ANA, "Spring")
    for kind in ("plain", "html"):
        assert link[1] in part(letter, kind)
        assert "You receive “News” because you confirmed it at this address." in part(letter, kind)


def test_a_campaign_reads_well_as_text_and_as_html(news: MailingList, post_office: PostOffice) -> None:
    letter = sent(make.campaign(news), post_office)
    assert "<p>It is <b>spring</b>.</p>" in part(letter, "html")
    assert part(letter, "plain").startswith("It is spring.\n\n--\n")


def test_one_message_has_one_name_however_often_it_is_tried(news: MailingList) -> None:
    ana, ben = make.subscriber(make.ANA, news), make.subscriber(make.BEN, news)
    first, second = make.campaign(news), make.campaign(news)
    names = [messages.message_id(campaign, to) for campaign in (first, second) for to in (ana, ben)]
    assert len(set(names)) == 4
    assert names[0] == messages.message_id(first, ana)
    assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", name) for name in names)


def test_a_link_to_a_page_of_the_site_leads_back_to_the_site(news: MailingList, post_office: PostOffice) -> None:
    policy = PolicyPage.objects.get()
    campaign = make.campaign(news)
    campaign.body = (
        f'<p><a linktype="page" id="{policy.pk}">Policy</a> <a href="https://b.example/?a=1&amp;b">B</a></p>'
    )
    campaign.save()
    letter = sent(campaign, post_office)
    assert '<a href="http://testserver/privacy/">Policy</a>' in part(letter, "html")
    assert part(letter, "plain").startswith("Policy (http://testserver/privacy/) B (https://b.example/?a=1&b)\n")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Prices</h2><p>From <i>May</i>.</p>", "Prices\n\nFrom May."),
        ("<p>One<br/>two</p>", "One two"),
        ("<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n\n- two\n\n- three"),
        ("<p>a &lt; b &amp; c</p><hr/><p>d</p>", "a < b & c\n\nd"),
        ("<p><a>gone</a></p>", "gone"),
        ("", ""),
    ],
)
def test_rich_text_becomes_readable_text(html: str, text: str) -> None:
    assert messages.plain_text(html) == text


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('The "Quay" \\ News', '"The \\"Quay\\" \\\\ News" <news.quay.example>'),
        ("News, weekly <b>", '"News, weekly <b>" <news.quay.example>'),
        ("News\r\nBcc: cleo@mail.example", '"News Bcc: cleo@mail.example" <news.quay.example>'),
        ("Новости", "=?utf-8?b?0J3QvtCy0L7RgdGC0Lg=?= <news.quay.example>"),
    ],
)
def test_a_lists_name_never_breaks_its_header(
    news: MailingList, post_office: PostOffice, name: str, header: str
) -> None:
    MailingList.objects.update(name=name)
    campaign = make.campaign(MailingList.objects.get())
    sent(campaign, post_office)
    headers = header_lines(post_office.raw(make.ANA)[0])
    assert headers["List-Id"] == header
    assert "Bcc" not in headers


def test_a_long_name_in_another_script_stays_on_one_line_in_words_of_allowed_length(
    news: MailingList, post_office: PostOffice
) -> None:
    MailingList.objects.update(name="Новости порта " * 7)
    sent(make.campaign(MailingList.objects.get()), post_office)
    header = header_lines(post_office.raw(make.ANA)[0])["List-Id"]
    assert header.endswith(" <news.quay.example>")
    assert max(map(len, header.split())) <= 75  # RFC 2047, 2


@pytest.mark.parametrize("subject", ["Spring\nBcc: cleo@mail.example", "Spring\r\n\r\n<html>", "<b>Spring</b> & „Кай“"])
def test_a_subject_is_one_line_of_text(news: MailingList, post_office: PostOffice, subject: str) -> None:
    letter = sent(make.campaign(news, subject), post_office)
    assert letter["Subject"] == " ".join(subject.split())
    assert letter["Bcc"] is None
    assert post_office.addresses == [make.ANA]


def test_each_reader_is_written_to_in_the_language_they_signed_up_in(
    news: MailingList, post_office: PostOffice, settings: Settings
) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    Subscriber.objects.filter(email=make.BEN).update(locale="ru")
    make.send(make.campaign(news))
    assert '<html lang="en">' in part(post_office.letter(make.ANA), "html")
    assert '<html lang="ru">' in part(post_office.letter(make.BEN), "html")


def test_a_mail_of_a_site_without_a_policy_names_none(db: None, post_office: PostOffice) -> None:
    make.site()
    letter = sent(make.campaign(make.mailing_list()), post_office)
    assert "Privacy policy" not in part(letter, "plain") + part(letter, "html")
