"""Do visitors read German, French, Spanish and Arabic wherever the site speaks to them, and well set?"""

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from wagtail.models import Locale, Site

from cms import env
from cms.settings import base
from consent import catalogue
from consent.models import Decision, Redaction
from mailing import compose, tokens
from mailing.models import Campaign, Delivery, Subscription, Suppression
from policies import wording
from policies.blocks import ClausesBlock
from records.models import Term
from tests import make
from tests.house import catalogues
from tests.house.catalogues import Key, english_in, fuzzy, in_code, placeholders, said, shipped, translated

# Whoever works in the CMS may read English: these files speak to nobody else. What is not here speaks to visitors.
FOR_EDITORS = re.compile(
    r"\w+/(models|panels|viewsets|wagtail_hooks|management)(/.*|\.py)"
    r"|\w+/templates/\w+/admin\w*/.*"
    r"|cms/(demo|two_factor|templates/cms)/.*"
    r"|cms/desk\.py"
    r"|consent/(adding|blocks|catalogue|changes|doubts|draft|facts|fields|findings|forms)\.py"
    r"|consent/(enforce|presets|scanning)/.*"
    r"|consent/proof/anchors\.py"  # a mail to the owner of the site
    r"|home/blocks\.py"
    r"|home/(first_run|inquiries|returns|statistics)/.*"
    r"|home/templates/home/(answer_templates|entries_panel|entry_inspect|entry_act|inquir|promotion_(index|inspect|preview|stop))\w*\.html"
    r"|home/templates/home/(first_run|statistics)/.*"
    r"|records/disclosures/.*"
    r"|mailing/(campaigns|checks|notices|outgoing|preview|segments)\.py"
    r"|mailing/(incoming|progress|setup)/.*"
    r"|mailing/compose/(lint|merge)\.py"
    r"|mailing/templates/mailing/(campaign|export|fields|import|lists|queue|results|segment|setup|subscriber|suppressed)\w*\.html"
    r"|policies/(blocks|freeze|importing|reissue)/.*"
    r"|policies/(clauses|forms)\.py"
    r"|policies/views/(acts|consequences|drafts)\.py"
    r"|records/(alarms|cms_history)\.py"
    r"|records/site_transfer/.*"
    r"|records/templates/records/(data_map|desk_lines|recipients|ropa|reading|request|hold|run|disclosure|order|promises_panel|requests_panel)\w*\.html"
)
# What stands in one of those files and is shown on public pages as well.
LABELS = [
    *Term.Kind.labels,
    *Redaction.Why.labels,
    *Campaign.Kind.labels,
    *Delivery.State.labels,
    *Subscription.Source.labels,
    *Suppression.Reason.labels,
]
LANGUAGES = ["de", "fr", "es", "ar"]
CATALOGUES = {language: catalogues.read(language) for language in LANGUAGES}
PLURALS = {"de": 2, "fr": 2, "es": 3, "ar": 6}  # as Django counts in these languages
# A form for exactly one number may say it in a word: "يومان" are two days.
SAID_IN_A_WORD = {"ar": 3}  # its first forms
HERE = {"HTTP_ORIGIN": "http://testserver"}
MISSET = {
    "de": r"['\"«»‘]|“[^“„”]*”",
    "fr": r"['\"„“”]|[^\u202f\s][;?!](\s|$)|[^\u00a0/\w]:\s|«[^\u202f]|[^\u202f]»",
    "es": r"['\"„“”]|^[^¿]*\?$",
    "ar": r"['\"„“”]|[\u0621-\u064a][,;?]",
}


def for_visitors() -> dict[Key, str]:
    """Every string that a visitor may read, and a file that has it."""
    with translation.override("en"):
        labels = [*map(str, LABELS), *(str(block.meta.label) for block in ClausesBlock.base_blocks.values())]
    return in_code(unless=FOR_EDITORS) | {(None, (label,)): "a label" for label in labels}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_visitors_read_is_translated_and_none_is_a_guess(language: str) -> None:
    missing = {key: file for key, file in for_visitors().items() if key not in translated(CATALOGUES[language])}
    assert len(for_visitors()) > 600
    assert not missing
    assert not fuzzy(CATALOGUES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_the_strings_of_the_code_and_no_others(language: str) -> None:
    assert said(CATALOGUES[language]).keys() == in_code().keys()
    assert not CATALOGUES[language].obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_has_as_many_forms_as_the_language(language: str) -> None:
    assert CATALOGUES[language].num_plurals == PLURALS[language]
    counted = [texts for (_context, english), texts in translated(CATALOGUES[language]).items() if len(english) == 2]
    assert {len(texts) for texts in counted} == {PLURALS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same(language: str) -> None:
    different = []
    for (_context, english), texts in translated(CATALOGUES[language]).items():
        spare = SAID_IN_A_WORD.get(language, 0) if len(english) == 2 else 0
        wanted = placeholders(english[-1])
        different += [text for text in texts[spare:] if placeholders(text) != wanted]
        different += [text for text in texts[:spare] if not set(placeholders(text)) <= set(wanted)]
    assert not different


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    assert said(shipped(language)) == translated(CATALOGUES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_and_stops_are_those_of_the_language(language: str) -> None:
    texts = [text for forms in translated(CATALOGUES[language]).values() for text in forms]
    assert not [text for text in texts if re.search(MISSET[language], text)]


@pytest.fixture
def site(client: Client) -> Client:
    """An English site with a home page in each language, services and a list."""
    home = make.site()
    for language in LANGUAGES:
        home.copy_for_translation(
            Locale.objects.get_or_create(language_code=language)[0]
        ).get_latest_revision().publish()
    make.catalogue_of_one()
    make.mailing_list()
    return client


def below(language: str) -> str:
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def spoken(page: str, language: str) -> bool:
    """Does it say which language it is, and which way that runs, and has it no sentence in English?"""
    opened = page[: page.index("<head>")]
    assert f'<html lang="{language}"' in opened
    assert ('dir="rtl"' in opened) == get_language_info(language)["bidi"]
    assert language == "en" or not english_in(page, catalogues.read(language))
    return True


def decided(client: Client, start: str) -> Decision:
    snapshot = catalogue.current(Site.objects.get(is_default_site=True).pk)
    client.post(f"{start}consent/", {"snapshot": snapshot.sha256, "choice": "accept"}, **HERE)
    return Decision.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("language", base.SPOKEN)
def test_a_page_speaks_the_language_of_its_address(site: Client, language: str) -> None:
    start = below(language)
    decision = decided(site, start)
    addresses = ["consent/", "consent/?saved", "consent/decisions/", f"consent/receipt/{decision.pk}/", "mail/join/"]
    for address in ["", *addresses, "mail/join/?asked", "promises/", "nothing/"]:
        assert spoken(site.get(start + address).content.decode(), language), address


@pytest.mark.django_db
@pytest.mark.parametrize("language", base.SPOKEN)
@pytest.mark.parametrize("address", ["consent/", "mail/join/"])
@pytest.mark.parametrize("origin", ["http://testserver", "http://evil.example"])
def test_a_refusal_speaks_the_language_of_its_address(site: Client, language: str, address: str, origin: str) -> None:
    answer = site.post(below(language) + address, {"email": "nobody"}, HTTP_ORIGIN=origin)
    assert answer.status_code in {403, 422}
    assert spoken(answer.content.decode(), language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", base.SPOKEN)
def test_the_question_in_a_mail_and_its_page_speak_the_language_of_who_asked(site: Client, language: str) -> None:
    start = below(language)
    site.post(f"{start}mail/join/", {"email": make.ANA, "mailing_list": "news"}, **HERE)
    subscription = Subscription.objects.get()
    mail = compose.confirmation(subscription)
    [(page, _type)] = mail.alternatives
    assert spoken(page, language)
    assert language == "en" or not english_in(f"{mail.subject}\n{mail.body}", catalogues.read(language))
    leave = tokens.make(tokens.UNSUBSCRIBE, subscription.pk)
    for address, token in [("confirm", tokens.for_confirmation(subscription)), ("unsubscribe", leave)]:
        link = f"{start}mail/{address}/{token}/"
        assert spoken(site.get(link).content.decode(), language)
        assert spoken(site.post(link, **HERE).content.decode(), language)


@pytest.mark.django_db
def test_a_footer_leads_to_the_same_page_in_each_language_that_has_a_home_page(site: Client) -> None:
    page = site.get("/ar/consent/").content.decode()
    assert re.findall(r'<a href="([^"]+)" hreflang="(\w+)"', page) == [
        ("/de/consent/", "de"),
        ("/consent/", "en"),
        ("/es/consent/", "es"),
        ("/fr/consent/", "fr"),
    ]


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "1 March 2026"),
        ("ru", "1 марта 2026"),
        ("de", "1. März 2026"),
        ("fr", "1 mars 2026"),
        ("es", "1 de marzo de 2026"),
        ("ar", "1 مارس 2026"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, day: str) -> None:
    with translation.override(language):
        assert date_format(date(2026, 3, 1), "DATE_FORMAT") == day
        assert re.split("[,،] ", wording.instant(datetime(2026, 3, 1, 12, tzinfo=UTC), seconds=False))[0] == day


@pytest.mark.parametrize(
    ("codes", "own", "sentence"),
    [
        (["en", "it"], "en", "SITE_LANGUAGES names it: there are en, ru, de, fr, es, ar"),
        (["en", "de-AT"], "en", "SITE_LANGUAGES names de-AT"),
        (["en", "ru"], "de", "SITE_LANGUAGE is 'de', which is not among SITE_LANGUAGES: en,ru"),
        ([], "en", "SITE_LANGUAGE is 'en', which is not among SITE_LANGUAGES"),
    ],
)
def test_languages_that_cannot_be_spoken_stop_the_site_with_a_sentence(
    codes: list[str], own: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.chosen(base.SPOKEN, codes, own=own)


def test_a_site_speaks_the_languages_it_names_in_their_order_and_each_once() -> None:
    chosen = env.chosen(base.SPOKEN, ["ar", "en", "ar"], own="en")
    assert [(code, str(name)) for code, name in chosen] == [("ar", "Arabic"), ("en", "English")]


@pytest.mark.django_db
@pytest.mark.parametrize("language", base.SPOKEN)
def test_an_error_of_ours_speaks_the_language_of_its_address(
    site: Client, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("mailing.views.asking.statement")
    site.raise_request_exception = False
    answer = site.get(f"{below(language)}mail/join/")
    assert answer.status_code == 500
    assert spoken(answer.content.decode(), language)
