"""What lies in the inbox of the demo's company: inquiries in each state, an answer, a reply, a note, two templates."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from wagtail.models import Locale
from wagtail.models.audit_log import ModelLogEntry

from cms.demo.people import COMPANY
from home import inquiries, returns
from home.models import AnswerTemplate, FormPage, Inquiry

State = Inquiry.State
OWNER = f"privacy@{COMPANY}"
TEMPLATES = [
    (
        "en",
        "Sailing times",
        "Our sailing times",
        "Dear {name},\n\nthank you for asking. We sail on Tuesdays and Fridays at 06:30; cargo is taken until 18:00 "
        "the day before, at quay 9.\n\nKind regards\nHarbour Lane Logistics",
    ),
    (
        "ru",
        "Расписание рейсов",
        "Расписание наших рейсов",
        "Здравствуйте, {name}!\n\nСпасибо за вопрос. Мы отправляемся по вторникам и пятницам в 06:30; груз принимаем "
        "до 18:00 накануне, причал 9.\n\nС уважением,\nHarbour Lane Logistics",
    ),
]


def add(now: datetime) -> None:
    for language, title, subject, text in TEMPLATES:
        AnswerTemplate.objects.create(language=language, title=title, subject=subject, text=text)
    sam = User.objects.get(username="sam")
    page = FormPage.objects.get(slug="contact", locale=Locale.get_default())
    _in_conversation(page, sam, now)
    _noted(page, sam, now)
    _closed(page, sam, now)
    spam = _wrote(page, "Best Prices", "Buy our list of one million addresses today!!!", now - timedelta(days=2))
    inquiries.mark_spam([spam.pk], spam=True, now=now)
    _wrote(page, "Ines Duarte", "Do you take two pallets of cork to Alder before Easter?", now - timedelta(hours=3))


def _wrote(page: FormPage, name: str, message: str, at: datetime, *, phone: str = "") -> Inquiry:
    email = f"{name.split()[0].lower()}@mail.example"
    row = inquiries.receive(page=page, name=name, email=email, phone=phone, message=message, now=at)
    Inquiry.objects.filter(pk=row.pk).update(locale="en")
    return Inquiry.objects.get(pk=row.pk)


def _in_conversation(page: FormPage, sam: User, now: datetime) -> None:
    """Answered, and the person has written back."""
    row = _wrote(page, "Jonas Berg", "When do you sail to Alder in winter?", now - timedelta(days=4))
    inquiries.assign([row.pk], to=sam, now=now - timedelta(days=3))
    _logged(row, "home.assign", sam, now - timedelta(days=3), to=sam.get_username())
    text = TEMPLATES[0][3].replace("{name}", "Jonas Berg")
    answered = now - timedelta(days=3) + timedelta(minutes=20)
    inquiries.answer(inquiry=row, subject="Our sailing times", text=text, reply_to=OWNER, now=answered)
    _logged(row, "home.answer", sam, answered)
    if address := inquiries.reply_address(row):
        said = {"From": "Jonas Berg <jonas@mail.example>", "To": address, "Subject": "Re: Our sailing times"}
        headers = "".join(
            f"{name}: {value}\n" for name, value in (said | {"Message-ID": "<winter.1@mail.example>"}).items()
        )
        reply = f"{headers}\nThank you. Is Friday's ship heated? It is about tulip bulbs.\n"
        returns.take_in(reply.encode(), now=now - timedelta(days=1))


def _noted(page: FormPage, sam: User, now: datetime) -> None:
    message = "A crate of ours arrived with a broken lid. Whom do I ring about it?"
    row = _wrote(page, "Miriam Adler", message, now - timedelta(days=1), phone="+44 20 7946 0114")
    inquiries.assign([row.pk], to=sam, now=now)
    _logged(row, "home.assign", sam, now, to=sam.get_username())
    inquiries.note(inquiry=row, author=sam, text="Rang at noon, nobody in. The crate is at quay 9.", now=now)
    _logged(row, "home.note", sam, now)


def _closed(page: FormPage, sam: User, now: datetime) -> None:
    row = _wrote(page, "Teo Marin", "Thank you for last week, all arrived dry.", now - timedelta(days=9))
    inquiries.set_state([row.pk], state=State.CLOSED, now=now)
    _logged(row, "home.state", sam, now - timedelta(days=8), state=State.CLOSED.value)


def _logged(row: Inquiry, action: str, by: User, at: datetime, **data: str) -> None:
    ModelLogEntry.objects.log_action(row, action, user=by, data=data, timestamp=at)
