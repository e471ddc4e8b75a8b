"""What does the demo's company site hold? Everything is written through the functions the site itself uses."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from wagtail.models import Locale, Site

from cms.demo import abroad, entries, forms, inbox, looks, mail, pages, people, policy, promotions
from cms.demo import catalogue as demo_catalogue
from cms.demo import statistics as demo_statistics
from consent import catalogue
from consent.told import Told
from home import inquiries
from home.models import FormPage, HomePage
from mailing import audience
from mailing.models import MailingList, Subscriber
from policies import effective


def seed(*, site_url: str, vendor_url: str, now: datetime) -> bool:
    """Fills an empty database and returns True; in a filled one only follows the ports of this start."""
    with transaction.atomic():
        new = not HomePage.objects.exists()
        if new:
            _everything(site_url, now)
        _follow_ports(site_url, vendor_url, now)
        (pages.show_frames if new else pages.follow)(vendor_url)  # once its address is declared
        if new:
            looks.add(now)
            promotions.add(now)
            demo_statistics.add(now)
    return new


def first_account(*, site_url: str) -> None:
    """What a new site has: its address, and somebody who may do everything."""
    with transaction.atomic():
        people.add_admin()
        _name_site(site_url)


def _everything(site_url: str, now: datetime) -> None:
    vera = people.add()
    home = pages.add(vera)
    abroad.add(home, vera)
    _name_site(site_url)  # before the policy, which says the address
    demo_catalogue.add()
    promotions.declare()
    catalogue.publish(site=Site.objects.get(is_default_site=True), now=now)
    catalogue.forget()
    _lists()
    forms.add(home)
    policy.add(home, vera, now)  # it says what lists and forms ask for
    _mail(now)
    entries.add(home, now)
    _letters(now)
    inbox.add(now)


def _lists() -> None:
    MailingList.objects.create(
        key="news", name="Harbour Lane News", description="Sailing times and prices, about once a month."
    )
    MailingList.objects.create(
        key="policy-changes",
        name="Changes of our privacy policy",
        description="One message before a change that matters takes force.",
    )


def _mail(now: datetime) -> None:
    news = MailingList.objects.get(key="news")
    words = f"Harbour Lane Logistics Ltd may send me “{news.name}” by e-mail: {news.description}"
    for email, name in (("ana@mail.example", "Ana Kovač"), ("dan@mail.example", "")):
        subscription = audience.request(email=email, mailing_list=news, statement=words, locale="en", now=now)
        subscription.confirmation_sent_at = now
        subscription.save()
        Subscriber.objects.filter(pk=subscription.subscriber_id).update(name=name, time_zone="Europe/Amsterdam")
        version = effective.version_shown(Site.objects.get(is_default_site=True), now)
        audience.confirm(subscription=subscription, told=Told(version), now=now)
    mail.add(news)


def _letters(now: datetime) -> None:
    page = FormPage.objects.get(slug="contact", locale=Locale.get_default())
    for days, name, message in (
        (365.05, "Olga Stern", "What does a refrigerated container to the northern ports cost in March?"),
        (12, "Piet Maas", "The invoice of last week names the wrong quay. Can you send a new one?"),
    ):
        email = f"{name.split()[0].lower()}@mail.example"
        received = now - timedelta(days=days)
        inquiries.receive(page=page, name=name, email=email, phone="", message=message, now=received)


def _follow_ports(site_url: str, vendor_url: str, now: datetime) -> None:
    _name_site(site_url)
    if demo_catalogue.follow(vendor_url):  # what an editor has changed meanwhile is not ours to publish
        catalogue.publish(site=Site.objects.get(is_default_site=True), now=now)


def _name_site(url: str) -> None:
    address = urlsplit(url)
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = address.hostname, address.port
    site.save()  # not update(): saving also clears Wagtail's cache of site roots
