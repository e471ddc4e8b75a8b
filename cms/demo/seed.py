"""What does the demo's company site hold? Everything is written through the functions the site itself uses."""

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from wagtail.models import Page, Site

from consent import catalogue
from consent.models import Service
from home import inquiries
from home.models import ContactPage, HomePage, StandardPage
from mailing import audience
from mailing.models import Campaign, MailingList
from policies import effective, importing
from policies.models import PolicyPage
from records.models import Controller

PASSWORD = "candor"  # noqa: S105 - printed by the demo, which listens on loopback only
ADDRESS = "4 Quay Street, Port Alder"


def seed(*, site_url: str, vendor_url: str, now: datetime) -> bool:
    """Fills an empty database and returns True; in a filled one only follows the ports of this start."""
    with transaction.atomic():
        new = not HomePage.objects.exists()
        if new:
            _everything(now)
        _follow_ports(site_url, vendor_url, now)
    return new


def _everything(now: datetime) -> None:
    vera = _people()
    home = _pages(vera)
    _policy(home, vera, now)
    _services()
    _mail(now)
    _letters(now)


def _people() -> User:
    User.objects.create_superuser("admin", "admin@harbour-lane.example", PASSWORD)
    vera = User.objects.create_user("vera", "vera@harbour-lane.example", PASSWORD, first_name="Vera", last_name="Holt")
    vera.groups.add(Group.objects.get(name="Moderators"), _marketing(), _privacy())
    return vera


def _marketing() -> Group:
    return _role("Marketing", ["campaign", "mailinglist"], extra=["send_campaign"])


def _privacy() -> Group:
    return _role("Privacy", ["cookiegroup", "cookie", "service", "snapshot", "inquiry"])


def _role(name: str, models: list[str], extra: list[str] | None = None) -> Group:
    group, _new = Group.objects.get_or_create(name=name)
    rights = Permission.objects.filter(content_type__model__in=models)
    group.permissions.set(
        [*rights.exclude(codename="send_campaign"), *Permission.objects.filter(codename__in=extra or [])]
    )
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return group


def _pages(editor: User) -> HomePage:
    root = Page.objects.get(depth=1)
    home = HomePage(
        title="Containers, door to quay",
        slug="harbour-lane",
        tagline="We move full and part loads between your yard and the ship, and tell you where they are.",
        body="<p>Three trucks, two cranes and one telephone number. Family-run in Port Alder since 1987.</p>",
        owner=editor,
    )
    root.add_child(instance=home)
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, "Harbour Lane Logistics"
    site.save()
    welcome.delete()
    Controller.objects.create(
        site=site,
        name="Harbour Lane Logistics Ltd",
        address=ADDRESS,
        phone="+44 20 7946 0018",
        email="privacy@harbour-lane.example",
    )
    pages: list[StandardPage | ContactPage] = [*_standard_pages(), _contact_page()]
    for page in pages:
        page.owner, page.show_in_menus = editor, True
        home.add_child(instance=page)
        page.save_revision(user=editor).publish(user=editor)
    return home


def _standard_pages() -> list[StandardPage]:
    return [
        StandardPage(
            title="Services",
            slug="services",
            introduction="Full containers, part loads, storage by the day, customs papers.",
            body="<h2>Full containers</h2><p>20 and 40 feet, dry and refrigerated. Collected next day.</p>"
            "<h2>Part loads</h2><p>From one pallet. Leaves on Tuesdays and Fridays.</p>"
            "<h2>Storage</h2><p>Forty dry places and six refrigerated ones, paid by the day.</p>"
            "<h2>Papers</h2><p>Export and import declarations, by two people who have filled in thousands.</p>",
        ),
        StandardPage(
            title="About us",
            slug="about",
            introduction="Who answers when you call.",
            body="<p>Harbour Lane was founded by Ida and Tom Marsh with one second-hand truck. Their daughter runs it, "
            "with eleven people who know every gate of the port.</p>",
        ),
    ]


def _contact_page() -> ContactPage:
    return ContactPage(
        title="Contact",
        slug="contact",
        introduction="<p>Write to us about a load, an invoice or a job. We answer within one working day.</p>",
        thanks="Thank you. Your message has arrived, and we answer within one working day.",
    )


def _policy(home: HomePage, editor: User, now: datetime) -> None:
    """Version 1 now; version 2, with one more sentence, announced for a month from now."""
    draft = importing.read(Path(__file__).with_name("policy.md").read_text(encoding="utf-8"))
    page = PolicyPage(title=draft.title, slug="privacy", body=draft.body, owner=editor, change_note="First version.")
    home.add_child(instance=page)
    page.save_revision(user=editor).publish(user=editor)
    page = PolicyPage.objects.get(pk=page.pk)
    clause = next(block for block in page.body if block.value["anchor"] == "s-1-3")
    clause.value["text"].source += "<p>A field that may stay empty says so beside its name.</p>"
    page.change_note = "Says how to recognise a field that may stay empty."
    page.go_live_at = (now + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    page.save_revision(user=editor).publish(user=editor)


def _services() -> None:
    catalogue.add_group(
        key="essential",
        name="Essential",
        description="What the site needs to remember your choice, and our editors to sign in.",
        required=True,
        cookies={
            "candor_consent": "Your choice about cookies; kept for six months.",
            "sessionid": "Our editors' session in the CMS; visitors never get it.",
            "csrftoken": "Guards the CMS's forms; visitors never get it.",
        },
    )
    analytics = catalogue.add_group(
        key="analytics",
        name="Statistics",
        description="Counting visits helps us see which pages are read.",
        cookies={"visit_count": "How often you have been here; kept for one day."},
    )
    Service.objects.create(
        key="tally",
        name="Tally",
        vendor="Tally Works",
        group=analytics,
        description="Counts visits. It learns your IP address, your browser and the page you read.",
        script_url="http://127.0.0.1/count.js",
    )


def _mail(now: datetime) -> None:
    news = MailingList.objects.create(
        key="news", name="Harbour Lane News", description="Sailing times and prices, about once a month."
    )
    words = f"Harbour Lane Logistics Ltd may send me “{news.name}” by e-mail: {news.description}"
    for email in ("ana@mail.example", "dan@mail.example"):
        subscription = audience.request(email=email, mailing_list=news, statement=words, locale="en", now=now)
        subscription.confirmation_sent_at = now
        subscription.save()
        version = effective.version_shown(Site.objects.get(is_default_site=True), now)
        audience.confirm(subscription=subscription, policy_version=version, now=now)
    Campaign.objects.create(
        subject="Winter sailing times",
        mailing_list=news,
        body="<p>Good morning,</p><p>from 1 December the part-load trucks leave on Mondays as well.</p>"
        "<ul><li>Monday, 14:00: northern ports</li><li>Tuesday and Friday, 9:00: all ports</li></ul>"
        "<p>Prices stay as they are until April.</p>",
    )


def _letters(now: datetime) -> None:
    page = ContactPage.objects.get()
    for days, name, message in (
        (400, "Olga Stern", "What does a refrigerated container to the northern ports cost in March?"),
        (12, "Piet Maas", "The invoice of last week names the wrong quay. Can you send a new one?"),
    ):
        email = f"{name.split()[0].lower()}@mail.example"
        received = now - timedelta(days=days)
        inquiries.receive(page=page, name=name, email=email, phone="", message=message, now=received)


def _follow_ports(site_url: str, vendor_url: str, now: datetime) -> None:
    address = urlsplit(site_url)
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = address.hostname, address.port
    site.save()  # not update(): saving also clears Wagtail's cache of site roots
    Service.objects.filter(key="tally").update(script_url=f"{vendor_url}/count.js")
    catalogue.publish(now=now)
