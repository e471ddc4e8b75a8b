"""Why is a line of a file left out? A short code for the report, and a sentence for whoever reads it."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Code(TextChoices):
    CELLS = "cells", gettext_lazy("The line has more cells than the first line has names.")
    ODD = "odd", gettext_lazy("The line has characters that are no text.")
    LONG = "long", gettext_lazy("The text is too long.")
    EMAIL = "email", gettext_lazy("This is no e-mail address.")
    NO_SOURCE = "source", gettext_lazy("It does not say where and how the person agreed.")
    NO_DATE = "when", gettext_lazy("It does not say when the person agreed, as year, month and day.")
    FUTURE = "future", gettext_lazy("The day on which the person agreed is in the future.")
    NO_WORDS = "words", gettext_lazy("It does not say to which words the person agreed.")
    LOCALE = "locale", gettext_lazy("The language is none of this site.")
    ZONE = "zone", gettext_lazy("There is no such time zone.")
    NUMBER = "number", gettext_lazy("This is no number.")
    DATE = "date", gettext_lazy("This is no date as year, month and day.")
    YES_NO = "yes_no", gettext_lazy("This is neither yes nor no.")
    TWICE = "twice", gettext_lazy("The address stands further up in the file.")
    THERE = "there", gettext_lazy("The person is on the list already. Nothing changes.")
    WAITING = "waiting", gettext_lazy("The person asked for this list and has yet to confirm it: their answer counts.")
    LEFT = "left", gettext_lazy("The person left this list. No import brings anybody back.")
    SUPPRESSED = "suppressed", gettext_lazy("The address is on the suppression list.")


class LeftOut(Exception):
    """One line is not imported; `code` says why, and in which column where that matters."""

    def __init__(self, code: Code, column: str = "") -> None:
        super().__init__(code)
        self.code = f"{code.value}:{column}" if column else code.value


def sentence(code: str) -> str:
    """What to show for a code of a report."""
    name, _colon, column = code.partition(":")
    said = str(Code(name).label)
    return _("%(column)s: %(sentence)s") % {"column": column, "sentence": said} if column else said
