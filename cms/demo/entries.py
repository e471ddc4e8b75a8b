"""What do the demo's customers say in public? Three are shown, one waits for Vera."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Locale, Site

from consent.told import Told
from home import entries
from home.models import Field, FormPage, HomePage, PublicEntriesPage
from policies import effective

FORM = "how-it-went"
WORDS = {
    "en": "Harbour Lane Logistics Ltd may show this to everybody on its website. I can take it down at any time.",
    "ru": "Harbour Lane Logistics Ltd может показывать это всем на своём сайте. Я могу убрать это в любое время.",
}
SAID = (  # days ago, name, stars, words, address, language
    (41, "Marta Lind", 5, "Two containers in a week, and somebody answered each time I called.", "marta", "en"),
    (23, "", 4, "The part load left on Friday as promised. The papers took a day longer.", "joris", "en"),
    (9, "Олег Савин", 5, "Забрали груз на следующий день и сразу прислали фотографию пломбы.", "oleg", "ru"),
    (1, "Kim Osei", 5, "They found our pallet when nobody else could.", "kim", "en"),
)
SHOWN = {"marta", "joris", "oleg"}
RUSSIAN = {
    "title": "Что говорят клиенты",
    "introduction": "<p>Это написали люди, которые согласились, чтобы это читали все.</p>",
}


def add(home: HomePage, now: datetime) -> None:
    """The page and its translation, and what came through the form."""
    form = FormPage.objects.child_of(home).get(slug=FORM)
    page = PublicEntriesPage(
        title="What customers say",
        slug="what-customers-say",
        show_in_menus=True,
        introduction="<p>Written by people who agreed that everybody may read it.</p>",
        form=form,
        owner=home.owner,
    )
    home.add_child(instance=page)
    page.save_revision(user=home.owner).publish(user=home.owner)
    russian = Locale.objects.get(language_code="ru")
    translated = page.copy_for_translation(russian)
    for name, text in RUSSIAN.items():
        setattr(translated, name, text)
    translated.form = FormPage.objects.get(translation_key=form.translation_key, locale=russian)
    translated.save_revision(user=home.owner).publish(user=home.owner)
    for said in SAID:
        _say({"en": form, "ru": translated.form}, home.owner, now, *said)


def _say(forms: dict[str, FormPage], vera: User, now: datetime, days: int, name: str, stars: int, *rest: str) -> None:
    words, who, language = rest
    form, at = forms[language], now - timedelta(days=days)
    given = {Field.Kind.NAME: name, Field.Kind.CHOICE: "★" * stars, Field.Kind.LINES: words}
    row = entries.receive(
        inquiry=None,
        form=form,
        content=[_said(field, given[field.kind]) for field in form.fields.all() if given.get(field.kind)],
        statement=WORDS[language],
        email=f"{who}@mail.example",
        locale=language,
        told=Told(effective.version_shown(Site.objects.get(is_default_site=True), at)),
        path=form.url or "",
        now=at,
    )
    if who in SHOWN:
        entries.approve(row, by=vera, now=at + timedelta(hours=3))


def _said(field: Field, words: str) -> dict[str, Any]:
    return {"key": field.key, "label": field.label, "kind": field.kind, "said": words}
