"""Which cookies that an answer of this site would set has nobody permitted?"""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http.cookies import Morsel, SimpleCookie

from consent import cleaning
from consent.catalogue import Published
from consent.decide import Choice


def refused(cookies: SimpleCookie, published: Published, choice: Choice, *, now: datetime) -> list[str]:
    """Names of those that are neither essential nor consented to. What deletes a cookie always passes."""
    return [
        key for key, line in cookies.items() if not _deletes(line, now) and not _permitted(line.key, published, choice)
    ]


def _permitted(name: str, published: Published, choice: Choice) -> bool:
    if name in cleaning.own_names():
        return True
    known = [(group, row) for group in published.groups for row in cleaning.own(group) if cleaning.covers(row, name)]
    return any(cleaning.permitted(group, row, choice) for group, row in known)


def _deletes(line: "Morsel[str]", now: datetime) -> bool:
    if str(line["max-age"]) == "0":
        return True
    if not line["expires"]:
        return False
    try:
        return parsedate_to_datetime(line["expires"].replace("-", " ")) <= now
    except (TypeError, ValueError):
        return False
