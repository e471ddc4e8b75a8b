"""How is a campaign written? The editor's form, what it refuses, and the words on its buttons."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm, Select
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface

from mailing.compose import merge
from mailing.models import Campaign
from policies.states import language_name

A, B = Campaign.Version.A, Campaign.Version.B


class LanguageSelect(Select):
    """A language that the site no longer speaks stays what it is until somebody chooses another."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        spoken = dict(settings.LANGUAGES)
        self.choices = [
            *spoken.items(),
            *((code, language_name(code)) for code in value if code and code not in spoken),
        ]
        return super().optgroups(name, value, attrs)


class CampaignForm(WagtailAdminModelForm):
    """A draft may have gaps; what is approved has none."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        forms = [form for form in self.formsets["texts"].forms if not _is_deleted(form)]
        written = [form for form in forms if form.is_valid() and form.has_changed() | bool(form.instance.pk)]
        _refuse_strange_languages(written)
        _refuse_doubles([form for form in written if form.is_valid()])
        if not self.is_deferred_validation and len(written) == len(forms):
            self._refuse_gaps({_place(form): form for form in written if form.is_valid()})
        return cleaned

    def _refuse_gaps(self, texts: dict[tuple[str, str], BaseForm]) -> None:
        languages = {version: {language for language, which in texts if which == version} for version in (A, B)}
        if not languages[A]:
            self.add_error(None, gettext("Write at least one text in version A."))
        for language in languages[B] - languages[A] if languages[A] else ():
            sentence = gettext("Write version A in this language, too: half of its readers get that one.")
            texts[language, B].add_error("language", sentence)
        if bool(languages[B]) != bool(self.cleaned_data.get("test_share")):
            self.add_error("test_share", _half_a_test(has_b=bool(languages[B])))
        for form in texts.values():
            _refuse_merge_fields(form)


def _is_deleted(form: BaseForm) -> bool:
    form.is_valid()
    return bool(form.cleaned_data.get("DELETE"))


def _place(form: BaseForm) -> tuple[str, str]:
    return form.cleaned_data["language"], form.cleaned_data["version"]


def _refuse_strange_languages(forms: list[BaseForm]) -> None:
    for form in forms:
        language = form.cleaned_data["language"]
        if language not in dict(settings.LANGUAGES) and language != form.initial.get("language"):
            form.add_error("language", gettext("This site does not speak this language."))


def _refuse_doubles(forms: list[BaseForm]) -> None:
    seen = set()
    for form in forms:
        language, version = place = _place(form)
        if place in seen:
            sentence = gettext("There is a text in %(language)s, version %(version)s above already.")
            form.add_error("version", sentence % {"language": language_name(language), "version": version.upper()})
        seen.add(place)


def _half_a_test(*, has_b: bool) -> str:
    if has_b:
        return gettext("Say on how many percent of the readers versions A and B are tried, or delete version B.")
    return gettext("There is no version B to try: write one, or leave this empty.")


def _refuse_merge_fields(form: WagtailAdminModelForm) -> None:
    """The error stands where the field is used."""
    said = {place: merge.problems(form.cleaned_data[place]) for place in ("subject", "preheader", "plain")}
    said["body"] = [problem for words in merge.words_of(form.instance) for problem in merge.problems(words)]
    for place, sentences in said.items():
        if sentences:
            form.add_error(place, " ".join(dict.fromkeys(sentences)))


TEXT = InlinePanel(
    "texts",
    [
        FieldRowPanel([FieldPanel("language", widget=LanguageSelect()), FieldPanel("version")]),
        FieldPanel("subject"),
        FieldPanel("preheader"),
        FieldPanel("body"),
        FieldPanel("plain"),
    ],
    heading=gettext_lazy("Texts"),
    label=gettext_lazy("Text"),
    min_num=1,
    help_text=gettext_lazy(
        "One for each language; readers whose language is missing get the site's own. {{ name|reader }} becomes the "
        "reader's name, or “reader” where it is not known."
    ),
)
SETTINGS = [
    # Lists of campaigns lead to them by their titles, and the database holds none without a list: drafts included.
    FieldPanel("title", required_on_save=True),
    FieldPanel("mailing_list", required_on_save=True),
    FieldPanel("segment"),
    FieldPanel("reply_to"),
    MultiFieldPanel(
        [FieldPanel("in_recipient_zone"), FieldPanel("per_minute"), FieldPanel("test_share")],
        heading=gettext_lazy("How it leaves"),
    ),
    MultiFieldPanel([FieldPanel("count_links"), FieldPanel("in_archive")], heading=gettext_lazy("What is kept of it")),
]
EDITOR = TabbedInterface(
    [
        ObjectList([TEXT], heading=gettext_lazy("Text")),
        ObjectList(SETTINGS, heading=gettext_lazy("Settings")),
    ],
    base_form_class=CampaignForm,
)
