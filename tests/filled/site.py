"""What is there to be seen? One row at least of every model that a screen of the CMS shows, personal data marked."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Locale, Page, Site, UploadedFile, Workflow

from consent import catalogue
from consent.models import Banner, Scan
from home import inquiries
from home.models import AnswerTemplate, Appearance, Attachment, HomePage, IncomingMessage, Inquiry, StandardPage, Tally
from mailing import incoming, suppression
from mailing.models import AudienceImport, Field, MailingList, Segment, Subscriber, Suppression
from policies.models import PolicyPage
from records import holds
from records.disclosures import orders
from records.models import Controller
from records.registry import Ground
from records.subject_requests import filing
from tests import make
from tests.records import disclosing

# What visitors and subscribers gave: wherever a page of the CMS holds one of these, somebody has read it.
MARKS = (
    *("Wendeline Inkwell", "inkwell@mark.example", "+31 6 5550 0142", "The crane on quay 9 squeaks."),
    *("We have oiled the crane.", "Reinier Quillfeather", "quillfeather@mark.example", "uploaded-person@mark.example"),
    *("Utrecht-Zuilen", "/marked/page/", "asker@mark.example", "I moved to quay 12.", "ordered@mark.example"),
    *("Wilhelmina Penhollow", "The ferry was on time."),
    *("Called about the crane.", "The crane squeaks again.", "crane-plan.txt"),
)
# And of people who work here: their addresses stand on the screens about accounts alone.
STAFF = ("colleague@staff.example",)


def fill() -> User:
    """Fills an empty database. Returns the colleague on whom the screens about accounts tell."""
    now = timezone.now()
    home = make.site()
    colleague = User.objects.create_user("colleague", STAFF[0], "secret", first_name="Cornelis", last_name="Dale")
    _pages(home, colleague)
    published = make.catalogue_of_one(now)
    Banner.objects.create(site=Site.objects.get(is_default_site=True))
    catalogue.add_group(key="maps", name="Maps", description="Show the way.")
    make.publish(now)
    make.decision(published, "analytics", now=now, path="/marked/page/")
    _scan()
    _files()
    _inquiry(home)
    make.entry(make.reviews(home, moderated=True), MARKS[14], name=MARKS[13], email="penhollow@mail.example", now=now)
    make.promotion(home)
    Tally.objects.create(day=now.date() - timedelta(days=1), of=Tally.Of.ALL, visitors=12, views=30, final=True)
    _mailing(colleague)
    _requests(colleague)
    _disclosures()
    catalogue.forget()
    return colleague


def _pages(home: HomePage, editor: User) -> None:
    contact, policy = make.contact(home), make.policy(home)
    make.revise(policy, "We keep less.", at=timezone.now() + timedelta(days=30))
    news = make.article(make.articles(home), topics=["Quay"])
    news.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    Appearance.objects.create(site=Site.objects.get(is_default_site=True), accent="#0f5560")
    child = StandardPage(title="Quay", slug="quay", body="<p>Nine.</p>")
    home.add_child(instance=child)
    child.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    Workflow.objects.get().start(child, editor)
    copy = StandardPage.objects.get().create_alias(update_slug="quay-alias", parent=home)
    assert copy
    Redirect.objects.create(old_path="/old", redirect_page=contact.page_ptr, site=Site.objects.get())
    Collection.objects.get(depth=1).add_child(name="Ships")
    Locale.objects.get_or_create(language_code="ru")


def _scan() -> None:
    report = {"things": [], "skipped": {}, "unreachable": {}, "pages": []}
    times = {"started_at": timezone.now(), "finished_at": timezone.now()}
    Scan.objects.create(site=Site.objects.get(), pages=1, undeclared=0, misplaced=0, report=report, **times)


def _files() -> None:
    image = Image.objects.create(title="Quay", file=get_test_image_file())
    document = Document.objects.create(title="Rates", file=ContentFile(b"rates", name="rates.txt"))
    for file in (image, document):
        file.get_file_size()  # measured and kept when somebody first looks
        file.get_file_hash() if isinstance(file, Document) else None
    UploadedFile.objects.create(file=ContentFile(b"later", name="later.txt"))
    text, kind = ContentFile(b"1. Dogs may.", name="rules.txt"), ContentType.objects.get_for_model(PolicyPage)
    UploadedFile.objects.create(file=text, for_content_type=kind)


def _inquiry(home: HomePage) -> Inquiry:
    page = Page.objects.get(slug="contact")
    said = {"name": MARKS[0], "email": MARKS[1], "phone": MARKS[2], "message": MARKS[3]}
    inquiry = inquiries.receive(page=page.specific, now=timezone.now(), **said)
    owner = Controller.for_site(Site.objects.get()).email
    inquiries.answer(inquiry=inquiry, subject="The crane", text=MARKS[4], reply_to=owner, now=timezone.now())
    inquiries.note(inquiry=inquiry, author=None, text=MARKS[15], now=timezone.now())
    _around(inquiry)
    return inquiry


def _around(inquiry: Inquiry) -> None:
    now, file = timezone.now(), {"name": MARKS[17], "content": b"plan", "media_type": "text/plain", "size": 4}
    beside = {"inquiry": inquiry, "subject_key": inquiry.subject_key}
    Attachment.objects.create(key="plan", **file, **beside)
    IncomingMessage.objects.create(sender=MARKS[1], text=MARKS[16], digest=b"1", received_at=now, **beside)
    AnswerTemplate.objects.create(title="Thanks", language="en", text="Thank you.")


def _mailing(colleague: User) -> None:
    news, now = make.mailing_list(), timezone.now()
    make.purpose(at=now - timedelta(days=1))
    Field.objects.create(key="town", label="Town", why="To write about what is near.")
    Segment.objects.create(name="Near")
    draft = make.campaign(news, "Autumn")
    draft.save_revision(user=colleague).publish()
    Workflow.objects.get().start(draft, colleague)
    person = make.subscriber(MARKS[6], news, now).subscriber
    Subscriber.objects.filter(pk=person.pk).update(name=MARKS[5], fields={"town": MARKS[8]})
    make.queued(make.campaign(news, "Spring"), now)
    scope, reason = Suppression.Scope.LISTS, Suppression.Reason.EDITOR
    suppression.suppress(["gone@mark.example"], scope=scope, reason=reason, now=now)
    _import(news, colleague)


def _requests(colleague: User) -> None:
    now = timezone.now()
    row = filing.ask(email=MARKS[10], locale="en", now=now)
    filing.choose(row, filing.Choice.CORRECTION, words=MARKS[11], now=now)
    holds.place(reason="Case 12", by=colleague, now=now, holding="home.Inquiry")


def _disclosures() -> None:
    now, officer = timezone.now(), disclosing.account("officer", "disclose", "view_disclosure")
    disclosing.listed(Ground.PURPOSE, Ground.AUTHORITY)
    disclosing.disclose(officer, people=[MARKS[10]], now=now)
    orders.propose(
        recipient=make.recipient(),
        ground=Ground.AUTHORITY,
        reference="Court 12",
        sets=disclosing.REQUESTS,
        email=MARKS[12],
        document=disclosing.PDF,
        document_name="order.pdf",
        by=officer,
        now=now,
    )


def _import(news: MailingList, colleague: User) -> AudienceImport:
    content, words, now = (
        f"email,consent_source,consent_at\n{MARKS[7]},Fair,2025-09-12\n".encode(),
        "Yes.",
        timezone.now(),
    )
    report = incoming.check(content, news, now, words=words).report(words=words, ignore=False)
    return AudienceImport.objects.create(
        mailing_list=news, filename="fair.csv", content=content, report=report, uploaded_by=colleague, uploaded_at=now
    )
