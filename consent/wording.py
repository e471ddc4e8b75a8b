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
    "accept_all": _("Accept all"),
    "refuse_all": _("Refuse all"),
    "save": _("Save my choice"),
}


def languages() -> list[str]:
    """Of the content, the site's own first."""
    own = settings.LANGUAGE_CODE
    return sorted((code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES), key=lambda code: (code != own, code))


def words() -> dict[str, dict[str, str]]:
    """Every word of the banner, by language."""
    return {language: _in(language) for language in languages()}


def _in(language: str) -> dict[str, str]:
    with translation.override(language):
        return {key: str(text) for key, text in WORDS.items()}
