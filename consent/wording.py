"""Which words does the banner use? They are part of what is published: evidence of what people were told."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

WORDS = {
    "title": _("Your choice about cookies"),
    "introduction": _("This site works without cookies. With your permission, these run as well:"),
    "reminder": _("You can change your mind at any time under “Cookie settings” at the foot of every page."),
    "accept": _("Accept"),
    "refuse": _("Refuse"),
    "choose": _("Choose"),
    "settings": _("Cookie settings"),
    "explanation": _("Nothing of this runs unless you allow it. What you allow you can withdraw here at any time."),
    "always_on": _("Always on: the site does not work without them"),
    "accept_all": _("Accept all"),
    "refuse_all": _("Refuse all"),
    "save": _("Save my choice"),
    "close": _("Close"),
    "failed": _("Your choice could not be saved. Try again, or use the page “Cookie settings”."),
    "kept": _("Your choice is saved. This page was not loaded again, so that nothing you wrote is lost."),
    "embed": _("{service} comes from {vendor}. If you load it, {vendor} learns your address and which page you read."),
    "load_once": _("Load once"),
    "always_allow": _("Always allow {service}"),
    "open_there": _("Open at {host}"),
}


def languages() -> list[str]:
    """Of the content, the site's own first."""
    own = settings.LANGUAGE_CODE
    return sorted((code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES), key=lambda code: (code != own, code))


def words() -> dict[str, dict[str, str]]:
    """Every word of the banner, by language."""
    return {language: shipped(language) for language in languages()}


def filled(said: dict[str, str], language: str) -> dict[str, str]:
    """These words, and the shipped ones that are not among them."""
    return said if WORDS.keys() <= said.keys() else shipped(language) | said


def shipped(language: str) -> dict[str, str]:
    with translation.override(language):
        return {key: str(text) for key, text in WORDS.items()}
