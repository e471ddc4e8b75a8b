"""The preview shows a mail in every language and version, light, dark and plain, before anything is saved."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from mailing import preview
from mailing.models import Campaign, MailingList
from tests import make
from tests.desk import campaign_form, signed_in, text_form


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in("add_campaign", "change_campaign", "view_campaign")


def served(campaign: Campaign, mode: str) -> Any:
    return preview.serve(campaign, RequestFactory().get("/"), mode)


def shown(client: Client, url: str, form: dict[str, Any], mode: str) -> str:
    """What the panel beside the editor shows of a form that is not saved."""
    assert client.post(url, form).json()["is_valid"]
    return client.get(f"{url}?mode={mode}").content.decode()


def test_a_new_campaign_is_seen_before_it_is_saved(cms: Client, news: MailingList) -> None:
    url = "/cms/mailing/campaigns/preview/"
    page = shown(cms, url, campaign_form(news, text_form("Early", "Not saved yet.")), "html:en:a")
    assert "Not saved yet." in page
    assert not Campaign.objects.exists()


def test_an_unsaved_change_is_seen_and_changes_nothing(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    form = campaign_form(news, text_form(words="Changed.", id=campaign.texts.get().pk), initial=1)
    url = f"/cms/mailing/campaigns/preview/{campaign.pk}/"
    assert "Changed." in shown(cms, url, form, "html:en:a")
    assert "Changed." in shown(cms, url, form, "plain:en:a")
    assert "spring" in served(Campaign.objects.get(), "html:en:a").content.decode()


def test_a_language_that_is_added_is_seen_at_once(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    texts = [text_form(id=campaign.texts.get().pk), text_form("Лето", "Лето пришло.", language="ru")]
    url = f"/cms/mailing/campaigns/preview/{campaign.pk}/"
    assert "html:ru:a" in cms.get(f"/cms/mailing/campaigns/edit/{campaign.pk}/").content.decode()
    assert "Лето пришло." in shown(cms, url, campaign_form(news, *texts, initial=1), "html:ru:a")


def test_there_is_a_mode_for_each_language_version_and_kind(news: MailingList, settings: Settings) -> None:
    spoken = [("en", "English"), ("ru", "Russian"), ("de", "German")]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = spoken
    campaign = make.campaign(news)
    make.written(campaign, language="ru")
    assert [key for key, _label in preview.modes(campaign)] == [
        *(f"{kind}:{language}:a" for language in ("en", "ru") for kind in ("html", "dark", "plain")),
        "html:de:a",
        "checks",
    ]
    assert dict(preview.modes(campaign))["dark:ru:a"] == "Russian: dark"
    make.written(campaign, version="b")
    assert dict(preview.modes(campaign))["dark:en:b"] == "English, version B: dark"


def test_a_text_that_is_missing_says_which_one_readers_get(news: MailingList) -> None:
    page = served(make.campaign(news), "html:ru:a").content.decode()
    assert "Readers of that language get the text in English." in page


def test_the_dark_one_applies_the_colours_that_the_mail_has_for_it() -> None:
    page = preview.in_the_dark(
        "<head><style>@media (prefers-color-scheme: dark) { p { color: white } }"
        "@media (prefers-color-scheme:light) { p { color: black } }</style></head>"
    )
    assert "@media all { p { color: white } }" in page
    assert "@media not all { p { color: black } }" in page
    assert "color-scheme: dark !important" in page


def test_the_dark_mail_differs_from_the_light_one(news: MailingList) -> None:
    campaign = make.campaign(news)
    light, dark = (served(campaign, f"{kind}:en:a").content.decode() for kind in ("html", "dark"))
    assert "prefers-color-scheme: dark" in light.replace("scheme:dark", "scheme: dark")
    assert "@media all" in dark


def test_plain_text_is_served_as_such(news: MailingList) -> None:
    answer = served(make.campaign(news), "plain:en:a")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "It is spring." in answer.content.decode()
    assert "<p" not in answer.content.decode()


def test_the_checks_show_the_headers_as_a_mailbox_gets_them(news: MailingList) -> None:
    campaign = make.campaign(news, reply_to="desk@quay.example")
    page = served(campaign, "checks").content.decode()
    for words in ("Spring", "desk@quay.example", "List-Unsubscribe", "reader@mail.example"):
        assert words in page


def test_the_checks_say_what_to_mend(news: MailingList) -> None:
    page = served(make.campaign(news, "Re: your order"), "checks").content.decode()
    assert "<strong>To mend:</strong> The subject begins as an answer does" in page


def test_the_checks_of_what_is_not_written_say_so(news: MailingList) -> None:
    assert "There is no text yet." in served(Campaign(title="Bare", mailing_list=news), "checks").content.decode()


def test_a_preview_runs_nothing_and_asks_nobody_else(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    url = f"/cms/mailing/campaigns/preview/{campaign.pk}/"
    cms.post(url, campaign_form(news, text_form(id=campaign.texts.get().pk), initial=1))
    for mode in ("html:en:a", "dark:en:a", "plain:en:a", "checks", "html:ru:a"):
        policy = cms.get(f"{url}?mode={mode}")["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'")
        assert "script" not in policy


def test_what_was_queued_is_previewed_from_its_history_alone(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    sent = make.queued(make.campaign(news))
    assert cms.get(f"/cms/mailing/campaigns/preview/{sent.pk}/").status_code == 302
