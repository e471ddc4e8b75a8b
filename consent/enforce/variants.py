"""Which answers may a cache in front keep for others: once for each consent mask, and how many such masks are there?

A cache tells visitors apart by what their cookie says openly, and knows neither keys nor days. So only an answer that
is the same for everybody with these digits is kept: one to somebody without a cookie, or with one that this site signed
and that counts.
"""

from consent.catalogue import Content, Published
from consent.cookie import Standing

_GROUPS = 3  # with more, only whole answers are kept: all, nothing, or none yet


def key(sent: str | None, *, gpc: bool, dnt: bool) -> str:
    """What deploy/nginx.conf keeps an answer by, if it reads a request as this site does: of the cookie that was `sent`
    its configuration and its mask, and the signals. Asked only about no cookie, and one that this site signed."""
    parts = sent.split(".") if sent else []
    mask = f"{parts[1]}.{parts[4]}" if len(parts) > 4 else "odd"
    signals = "+".join(name for name, said in (("gpc", gpc), ("dnt", dnt)) if said)
    return f"{'none' if sent is None else mask} {signals or 'none'}"


def kept(published: Published, standing: Standing) -> bool:
    """Is this one of the few masks whose pages are kept? Of one configuration at most 54: each of three groups allowed
    whole, refused whole or undecided, chosen with a browser's signal or without. Rarer choices the site answers each
    time."""
    whole = [_whole(group, standing) for group in published.choosable]
    if None in whole:
        return False
    return len(whole) <= _GROUPS or len(set(whole)) == 1


def _whole(group: Content, standing: Standing) -> str | None:
    """How a group was answered; None where some of its services were allowed and others not."""
    if group["key"] not in standing.groups:
        return "undecided"
    answers = {standing.groups[group["key"]]}
    answers |= {standing.services[row["key"]] for row in group["services"]}
    if len(answers) > 1:
        return None
    return "allowed" if answers == {True} else "refused"
