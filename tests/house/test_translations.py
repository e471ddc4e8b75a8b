"""Does the site say in Russian everything that it says in English, and nothing else?"""

import ast
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mailing import compose, tokens
from mailing.compose.shapes import Reader
from mailing.models import Subscription
from tests import make
from tests.house import catalogues, tree
from tests.house.catalogues import compiled, english_in, fuzzy, in_code, placeholders, said, shipped, translated

RUSSIAN = catalogues.read("ru")
TAG = re.compile(r"{#.*?#}|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
FALLBACK = re.compile(r'(?:{%\s*firstof\s[^%]*?\s|\|(?:default|default_if_none|yesno):)"([^"]*)"')
READ_OUT = {"alt", "aria-description", "aria-label", "data-failed", "data-label", "label", "placeholder", "title"}
SHOWN_TO_PEOPLE = {"BadRequest", "CannotSend", "Http404", "KeyReused", "NoSuchChoice", "ValidationError"}
WORDS = re.compile(r"[^\W\d_]|[“”„«»]")  # letters, and quotation marks, which differ as well
NO_WORDS = {"Candor", "login", "manage.py scan_cookies", "SHA-256"}
TEMPLATES = [tree.name(file) for file in tree.templates()]
HERE = {"HTTP_ORIGIN": "http://testserver"}


def test_every_string_of_the_code_is_in_the_catalogue() -> None:
    missing = {key: file for key, file in in_code().items() if key not in said(RUSSIAN)}
    assert len(in_code()) > 300
    assert not missing


def test_the_catalogue_has_nothing_that_the_code_no_longer_says() -> None:
    assert said(RUSSIAN).keys() - in_code().keys() == set()
    assert not RUSSIAN.obsolete


def test_every_string_is_translated_and_none_is_a_guess() -> None:
    assert RUSSIAN.num_plurals == 4
    assert said(RUSSIAN) == translated(RUSSIAN)
    assert not fuzzy(RUSSIAN)
    counted = [russian for (_context, english), russian in said(RUSSIAN).items() if len(english) == 2]
    assert {len(russian) for russian in counted} == {4}


def test_placeholders_are_the_same_in_both_languages() -> None:
    different = [
        russian
        for (_context, english), texts in said(RUSSIAN).items()
        for russian in texts
        if placeholders(russian) != placeholders(english[-1])
    ]
    assert not different


def test_the_compiled_catalogue_says_the_same() -> None:
    assert said(shipped("ru")) == said(compiled(RUSSIAN))
    assert shipped("ru").plural_expr == RUSSIAN.plural_expr


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
    found = {text for text in [*words.found, *FALLBACK.findall(source)] if WORDS.search(text)}
    assert found <= NO_WORDS


@pytest.mark.parametrize("name", [tree.name(file) for file in tree.code()])
def test_a_refusal_has_no_words_outside_gettext(name: str) -> None:
    calls = [node for node in ast.walk(ast.parse((tree.ROOT / name).read_text())) if isinstance(node, ast.Call)]
    told = [argument for call in calls if ast.unparse(call.func) in SHOWN_TO_PEOPLE for argument in call.args]
    bare = [text for text in told if isinstance(text, ast.JoinedStr) or isinstance(getattr(text, "value", None), str)]
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
    assert not english_in(page, RUSSIAN)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/contact/", "/consent/", "/mail/join/"])
@pytest.mark.parametrize("origin", ["http://testserver", "http://evil.example"])
def test_a_refusal_of_a_russian_site_has_no_english_sentence(russian_site: Client, address: str, origin: str) -> None:
    answer = russian_site.post(address, {"email": "nobody"}, HTTP_ORIGIN=origin)
    assert answer.status_code in {403, 422}
    assert not english_in(answer.content.decode(), RUSSIAN)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["confirm", "unsubscribe"])
def test_joining_and_leaving_a_russian_list_has_no_english_sentence(russian_site: Client, address: str) -> None:
    subscription = asked_by_ana(russian_site)
    leave = tokens.make(tokens.UNSUBSCRIBE, subscription.pk)
    link = f"/mail/{address}/{tokens.for_confirmation(subscription) if address == 'confirm' else leave}/"
    question, answer = russian_site.get(link), russian_site.post(link, **HERE)
    assert not english_in(question.content.decode() + answer.content.decode(), RUSSIAN)


@pytest.mark.django_db
def test_the_mails_of_a_russian_site_have_no_english_sentence(russian_site: Client) -> None:
    subscription = asked_by_ana(russian_site)
    campaign = make.campaign(subscription.mailing_list)
    campaign.texts.all().delete()
    make.written(campaign, "Весна", html="<p>Весна.</p>", language="ru")
    edition = compose.edition(campaign, language="ru", now=make.NOW)
    for mail in (compose.confirmation(subscription), edition.message(Reader(make.ANA))):
        [(page, _type)] = mail.alternatives
        assert 'lang="ru"' in page
        assert not english_in("\n".join([mail.subject, mail.body, page]), RUSSIAN)


@pytest.mark.django_db
def test_dates_of_a_russian_site_are_declined(russian_site: Client) -> None:
    assert "1 января 2999" in russian_site.get("/privacy/?on=2999-01-01").content.decode()
