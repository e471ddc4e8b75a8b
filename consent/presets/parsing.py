"""What do the files of a folder say about services and their vendors, and is it complete and coherent?"""

import re
import tomllib
from pathlib import Path
from types import MappingProxyType

from consent.presets import preset
from consent.presets.preset import Cookie, Origins, Preset, Vendor
from consent.presets.table import ANYTHING, Table
from records import periods

SLUG = r"(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*"
ADDRESS = r"https://[^\s\"'<>]+"
COUNTRY = r"[A-Z]{2}"
DOMAIN = r"\.?(?:[a-z0-9-]+\.)+[a-z]{2,}"
HOST = r"(?:[a-z0-9-]+\.)+[a-z]{2,}"
ORIGIN = rf"https://(?:\{{account\}}|(?:\*\.|\{{account\}}\.)?{HOST})"
ORIGIN_OR_SOCKET = ORIGIN.replace("https", "(?:https|wss)", 1)
INTEGRITY = r"sha(?:256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}"
MOMENT = r"PT[1-9][0-9]{0,2}[MH]"
ACCOUNT = "{account}"
NUMBER = r"[\w.:/-]{1,100}"  # nothing that could end a string in a module or an address
# A module runs under a policy without 'unsafe-eval', and builds elements instead of writing markup.
NEVER_IN_A_MODULE = ("eval", "innerHTML", "outerHTML", "document.write", "new Function", "insertAdjacentHTML")


def read(folder: Path) -> tuple[Preset, ...]:
    """Every service of `folder`, by category and name. Raises ValueError naming the file and the field."""
    vendors = read_vendors(folder / "vendors.toml")
    services = [_service(file, vendors) for file in sorted((folder / "known").glob("*.toml"))]
    return tuple(sorted(services, key=lambda service: (service.category, service.name.casefold())))


def read_vendors(file: Path) -> dict[str, Vendor]:
    vendors = _toml(file)
    whole = Table(vendors, file.name)
    return {key: _vendor(key, whole.table(key)) for key in vendors}


def _toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"{file.name}: {problem}") from problem


def _vendor(key: str, table: Table) -> Vendor:
    if not re.fullmatch(SLUG, key):
        raise table.wrong("key", f"{key!r} is not of the form {SLUG}.")
    vendor = Vendor(
        key=key,
        name=table.text("name"),
        address=table.text("address"),
        country=table.text("country", COUNTRY),
        url=table.text("url", ADDRESS),
        policy_url=table.text("policy_url", ADDRESS),
    )
    table.close()
    return vendor


def _service(file: Path, vendors: dict[str, Vendor]) -> Preset:
    table = Table(_toml(file), file.name)
    vendor = {**vendors, preset.THIS_SITE.key: preset.THIS_SITE}[
        table.one_of("vendor", [*vendors, preset.THIS_SITE.key])
    ]
    service = Preset(
        key=table.text("key", SLUG),
        name=table.text("name"),
        category=table.one_of("category", preset.CATEGORIES),
        group=table.one_of("group", preset.GROUPS),
        vendor=vendor,
        purposes=table.some_of("purposes", preset.PURPOSES),
        data=table.some_of("data", preset.DATA),
        account=table.text("account", NUMBER, default=""),
        script_url=table.text("script_url", ADDRESS, default=""),
        integrity=table.text("integrity", INTEGRITY, default=""),
        module=table.text("module", r".*\S.*", default="").strip(),
        embeds=table.texts("embeds", HOST, default=[]),
        consent_mode=table.some_of("consent_mode", preset.CONSENT_MODE, default=[]),
        gpc=table.flag("gpc"),
        policy_url=table.text("policy_url", ADDRESS, default="" if vendor == preset.THIS_SITE else None),
        countries=table.texts("countries", COUNTRY),
        safeguard=table.one_of("safeguard", preset.SAFEGUARDS),
        responsible=table.one_of("responsible", preset.RESPONSIBLE),
        checked_on=table.day("checked_on"),
        sources=table.texts("sources", ADDRESS),
        origins=_origins(table.table("origins")),
        texts=_descriptions(table.table("texts")),
        cookies=tuple(_cookie(cookie) for cookie in table.tables("cookies")),
    )
    table.close()
    _coherent(file, service, table)
    return service


def _origins(table: Table) -> Origins:
    lists = {name: table.texts(name, ORIGIN, default=[]) for name in ("script", "img", "frame", "style", "font")}
    origins = Origins(connect=table.texts("connect", ORIGIN_OR_SOCKET, default=[]), **lists)
    table.close()
    return origins


def _descriptions(table: Table) -> MappingProxyType[str, str]:
    texts = {}
    for language in preset.LANGUAGES:
        inner = table.table(language)
        texts[language] = inner.text("description")
        inner.close()
    table.close()
    return MappingProxyType(texts)


def _cookie(table: Table) -> Cookie:
    cookie = Cookie(
        name=table.text("name"),
        match=table.one_of("match", preset.MATCHES),
        kind=table.one_of("kind", preset.KINDS),
        domain=table.text("domain", rf"(?:{DOMAIN})?"),
        party=table.one_of("party", preset.PARTIES),
        lifetime=table.text("lifetime"),
        texts=MappingProxyType({language: table.text(language, ANYTHING) for language in preset.LANGUAGES}),
    )
    table.close()
    _possible(cookie, table)
    return cookie


def _possible(cookie: Cookie, table: Table) -> None:
    if not _is_lifetime(cookie):
        raise table.wrong("lifetime", f"{cookie.lifetime!r} is none: write P7D, P2W, P6M, P1Y, PT30M or session.")
    if (cookie.party == "first") != (cookie.domain == ""):
        raise table.wrong("domain", "a first party's is empty, a third party's is not.")
    if cookie.match == "regex":
        try:
            re.compile(cookie.name)
        except re.error as problem:
            raise table.wrong("name", f"{cookie.name!r} is no regular expression: {problem}.") from problem


def _is_lifetime(cookie: Cookie) -> bool:
    if cookie.lifetime == preset.UNLIMITED:
        return cookie.kind == "local"
    if cookie.lifetime == preset.SESSION or cookie.kind == "session":
        return cookie.lifetime == preset.SESSION and cookie.kind != "local"
    if re.fullmatch(MOMENT, cookie.lifetime):
        return True
    try:
        return bool(periods.parse(cookie.lifetime))
    except ValueError:
        return False


def _coherent(file: Path, service: Preset, table: Table) -> None:
    """What no field can be wrong about alone."""
    if service.key != file.stem:
        raise table.wrong("key", f"{service.key!r} is not the name of the file.")
    if bool(service.account) != uses_account(service):
        raise table.wrong("account", f"it is given if, and only if, {ACCOUNT} stands somewhere.")
    if service.integrity and not service.script_url:
        raise table.wrong("integrity", "there is no script that it could be the hash of.")
    if not service.countries and service.safeguard != "none-needed":
        raise table.wrong("countries", "data that goes nowhere needs no safeguard.")
    for field in ("purposes", "data", "sources"):
        if not getattr(service, field):
            raise table.wrong(field, "it is empty.")
    if not service.is_own and not any(vars(service.origins).values()):
        raise table.wrong("origins", "it is empty.")
    if service.is_own and (any(vars(service.origins).values()) or service.embeds):
        raise table.wrong("origins", "what the site runs by itself loads nothing from others.")
    _loadable(service, table)


def _loadable(service: Preset, table: Table) -> None:
    """A browser that obeys the origins can load the script, and the module is one that it would run."""
    if service.script_url and not _covered(service):
        raise table.wrong("script_url", "its origin is not among those of scripts.")
    for word in NEVER_IN_A_MODULE:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", service.module):
            raise table.wrong("module", f"{word} has no place in it.")


def _covered(service: Preset) -> bool:
    origin = re.match(r"https://[^/?#]+", service.script_url.replace(ACCOUNT, service.account))
    allowed = [entry.replace(ACCOUNT, service.account) for entry in service.origins.script]
    return origin is not None and any(_matches(origin[0], entry) for entry in allowed)


def _matches(origin: str, entry: str) -> bool:
    """As a browser reads a host source: a wildcard stands for one label or more, anything else for itself."""
    return origin.endswith(entry.removeprefix("https://*"))


def uses_account(service: Preset) -> bool:
    origins = [origin for entries in vars(service.origins).values() for origin in entries]
    return any(ACCOUNT in text for text in (service.script_url, service.module, *origins))
