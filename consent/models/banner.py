"""What does an editor say in the banner of a site instead of the shipped words, and what must such a word be?"""

import re
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from consent import vocabulary, wording

BUTTON, LINE, TEXT = 24, 80, 400  # signs; what stands for a name that is filled in does not count
_BUTTONS = {"accept", "refuse", "choose", "accept_all", "refuse_all", "save", "close", "load_once", "always_allow"}
_LINES = {"title", "settings", "always_on", "open_there"}
# Beside each other: refusing must be told from accepting and from choosing.
LAYERS = (("accept", "refuse", "choose"), ("accept_all", "refuse_all", "save"), ("load_once", "always_allow"))
_PLACE = re.compile(r"{\w+}")
_MARKUP = re.compile(r"<[a-z/!?]|&[a-z]+;|&#", re.IGNORECASE)
# Control characters, and those that turn the direction of all that follows; to isolate a name from it is fine.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


class Banner(models.Model):
    """A site without a row says the shipped words, and keeps Google's tags waiting."""

    site = models.OneToOneField(
        Site, on_delete=models.CASCADE, verbose_name=gettext_lazy("site"), related_name="consent_banner"
    )
    # {"en": {"title": …}, "ru": {…}}: what is not there says the shipped words in that language.
    texts = models.JSONField(gettext_lazy("own words"), default=dict, blank=True)
    consent_mode = models.CharField(
        gettext_lazy("Google's tags"),
        max_length=10,
        choices=vocabulary.GoogleTags.choices,
        default=vocabulary.GoogleTags.BASIC,
    )

    class Meta:
        verbose_name = gettext_lazy("banner")
        verbose_name_plural = gettext_lazy("banners")

    def __str__(self) -> str:
        return str(self.site)

    def words(self) -> dict[str, dict[str, str]]:
        """All of them by language: the editor's, and the shipped ones where there are none."""
        return {
            language: {key: self.own(language).get(key) or text for key, text in shipped.items()}
            for language, shipped in wording.words().items()
        }

    def own(self, language: str) -> dict[str, str]:
        words: dict[str, str] = self.texts.get(language) or {}
        return words

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Why some of the words cannot stay: language, key, a sentence. Lengths are the form's to judge."""
        for language, shipped in wording.words().items():
            own = {key: text for key, text in self.own(language).items() if key in shipped}
            for key, text in own.items():
                yield from ((language, key, sentence) for sentence in _of_word(text, shipped[key]))
            yield from ((language, key, sentence) for key, sentence in _alike(own, shipped))


def room(key: str) -> int:
    """Signs for a word. A name that is filled in has its own room."""
    most = BUTTON if key in _BUTTONS else LINE if key in _LINES else TEXT
    return most + sum(map(len, _PLACE.findall(str(wording.WORDS[key]))))


def plain(text: str) -> str:
    """Without line breaks, and with one blank where there were several."""
    return " ".join(text.split())


def _of_word(text: str, shipped: str) -> Iterator[str]:
    if _MARKUP.search(text):
        yield _("Plain words only: markup would be shown as it is typed.")
    if _UNSEEN.search(text) or not any(sign.isalnum() for sign in text):
        yield _("Words that people can read: letters, and no signs that nobody sees.")
    known, used = set(_PLACE.findall(shipped)), set(_PLACE.findall(text))
    if known - used:
        yield _("Keep %(names)s: a name is put in its place.") % {"names": ", ".join(sorted(known - used))}
    if re.search("[{}]", _PLACE.sub(lambda place: "" if place[0] in known else place[0], text)):
        if known:
            yield _("Of words in braces only these are filled in: %(names)s.") % {"names": ", ".join(sorted(known))}
        else:
            yield _("Nothing is filled in here: leave the braces out.")


def _alike(own: dict[str, str], shipped: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Buttons of one layer that say the same. Named at the one an editor wrote."""
    said = shipped | own
    for layer in LAYERS:
        for key in (key for key in layer if key in own):
            others = [said[other] for other in layer if other != key and other in said]
            if own[key].casefold() in map(str.casefold, others):
                yield key, _("Another button beside it says the same: people could not tell them apart.")
