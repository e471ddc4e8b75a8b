"""What would be published now: every group with its services and cookies, as the CMS has them, in all languages."""

from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.db.models import Q
from wagtail.models import Site

from consent import wording
from consent.models import Banner, CookieDetail, GroupDetail, Service
from records.models import Controller, Recipient

FORMAT = 2
Content = dict[str, Any]
_ORIGINS = ("script", "connect", "img", "frame", "style", "font")


def content(site: Site) -> Content:
    """All that is shown and enforced on `site`, as plain JSON. Numbers, bits and what asks again are added when it is
    published."""
    return {
        "format": FORMAT,
        "host": site.hostname,
        "controller": _controller(site),
        "languages": wording.languages(),
        "banner": _banner(site),
        "groups": [_group(group) for group in groups(site)],
    }


def groups(site: Site) -> list[CookieGroup]:
    """Those of `site`, the ones that cannot be refused first."""
    here = Q(detail=None) | Q(detail__sites=None) | Q(detail__sites=site)
    found = CookieGroup.objects.filter(here).select_related("detail").distinct()
    cookies = found.prefetch_related("services__vendor", "cookie_set__detail__service")
    return list(cookies.order_by("-is_required", "ordering", "varname"))


def _controller(site: Site) -> dict[str, str]:
    owner = Controller.objects.filter(site=site).first() or Controller()
    return {name: getattr(owner, name) for name in ("name", "address", "phone", "email")}


def _banner(site: Site) -> Content:
    banner = Banner.objects.filter(site=site).first() or Banner(site=site)
    return {"layout": "bar", "words": banner.words(), "google": banner.consent_mode}


def _texts(own: dict[str, str], translations: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """By language; what is not translated says the site's own words."""
    here, *others = wording.languages()
    said = {language: translations.get(language) or {} for language in others}
    return {here: own} | {
        language: {name: words.get(name) or text for name, text in own.items()} for language, words in said.items()
    }


def _group(group: CookieGroup) -> Content:
    detail = getattr(group, "detail", None) or GroupDetail(group=group)
    own = {"name": group.name, "description": group.description}
    services = sorted(group.services.all(), key=lambda service: service.key)
    return {
        "key": group.varname,
        "required": group.is_required,
        "basis": detail.basis,
        "purposes": sorted(set(detail.purposes).union(*(service.purposes for service in services))),
        "gpc": not group.is_required and any(service.gpc for service in services),
        "texts": _texts(own, detail.texts),
        "services": [_service(service) for service in services],
        "cookies": [_cookie(cookie) for cookie in sorted(group.cookie_set.all(), key=lambda c: (c.name, c.domain))],
    }


def _service(service: Service) -> Content:
    plain = ("key", "name", "integrity", "policy_url", "safeguard", "responsible", "gpc")
    lists = ("purposes", "data", "embeds", "consent_mode", "countries")
    return {
        **{name: getattr(service, name) for name in plain},
        **{name: sorted(getattr(service, name)) for name in lists},
        "vendor": _vendor(service.vendor),
        "script_url": _filled(service.script_url, service),
        "module": _filled(service.module.replace("\r\n", "\n"), service),
        "origins": {
            kind: sorted(_filled(address, service) for address in getattr(service, f"{kind}_origins"))
            for kind in _ORIGINS
        },
        "texts": _texts({"description": service.description}, service.texts),
    }


def _filled(text: str, service: Service) -> str:
    return text.replace("{account}", service.account)


def _vendor(vendor: Recipient) -> dict[str, str]:
    return {name: getattr(vendor, name) for name in ("name", "address", "country", "url", "policy_url")}


def _cookie(cookie: Cookie) -> Content:
    detail = getattr(cookie, "detail", None) or CookieDetail(cookie=cookie)
    return {
        "name": cookie.name,
        "domain": cookie.domain,
        "path": cookie.path,
        "match": detail.match,
        "storage": detail.storage,
        "party": detail.party,
        "lifetime": detail.lifetime,
        "service": detail.service.key if detail.service else "",
        "texts": _texts({"description": cookie.description}, detail.texts),
    }
