"""What in the draft should an editor look at before publishing it?"""

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from wagtail.models import Site

from consent import draft, facts, origins
from consent.catalogue import Content
from consent.models import Service
from consent.vocabulary import GoogleTags
from policies.states import language_name
from records.registry import Basis


def of(content: Content, site: Site) -> list[str]:
    """Sentences; nothing of it keeps anybody from publishing."""
    found = [*_without_number(site), *_of_banner(content)]
    for group in content["groups"]:
        found += _of_group(group, content["languages"])
        for service in group["services"]:
            found += _of_service(service)
        found += [
            _("Nobody has said how long the cookie %(name)s is kept.") % {"name": cookie["name"]}
            for cookie in group["cookies"]
            if not facts.kept(cookie)
        ]
    return found


def _without_number(site: Site) -> Iterator[str]:
    """Services whose script needs a number with the vendor that nobody has given."""
    services = Service.objects.filter(group__in=draft.groups(site), account="").order_by("name")
    for service in services:
        if service_needs_account(service):
            sentence = _("%(service)s has no number with its vendor yet, so its script will not work.")
            yield sentence % {"service": service}


def service_needs_account(service: Service) -> bool:
    addresses = [origin for kind in origins.KINDS for origin in getattr(service, f"{kind}_origins")]
    return "{account}" in " ".join([service.script_url, service.module, *addresses])


def _of_group(group: Content, languages: list[str]) -> Iterator[str]:
    words = {"group": facts.name(group)}
    own, *others = languages
    if not group["texts"][own]["description"]:
        yield _("The group %(group)s does not say what it is for.") % words
    same = [language_name(language) for language in others if group["texts"][language] == group["texts"][own]]
    if group["texts"][own]["description"] and same:
        yield _("The group %(group)s is not translated: %(language)s.") % (words | {"language": ", ".join(same)})
    if group["required"] and group["basis"] == Basis.CONSENT:
        yield (
            _("The group %(group)s cannot be refused, so it does not rest on consent: choose its legal basis.") % words
        )


def _of_service(service: Content) -> Iterator[str]:
    words = {"service": service["name"]}
    if service["script_url"] and not origins.allowed(service["script_url"], service["origins"]["script"]):
        words["host"] = urlsplit(service["script_url"]).netloc
        yield (
            _(
                "The script of %(service)s lies at %(host)s, which is not among the addresses that its scripts may "
                "come from: browsers will refuse it."
            )
            % words
        )
    if not service["purposes"]:
        yield _("%(service)s does not say for which purposes it is used.") % words
    if not service["data"]:
        yield _("%(service)s does not say what it learns.") % words


_PAIRS = (("accept", "refuse", "choose"), ("accept_all", "refuse_all", "save"))


def _of_banner(content: Content) -> Iterator[str]:
    """Words that push people towards one button, and Google contacted without anybody's choice."""
    if content["banner"]["google"] == GoogleTags.ADVANCED:
        yield _(
            "Google is contacted before anybody chooses, and by the browsers of people who refuse as well: its tags "
            "load at once and are told “denied” (advanced Consent Mode)."
        )
    for language in content["languages"]:
        words = content["banner"]["words"][language]
        for accept, refuse, choose in _PAIRS:
            yield from _of_buttons(words[accept], words[refuse], words[choose], language_name(language))


def _of_buttons(accept: str, refuse: str, choose: str, language: str) -> Iterator[str]:
    words = {"accept": accept, "refuse": refuse, "choose": choose, "language": language}
    shorter, longer = sorted((len(accept), len(refuse)))
    if longer > 2 * shorter:
        sentence = _(
            "“%(accept)s” and “%(refuse)s” differ much in length (%(language)s): people take the one that is easier "
            "to see."
        )
        yield sentence % words
    if _letters(refuse) == _letters(choose):
        yield _("“%(refuse)s” reads like “%(choose)s” (%(language)s): nobody can tell which of them refuses.") % words
    if any(sign in "!！¡" or unicodedata.category(sign) == "So" for sign in accept):
        yield _("“%(accept)s” has an exclamation mark or a picture (%(language)s), which pushes people.") % words


def _letters(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())
