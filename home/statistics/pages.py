"""Which page stands at an address of the action log, and what does the address of a policy show?"""

import re
from collections.abc import Iterable

from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from policies.models import PolicyPage

_SHOWS = re.compile(r"(?:v/(?P<number>\d+)/|compare/(?P<old>\d+)-(?P<new>\d+)/|(?P<name>history|upcoming)/)?")


def titles(paths: Iterable[str]) -> dict[str, str]:
    """By path: the titles of live pages; what else the site answers has none."""
    wanted = set(paths)
    roots = {path.root_path for path in Site.get_site_root_paths()}
    found = {}
    for page in Page.objects.filter(url_path__in={root + _below(path) for root in roots for path in wanted}).live():
        parts = page.get_url_parts()
        if parts and parts[2] in wanted:
            found[parts[2]] = page.title
    return found


def _below(path: str) -> str:
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}").lstrip("/") if language else path.lstrip("/")


def policy_paths(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Those of `paths` that belong to a policy, each with what it shows."""
    policies = {}
    for page in PolicyPage.objects.live():
        parts = page.get_url_parts()
        if parts and parts[2]:
            policies[parts[2]] = page.title
    found = []
    for path in paths:
        for base, title in policies.items():
            if path.startswith(base) and (match := _SHOWS.fullmatch(path.removeprefix(base))):
                found.append((path, f"{title}: {_shown(match.groupdict())}"))
    return found


def _shown(parts: dict[str, str]) -> str:
    if parts["number"]:
        return _("version %(number)s") % parts
    if parts["old"]:
        return _("what changed from version %(old)s to %(new)s") % parts
    names = {"history": _("all versions"), "upcoming": _("versions to come")}
    return names.get(parts["name"], _("the version in force"))
