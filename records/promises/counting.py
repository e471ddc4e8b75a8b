"""How many, in words that single nobody out?"""

from django.utils.translation import gettext as _

FEWEST = 5  # a smaller number could be about somebody


def counted(number: int) -> str:
    """In the language that is active. Nothing, or "fewer than 5", or the number."""
    if not number:
        return _("none")
    return _("fewer than %(number)d") % {"number": FEWEST} if number < FEWEST else str(number)
