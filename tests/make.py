"""Builders for what tests need, and the cast: Vera edits, Ana subscribes, Ben visits, Cleo is a stranger."""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from consent import catalogue, decide
from consent.catalogue import Published
from consent.models import Decision, Service
from consent.told import Told
from home import asking, entries, inquiries
from home.models import (
    ArticleIndexPage,
    ArticlePage,
    Field,
    FormPage,
    HomePage,
    Inquiry,
    Promotion,
    PublicEntriesPage,
    PublicEntry,
)
from mailing import audience, campaigns, deliver
from mailing.models import Campaign, MailingList, Subscription, Text
from policies.models import PolicyPage
from records import terms
from records.models import Controller, Recipient, TermSheet
from records.registry import Basis, Purpose

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}  # what a browser says of a form on a page of the site
SPRING = "<p>It is <b>spring</b>.</p>"
ANA, BEN, CLEO = "ana@mail.example", "ben@mail.example", "cleo@mail.example"


def vera(**rights: Any) -> User:
    """The editor; a superuser unless told otherwise."""
    values = {"is_superuser": True, "is_staff": True} | rights
    return User.objects.create_user("vera", "vera@mail.example", "secret", **values)


def site() -> HomePage:
    """A home page at the root of the default site, and its owner."""
    root = Page.objects.get(depth=1)
    home = HomePage(title="Home", slug="here", tagline="We are here.")
    root.add_child(instance=home)
    default = Site.objects.get(is_default_site=True)
    default.root_page, default.hostname, default.port = home, "testserver", 80
    default.save()
    Controller.objects.create(site=default, name="Quay Ltd", phone="+44 20 7946 0018", email="privacy@quay.example")
    return home


def contact(home: HomePage) -> FormPage:
    """A form page that asks what a contact form usually does."""
    page = FormPage(title="Contact", slug="contact", thanks="It has arrived.")
    asking.usual(page)
    home.add_child(instance=page)
    return page


def inquiry(email: str = BEN, now: datetime = NOW) -> Inquiry:
    """Somebody wrote through the contact page, which is made if need be."""
    page = FormPage.objects.first() or contact(HomePage.objects.first() or site())
    return inquiries.receive(page=page, name="Ben", email=email, phone="", message="Hello", now=now)


def reviews(
    home: HomePage | None = None, *, moderated: bool = False, slug: str = "how-it-went", at: str = "said"
) -> FormPage:
    """A form whose words, stars and name may be shown to everybody, and the page that shows them at /said/."""
    home = home or HomePage.objects.first() or site()
    form = FormPage(title="How it went", slug=slug, thanks="Thank you.", moderated=moderated)
    form.fields = [
        Field(key="name", kind=Field.Kind.NAME, label="Your name", shown_publicly=True),
        Field(key="email", kind=Field.Kind.EMAIL, label="Your e-mail address", required=True),
        Field(key="stars", kind=Field.Kind.NUMBER, label="Stars", shown_publicly=True),
        Field(key="message", kind=Field.Kind.MESSAGE, label="How it went", shown_publicly=True),
    ]
    home.add_child(instance=form)
    home.add_child(instance=PublicEntriesPage(title="What customers say", slug=at, form=form))
    return form


def entry(
    form: FormPage, words: str = "All went well.", *, email: str = BEN, name: str = "Ben Ode", **fields: Any
) -> PublicEntry:
    """Somebody agreed that what they wrote is shown."""
    said = {"name": ("name", name), "stars": ("number", "5"), "message": ("message", words)}
    values = {
        "inquiry": None,
        "content": [
            {"key": key, "label": key.capitalize(), "kind": kind, "said": word} for key, (kind, word) in said.items()
        ],
        "statement": "Everybody may read this on the site.",
        "locale": "en",
        "told": Told(),
        "path": "/how-it-went/",
        "now": NOW,
    }
    return entries.receive(form=form, email=email, **values | fields)


def articles(home: HomePage) -> ArticleIndexPage:
    """An empty list of articles, in the menu."""
    index = ArticleIndexPage(title="News", slug="news", introduction="What is new.", show_in_menus=True)
    home.add_child(instance=index)
    return index


def article(index: ArticleIndexPage, *, topics: Collection[str] = (), **values: Any) -> ArticlePage:
    given = {"title": "The quay is open", "slug": "open", "date": NOW.date(), "introduction": "Come and see."}
    page = ArticlePage(**given | values)
    index.add_child(instance=page)
    page.topics.set(topics)
    page.save()
    return page


def text(words: str, anchor: str = "") -> dict[str, Any]:
    return {"type": "clause", "value": {"text": f"<p>{words}</p>", "anchor": anchor}, "id": str(uuid.uuid4())}


def policy(home: HomePage, words: str = "We keep nothing.", *, live: bool = True) -> PolicyPage:
    """A policy page with one clause; published at once unless `live` is false."""
    page = PolicyPage(title="Privacy policy", slug="privacy", body=[text(words)], live=False)
    home.add_child(instance=page)
    if live:
        page.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def revise(
    page: PolicyPage, words: str, *, at: datetime | None = None, note: str = "", material: bool = False
) -> PolicyPage:
    """Publishes another text now, or schedules it for `at`."""
    draft = page.get_latest_revision_as_object()
    draft.body[0].value["text"].source = f"<p>{words}</p>"
    draft.go_live_at, draft.change_note, draft.material = at, note, material
    draft.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def catalogue_of_one(now: datetime = NOW) -> Published:
    """An essential group, a group to choose, one service in it; published."""
    cookies = {"candor_consent": "Your choice."}
    catalogue.add_group(key="essential", name="Essential", description="", required=True, cookies=cookies)
    statistics = catalogue.add_group(key="analytics", name="Statistics", description="Counts visits.")
    Service.objects.create(
        key="tally",
        name="Tally",
        vendor=recipient(),
        group=statistics,
        description="Counts.",
        script_url="http://127.0.0.1:9/count.js",
    )
    return publish(now)


def recipient(name: str = "Tally Works") -> Recipient:
    found, _new = Recipient.objects.get_or_create(name=name, defaults={"country": "NL"})
    return found


def publish(now: datetime = NOW, *, ask_again: Collection[str] = ()) -> Published:
    """Publishes the draft, and reads it at once: the process would wait for a commit, which a test never makes."""
    default = Site.objects.get(is_default_site=True)
    catalogue.publish(site=default, now=now, ask_again=ask_again)
    catalogue.forget()
    published = catalogue.current(default.pk)
    assert published
    return published


def decision(published: Published, *allowed: str, now: datetime = NOW, **fields: Any) -> Decision:
    """Somebody pressed a button of the banner: these groups and all of their services."""
    choice = decide.complete(dict.fromkeys(allowed, True), published)
    values: dict[str, Any] = {
        "choices": choice.groups,
        "services": choice.services,
        "source": Decision.Source.BANNER,
        "action": decide.action(choice, None),
        "at": now,
        "key": uuid.uuid4(),
        "told": Told(),
        "published": published,
        "expires_at": now + timedelta(days=182),
        "locale": "en",
    }
    return decide.record(**values | fields)[0]


def purpose(*, at: datetime = NOW - timedelta(days=1), number: int = 1, named: bool = True) -> TermSheet:
    """A version of some policy in force from `at` that names promotional mail as a purpose, or no longer does."""
    named_one = [terms.Statement(terms.Kind.PURPOSE, Purpose.PROMOTION, {"basis": Basis.CONSENT})] if named else []
    policy, label = uuid.UUID(int=1), f"Privacy policy, version {number}"
    return terms.write(policy=policy, number=number, label=label, effective_from=at, statements=named_one)


def mailing_list() -> MailingList:
    return MailingList.objects.create(key="news", name="News", description="What happens here.")


def request(email: str, to: MailingList, now: datetime = NOW) -> Subscription:
    """Somebody typed this address."""
    return audience.request(email=email, mailing_list=to, statement="You may write to me.", locale="en", now=now)


def subscriber(email: str, to: MailingList, now: datetime = NOW) -> Subscription:
    """Somebody typed this address and confirmed from its mailbox."""
    subscription = request(email, to, now)
    audience.confirm(subscription=subscription, told=Told(), now=now)
    return Subscription.objects.get(pk=subscription.pk)


def campaign(to: MailingList, subject: str = "Spring", *, html: str = SPRING, **fields: Any) -> Campaign:
    """An approved one, with a text in English."""
    made = Campaign.objects.create(title=subject, mailing_list=to, **fields)
    written(made, subject, html=html)
    return made


def written(
    to: Campaign,
    subject: str = "Spring",
    *,
    html: str = SPRING,
    language: str = "en",
    **fields: Any,
) -> Text:
    """A text of a campaign: `html`, or the blocks in `body`."""
    body = fields.pop("body", [("text", RichText(html))])
    to.__dict__.pop("written", None)
    return Text.objects.create(campaign=to, language=language, subject=subject, body=body, **fields)


def queued(campaign: Campaign, now: datetime = NOW) -> Campaign:
    """Its rows are written; returns it as it is then."""
    campaigns.schedule(campaign=campaign, send_at=now, now=now)
    campaigns.start(campaign.pk, now=now)
    return Campaign.objects.get(pk=campaign.pk)


def send(campaign: Campaign, now: datetime = NOW) -> Campaign:
    """Queues it and does a worker's turn; returns it as it is then."""
    queued(campaign, now)
    deliver.send(campaign.pk)
    return Campaign.objects.get(pk=campaign.pk)


def promotion(home: HomePage, **fields: Any) -> Promotion:
    """A promotion below the text of every page in English, which leads to the home page."""
    return Promotion.objects.create(**{"title": "Cold boxes", "label": "See them", "link_page": home} | fields)
