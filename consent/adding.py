"""What does choosing a well-known service put into the draft: its vendor, its group, its cookies and itself?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from consent import presets, usual_groups, wording
from consent.models import CookieDetail, GroupDetail, Service
from consent.presets import Preset
from records.models import Controller, Recipient
from records.registry import Purpose

_ORIGINS = ("script", "connect", "img", "frame", "style", "font")
_SAME = ("name", "account", "script_url", "integrity", "module", "gpc", "policy_url", "safeguard", "responsible")
_LISTS = ("data", "embeds", "consent_mode", "countries")


class AlreadyThere(Exception):
    """The draft has the service; nothing was changed."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.key)
        self.service = service


@dataclass(frozen=True)
class Added:
    service: Service
    cookies: list[Cookie] = field(default_factory=list)
    new_group: CookieGroup | None = None
    new_vendor: Recipient | None = None

    @property
    def account(self) -> str:
        """What the number that is still missing looks like; empty for a service that needs none."""
        return presets.find(self.service.preset).account


def there() -> dict[str, Service]:
    """The services of the draft that stand in for a well-known one, by its key."""
    known = {shipped.key for shipped in presets.load()}
    rows = Service.objects.filter(Q(key__in=known) | Q(preset__in=known)).order_by("pk")
    return {service.preset or service.key: service for service in rows}


def add(shipped: Preset) -> Added:
    """Writes a well-known service into the draft, all or nothing. Raises AlreadyThere."""
    try:
        with transaction.atomic():
            return _add(shipped)
    except IntegrityError:  # somebody else added it at this moment
        raise AlreadyThere(Service.objects.get(_stands_in(shipped))) from None


def _stands_in(shipped: Preset) -> Q:
    return Q(key=shipped.key) | Q(preset=shipped.key)


def _add(shipped: Preset) -> Added:
    service = Service.objects.filter(_stands_in(shipped)).first()
    if service:
        raise AlreadyThere(service)
    vendor, new_vendor = _vendor(shipped.vendor)
    group, new_group = _group(shipped.group)
    service = Service.objects.create(key=shipped.key, vendor=vendor, group=group, preset=shipped.key, **facts(shipped))
    cookies = [_cookie(cookie, service) for cookie in shipped.cookies]
    return Added(
        service,
        [cookie for cookie in cookies if cookie],
        group if new_group else None,
        vendor if new_vendor else None,
    )


def facts(shipped: Preset) -> dict[str, Any]:
    """The fields of a service as they ship. The number with the vendor is the editor's to give."""
    own, others = in_languages(shipped.texts)
    return {
        **{name: getattr(shipped, name) for name in _SAME},
        **{name: list(getattr(shipped, name)) for name in _LISTS},
        **{f"{kind}_origins": list(getattr(shipped.origins, kind)) for kind in _ORIGINS},
        "account": "",
        "purposes": [Purpose[name.upper()].value for name in shipped.purposes],
        "description": own,
        "texts": {language: {"description": text} for language, text in others.items()},
    }


def in_languages(texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text in the site's own language (else in English), and in the other ones of its content that it ships in."""
    own, *others = wording.languages()
    return texts.get(own, texts["en"]), {language: texts[language] for language in others if language in texts}


def _vendor(shipped: presets.Vendor) -> tuple[Recipient, bool]:
    if shipped == presets.THIS_SITE:
        return _owner()
    values = {name: getattr(shipped, name) for name in ("address", "country", "url", "policy_url")}
    return Recipient.objects.get_or_create(name=shipped.name, defaults=values)


def _owner() -> tuple[Recipient, bool]:
    """Of what the site runs by itself."""
    owner = Controller.objects.filter(site__is_default_site=True).exclude(name="").first()
    values = {"address": owner.address if owner else "", "url": settings.SITE_URL}
    return Recipient.objects.get_or_create(name=owner.name if owner else settings.WAGTAIL_SITE_NAME, defaults=values)


def _group(key: str) -> tuple[CookieGroup, bool]:
    """The usual group of this key, made after those that are there. One that an editor has made stays as it is."""
    usual = usual_groups.GROUPS[key]
    texts = {}
    for language in wording.languages():
        with translation.override(language):
            texts[language] = {"name": str(usual.name), "description": str(usual.description)}
    own = texts.pop(wording.languages()[0])
    values = own | {"is_required": usual.required, "is_deletable": not usual.required}
    place = {"ordering": CookieGroup.objects.count()}
    group, new = CookieGroup.objects.get_or_create(varname=key, defaults=values | place)
    if new:
        GroupDetail.objects.create(group=group, basis=usual.basis, texts=texts)
    return group, new


def _cookie(shipped: presets.Cookie, service: Service) -> Cookie | None:
    """None where the group tells of that cookie already."""
    own, others = in_languages(shipped.texts)
    values = {"cookiegroup": service.group, "name": shipped.name, "domain": shipped.domain}
    cookie, new = Cookie.objects.get_or_create(**values, defaults={"description": own, "path": "/"})
    if not new:
        return None
    CookieDetail.objects.create(
        cookie=cookie,
        service=service,
        lifetime=shipped.lifetime,
        party=shipped.party,
        match=shipped.match,
        storage=shipped.kind,
        texts={language: {"description": text} for language, text in others.items()},
    )
    return cookie


def differing(service: Service, shipped: Preset) -> list[str]:
    """Labels of what the service says otherwise than what ships now; its own words and its number are the editor's."""
    theirs = {"name", "account", "description", "texts"}
    differ = [name for name, value in facts(shipped).items() if name not in theirs and _differs(service, name, value)]
    labels = {field.name: field.verbose_name for field in Service._meta.fields}
    return [str(labels[name]) for name in differ]


def _differs(service: Service, name: str, shipped: Any) -> bool:
    said = getattr(service, name)
    if isinstance(shipped, list):
        return sorted(said) != sorted(shipped)
    return bool(str(said).replace("\r\n", "\n").strip() != str(shipped))


def add_several(keys: Iterable[str], *, own_cookie: str, lifetime: str) -> list[Added]:
    """Writes these well-known services into the draft, all or nothing, and before them the cookie that remembers a
    visitor's choice. Returns what was added, without what was there. Raises NoSuchPreset."""
    shipped = [presets.find(key) for key in dict.fromkeys(keys)]
    with transaction.atomic():
        _own_cookie(own_cookie, lifetime)
        present = there()
        return [_add(each) for each in shipped if each.key not in present]


def _own_cookie(name: str, lifetime: str) -> None:
    """In the group that nobody can refuse, unless some group tells of it already."""
    if Cookie.objects.filter(name=name).exists():
        return
    group, _new = _group("essential")
    texts = {}
    for language in wording.languages():
        with translation.override(language):
            texts[language] = {"description": gettext("Remembers what you allow and refuse here.")}
    own = texts.pop(wording.languages()[0])["description"]
    cookie = Cookie.objects.create(cookiegroup=group, name=name, description=own, path="/")
    CookieDetail.objects.create(cookie=cookie, lifetime=lifetime, texts=texts)
