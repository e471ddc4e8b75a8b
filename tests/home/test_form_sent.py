"""What is sent is stored once, confirmed once, and kept no longer than its form says."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from home.models import FormPage, Inquiry
from mailing.models import Letter, Subscription
from records import keys, retention
from records.models import SubjectKey
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, Kind

pytestmark = pytest.mark.django_db
LINE = {"kind": Kind.LINE, "label": "Port"}


def page(**said: Any) -> FormPage:
    return forms.form(EMAIL, {"kind": Kind.NAME, "label": "Name"}, LINE, **said)


def sent(client: Client, to: FormPage, **said: Any) -> None:
    """From a new address each time: many from one are suspected."""
    address = f"10.0.0.{Inquiry.objects.count()}"
    response = forms.send(client, to, {"email": make.BEN, "port": "Alder"} | said, REMOTE_ADDR=address)
    assert response.status_code == 303


@pytest.mark.usefixtures("clock")
def test_the_answer_leads_to_the_thanks(client: Client) -> None:
    to = page(thanks="We will call.")
    response = forms.send(client, to, {"email": make.BEN})
    assert (response.status_code, response["Location"]) == (303, f"{to.url}?sent")
    found = forms.BeautifulSoup(client.get(response["Location"]).content, "html.parser")
    assert found.select_one("[role=status]").get_text() == "We will call."  # type: ignore[union-attr]
    assert not found.select("form.form")


def test_the_same_twice_is_one_and_later_is_another(client: Client, clock: time_machine.Traveller) -> None:
    to = page(confirms=True)
    sent(client, to)
    sent(client, to)
    assert (Inquiry.objects.count(), Letter.objects.count()) == (1, 1)
    sent(client, to, port="Birch")
    clock.shift(timedelta(minutes=11))
    sent(client, to)
    assert Inquiry.objects.count() == 3


def test_two_forms_never_share_an_inquiry(client: Client) -> None:
    first, second = page(), page(title="Other", slug="other")
    sent(client, first)
    sent(client, second)
    assert Inquiry.objects.count() == 2


def test_it_is_kept_as_long_as_the_form_says(client: Client, clock: time_machine.Traveller) -> None:
    sent(client, page(keep_days=10))
    row = Inquiry.objects.get()
    assert row.keep_until == make.NOW + timedelta(days=10)
    assert retention.unexpired(Inquiry.objects.all(), make.NOW + timedelta(days=9)).exists()
    assert not retention.unexpired(Inquiry.objects.all(), make.NOW + timedelta(days=10)).exists()


def test_an_answer_without_an_address_has_a_key_of_its_own(client: Client) -> None:
    to = forms.form(LINE)
    for port in ("Alder", "Birch"):
        assert forms.send(client, to, {"port": port}).status_code == 303
    said = {json.loads(each.answers)[0]["said"] for each in Inquiry.objects.all()}
    assert said == {"Alder", "Birch"}
    assert SubjectKey.objects.count() == 2
    Inquiry.objects.all().delete()
    keys.drop_unused()
    assert not SubjectKey.objects.exists()


def test_the_confirmation_says_what_was_sent_only_briefly(client: Client) -> None:
    sent(client, page(confirms=True, confirmation_text="We call within a day."), name="Ben & Co", port="Secret cove")
    letter = Letter.objects.get()
    assert letter.email == make.BEN
    assert letter.text.startswith("We call within a day.")
    assert "You filled in: E-mail, Name, Port." in letter.text
    assert "Secret cove" not in letter.text
    assert "Ben &" not in letter.text
    assert (letter.reply_to, letter.about) == ("privacy@quay.example", f"home.Inquiry:{Inquiry.objects.get().pk}")
    assert letter.subject == "Your message has arrived: Quote"


def test_a_stranger_gets_one_confirmation_in_ten_minutes(client: Client, clock: time_machine.Traveller) -> None:
    to, other = page(confirms=True), page(confirms=True, title="Other", slug="other")
    for number in range(3):
        sent(client, to, port=f"Quay {number}")
    assert Letter.objects.count() == 1
    sent(client, to, email=make.BEN.upper())
    assert Letter.objects.count() == 1
    sent(client, to, email=make.CLEO)
    sent(client, other)
    assert Letter.objects.count() == 3
    clock.shift(timedelta(minutes=11))
    sent(client, to, port="Later")
    assert Letter.objects.count() == 4


def test_no_mail_where_none_is_wished(client: Client) -> None:
    sent(client, page())
    assert not Letter.objects.exists()


def test_the_newsletter_is_offered_only_under_a_purpose_in_force(client: Client) -> None:
    to = page(mailing_list=make.mailing_list())
    assert not forms.soup(client, to).select("[name=newsletter]")
    sent(client, to, newsletter="on")
    assert not Subscription.objects.exists()
    make.purpose()
    [tick] = forms.soup(client, to).select("[name=newsletter]")
    assert not tick.has_attr("checked")


def test_the_newsletters_tick_asks_and_joins_nobody(client: Client) -> None:
    make.purpose()
    to = page(mailing_list=make.mailing_list())
    sent(client, to)
    assert not Subscription.objects.exists()
    sent(client, to, newsletter="on", words=forms.words(client, to))
    row = Subscription.objects.get()
    assert row.decision is None
    assert row.statement.startswith("Quay Ltd may send me “News” by e-mail")
    assert row.source_note == to.url


def test_the_newsletter_needs_an_address(client: Client) -> None:
    make.purpose()
    to = forms.form(EMAIL | {"required": False}, LINE, mailing_list=make.mailing_list())
    response = forms.send(client, to, {"newsletter": "on", "words": forms.words(client, to)})
    assert set(response.context["form"].errors) == {"email"}


def test_a_page_is_the_same_bytes_for_everybody(client: Client) -> None:
    to = forms.form()
    first, second = client.get(to.url), Client(HTTP_USER_AGENT="other").get(to.url)
    assert first.content == second.content
    assert not first.cookies


def test_reading_a_form_is_not_limited(client: Client) -> None:
    to = page()
    assert {client.get(to.url).status_code for _ in range(40)} == {200}
