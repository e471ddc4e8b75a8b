"""Does the site say in Russian everything that it says in English, and nothing else?"""

import ast
import html
import io
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import timezone
from django.utils.translation.template import templatize

from mailing import messages, tokens
from mailing.models import Subscription
from tests import make
from tests.house import tree

PO = tree.ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
RUSSIAN = read_po(io.BytesIO(PO.read_bytes()), locale="ru")
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
ALIAS = re.compile(r"\b(\w*gettext(?:_lazy)?) as (\w+)")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr]|{\w*}")
TAG = re.compile(r"{#.*?#}|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
FALLBACK = re.compile(r'(?:{%\s*firstof\s[^%]*?\s|\|(?:default|default_if_none|yesno):)"([^"]*)"')
READ_OUT = {"alt", "aria-description", "aria-label", "data-failed", "data-label", "label", "placeholder", "title"}
SHOWN_TO_PEOPLE = {"BadRequest", "CannotSend", "Http404", "KeyReused", "NoSuchChoice", "ValidationError"}
WORDS = re.compile(r"[^\W\d_]|[“”„«»]")  # letters, and quotation marks, which differ as well
BRAND = {"Candor"}
STATIC = "cms/templates/500.html"  # served when nothing else works, so it asks nothing of the rest
TEMPLATES = [tree.name(file) for file in tree.templates() if tree.name(file) != STATIC]
HERE = {"HTTP_ORIGIN": "http://testserver"}
Key = tuple[str | None, tuple[str, ...]]  # context, English


def in_code() -> dict[Key, str]:
    """Every translatable string of the six apps, and a file that has it."""
    found: dict[Key, str] = {}
    for file in [*tree.code(), *tree.templates()]:
        found |= dict.fromkeys(strings(file), tree.name(file))
    return found


def strings(file: Path) -> Iterator[Key]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # What is no string is blanked out with its indentation left, which means nothing here.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(source)}
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=keywords):
        yield context, forms(text)


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """One, or as many as the language has for a count."""
    return (text,) if isinstance(text, str) else tuple(text)


def translated(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    return {(message.context, forms(message.id)): forms(message.string) for message in catalogue if message.id}


def test_every_string_of_the_code_is_in_the_catalogue() -> None:
    missing = {key: file for key, file in in_code().items() if key not in translated(RUSSIAN)}
    assert len(in_code()) > 300
    assert not missing


def test_the_catalogue_has_nothing_that_the_code_no_longer_says() -> None:
    assert translated(RUSSIAN).keys() - in_code().keys() == set()
    assert not RUSSIAN.obsolete


def test_every_string_is_translated_and_none_is_a_guess() -> None:
    assert RUSSIAN.num_plurals == 4
    unfinished = [message.id for message in RUSSIAN if message.id and (message.fuzzy or not all(forms(message.string)))]
    assert not unfinished
    counted = [russian for (_context, english), russian in translated(RUSSIAN).items() if len(english) == 2]
    assert {len(russian) for russian in counted} == {4}


def test_placeholders_are_the_same_in_both_languages() -> None:
    different = [
        russian
        for (_context, english), texts in translated(RUSSIAN).items()
        for russian in texts
        if sorted(PLACEHOLDER.findall(russian)) != sorted(PLACEHOLDER.findall(english[-1]))
    ]
    assert not different


def test_the_compiled_catalogue_says_the_same() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, RUSSIAN)
    compiled.seek(0)
    shipped = read_mo(io.BytesIO(PO.with_suffix(".mo").read_bytes()))
    assert translated(shipped) == translated(read_mo(compiled))
    assert shipped.plural_expr == RUSSIAN.plural_expr


class Words(HTMLParser):
    """The text between the tags of a page, and in the attributes that a person sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in READ_OUT and value]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_words_outside_gettext(name: str) -> None:
    source = (tree.ROOT / name).read_text(encoding="utf-8")
    words = Words()
    words.feed(TAG.sub("", source))
    words.close()
    said = {text for text in [*words.found, *FALLBACK.findall(source)] if WORDS.search(text)}
    assert said <= BRAND


@pytest.mark.parametrize("name", [tree.name(file) for file in tree.code()])
def test_a_refusal_has_no_words_outside_gettext(name: str) -> None:
    calls = [node for node in ast.walk(ast.parse((tree.ROOT / name).read_text())) if isinstance(node, ast.Call)]
    said = [argument for call in calls if ast.unparse(call.func) in SHOWN_TO_PEOPLE for argument in call.args]
    bare = [text for text in said if isinstance(text, ast.JoinedStr) or isinstance(getattr(text, "value", None), str)]
    assert not [ast.unparse(text) for text in bare]


@pytest.fixture
def russian_site(settings: Any, client: Client) -> Client:
    """A Russian site with a policy that changes tomorrow, services, a contact page and a list."""
    settings.LANGUAGE_CODE = "ru"
    home = make.site()
    make.contact(home)
    page = make.policy(home, "Мы ничего не храним.", live=False)
    page.title = "Правила"
    page.save_revision().publish()
    make.revise(page, "Мы храним меньше.")
    make.revise(page, "Мы храним ещё меньше.", at=timezone.now() + timedelta(days=1))
    make.catalogue_of_one()
    make.mailing_list()
    return client


def english_in(text: str) -> list[str]:
    """The sentences of our catalogue that stand in `text` in English, without what is the same in both languages."""
    texts = translated(RUSSIAN)
    parts = {part.strip() for _context, english in texts for form in english for part in PLACEHOLDER.split(form)}
    same = " ".join(form for russian in texts.values() for form in russian)
    return sorted(part for part in parts if len(part) > 12 and part not in same and part in html.unescape(text))


def asked_by_ana(client: Client) -> Subscription:
    client.post("/mail/join/", {"email": make.ANA, "mailing_list": "news"}, **HERE)
    return Subscription.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/contact/",
        "/consent/",
        "/consent/?saved",
        "/mail/join/",
        "/mail/join/?asked",
        "/privacy/",
        "/privacy/?on=2999-01-01",
        "/privacy/?on=yesterday",
        "/privacy/v/1/",
        "/privacy/v/3/",
        "/privacy/history/",
        "/nothing/",
    ],
)
def test_a_page_of_a_russian_site_has_no_english_sentence(russian_site: Client, address: str) -> None:
    page = russian_site.get(address).content.decode()
    assert '<html lang="ru"' in page
    assert not english_in(page)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/contact/", "/consent/", "/mail/join/"])
@pytest.mark.parametrize("origin", ["http://testserver", "http://evil.example"])
def test_a_refusal_of_a_russian_site_has_no_english_sentence(russian_site: Client, address: str, origin: str) -> None:
    answer = russian_site.post(address, {"email": "nobody"}, HTTP_ORIGIN=origin)
    assert answer.status_code in {403, 422}
    assert not english_in(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "act"), [("confirm", tokens.CONFIRM), ("unsubscribe", tokens.UNSUBSCRIBE)])
def test_joining_and_leaving_a_russian_list_has_no_english_sentence(
    russian_site: Client, address: str, act: str
) -> None:
    link = f"/mail/{address}/{tokens.make(asked_by_ana(russian_site), act)}/"
    question, answer = russian_site.get(link), russian_site.post(link, **HERE)
    assert not english_in(question.content.decode() + answer.content.decode())


@pytest.mark.django_db
def test_the_mails_of_a_russian_site_have_no_english_sentence(russian_site: Client) -> None:
    subscription = asked_by_ana(russian_site)
    campaign = make.campaign(subscription.mailing_list)
    for mail in (messages.confirmation(subscription), messages.promotional(campaign, subscription)):
        [(page, _type)] = mail.alternatives
        assert 'lang="ru"' in page
        assert not english_in("\n".join([mail.subject, mail.body, page]))


@pytest.mark.django_db
def test_dates_of_a_russian_site_are_declined(russian_site: Client) -> None:
    assert "1 января 2999" in russian_site.get("/privacy/?on=2999-01-01").content.decode()
