"""What in the draft should an editor look at before publishing it?"""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _
from wagtail.models import Site

from consent import draft, facts
from consent.catalogue import Content
from consent.models import Service
from policies.states import language_name
from records.registry import Basis


def of(content: Content, site: Site) -> list[str]:
    """Sentences; nothing of it keeps anybody from publishing."""
    found = [*_without_number(site)]
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
    kinds = ("script", "connect", "img", "frame", "style", "font")
    origins = [origin for kind in kinds for origin in getattr(service, f"{kind}_origins")]
    return "{account}" in " ".join([service.script_url, service.module, *origins])


def _of_group(group: Content, languages: list[str]) -> Iterator[str]:
    words = {"group": facts.name(group)}
    own, *others = languages
    if not group["texts"][own]["description"]:
        yield _("The group %(group)s does not say what it is for.") % words
    for language in others:
        if group["texts"][own]["description"] and group["texts"][language] == group["texts"][own]:
            sentence = _("The group %(group)s is not translated: %(language)s.")
            yield sentence % (words | {"language": language_name(language)})
    if group["required"] and group["basis"] == Basis.CONSENT:
        yield (
            _("The group %(group)s cannot be refused, so it does not rest on consent: choose its legal basis.") % words
        )


def _of_service(service: Content) -> Iterator[str]:
    words = {"service": service["name"]}
    if service["script_url"] and not allowed(service["script_url"], service["origins"]["script"]):
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


def allowed(address: str, origins: list[str]) -> bool:
    """As a browser reads a Content-Security-Policy: a wildcard stands for one label or more."""
    asked = urlsplit(address)
    return any(_covers(urlsplit(origin), asked) for origin in origins)


def _covers(origin: SplitResult, asked: SplitResult) -> bool:
    if origin.scheme != asked.scheme:
        return False
    host = origin.netloc
    return asked.netloc.endswith(host[1:]) if host.startswith("*.") else asked.netloc == host
