"""The services that ship with the site are complete, coherent and found; a file that is not is refused by name."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from consent import presets
from consent.presets import Origins, Preset, parsing, preset
from records import periods

SERVICES = presets.load()
COUNTRIES = {str(code) for code in Locale("en").territories if len(str(code)) == 2}
# https://www.efta.int/eea: the European Economic Area, where no safeguard for a transfer is needed.
EEA = set(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK"))
GOOD = (presets.FOLDER / "known" / "plausible.toml").read_text(encoding="utf-8")
COOKIE = """
[[cookies]]
name = "seen"
match = "exact"
kind = "cookie"
domain = ""
party = "first"
lifetime = "P1Y"
en = "Tells visitors apart."
ru = "Отличает посетителей друг от друга."
"""
every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.key)


def test_there_are_more_than_forty_of_every_category() -> None:
    assert len(SERVICES) > 60
    assert {service.category for service in SERVICES} == set(preset.CATEGORIES)


def test_they_come_by_category_and_name() -> None:
    order = [(service.category, service.name.casefold()) for service in SERVICES]
    assert order == sorted(order)


def test_each_is_found_by_the_name_of_its_file() -> None:
    files = {file.stem for file in (presets.FOLDER / "known").iterdir()}
    assert {service.key for service in SERVICES} == files
    assert all(presets.find(service.key) is service for service in SERVICES)


def test_a_key_that_none_has_is_refused() -> None:
    with pytest.raises(presets.NoSuchPreset, match="visit-count"):
        presets.find("visit-count")


def test_the_files_are_read_once() -> None:
    assert presets.load() is SERVICES


def test_every_vendor_answers_for_a_service() -> None:
    vendors = parsing.read_vendors(presets.FOLDER / "vendors.toml")
    assert {service.vendor.key for service in SERVICES if not service.is_own} == set(vendors)
    assert {vendor.country for vendor in vendors.values()} <= COUNTRIES


def test_no_two_cover_the_same_embeds() -> None:
    hosts = [host for service in SERVICES for host in service.embeds]
    assert len(hosts) == len(set(hosts))


@every_service
def test_it_says_where_its_facts_come_from(service: Preset) -> None:
    assert service.sources
    assert all(source.startswith("https://") for source in service.sources)


@every_service
def test_it_is_described_in_both_languages(service: Preset) -> None:
    assert re.search("[а-я]{4}", service.texts["ru"])
    assert not re.search("[а-яё]", service.texts["en"])
    assert all(30 < len(text) < 260 and text.endswith(".") for text in service.texts.values())


@every_service
def test_it_has_origins_and_loads_something_from_them(service: Preset) -> None:
    origins = [origin for field in fields(Origins) for origin in getattr(service.origins, field.name)]
    assert bool(origins) != service.is_own
    assert service.is_own or service.script_url or service.module or service.embeds
    if service.embeds:
        assert service.origins.frame


@every_service
def test_its_account_is_used_if_and_only_if_it_has_one(service: Preset) -> None:
    used = parsing.ACCOUNT in " ".join([service.script_url, service.module, *map(str, vars(service.origins).values())])
    assert used == bool(service.account)


@every_service
def test_its_module_runs_under_a_strict_policy(service: Preset) -> None:
    words = re.findall(r"eval|innerHTML|document\.write|new Function|javascript:|data:|http:", service.module)
    assert not words
    loaded = re.findall(r"https://[\w.-]+/[\w.-]+\.js\b", service.module)
    assert all(any(address.startswith(f"{origin}/") for origin in service.origins.script) for address in loaded)


@every_service
def test_it_names_its_cookies_or_says_that_it_has_none(service: Preset) -> None:
    file = (presets.FOLDER / "known" / f"{service.key}.toml").read_text(encoding="utf-8")
    assert "cookies" in tomllib.loads(file)
    assert bool(service.cookies) <= ("cookies" in service.data)


@every_service
def test_each_cookie_has_an_end_and_a_purpose(service: Preset) -> None:
    for cookie in service.cookies:
        ends = {preset.SESSION, preset.UNLIMITED}
        assert cookie.lifetime in ends or cookie.lifetime.startswith("PT") or periods.parse(cookie.lifetime)
        assert re.search("[а-я]{4}", cookie.texts["ru"])
        assert not re.search("[а-яё]", cookie.texts["en"])


@every_service
def test_no_two_of_its_cookies_would_be_one_row(service: Preset) -> None:
    """The table of cookies knows each name and domain once."""
    rows = [(cookie.name, cookie.domain) for cookie in service.cookies]
    assert len(rows) == len(set(rows))


@every_service
def test_the_safeguard_follows_from_the_countries(service: Preset) -> None:
    assert set(service.countries) <= COUNTRIES
    assert (service.safeguard == "none-needed") == (set(service.countries) <= EEA)


@every_service
def test_advertising_obeys_a_global_privacy_control_signal(service: Preset) -> None:
    if {"advertising", "targeting"} & set(service.purposes):
        assert service.gpc or service.responsible == "processor"


def folder(tmp_path: Path, text: str, *, name: str = "plausible", vendors: str | None = None) -> Path:
    """A folder of presets with one service in it."""
    shipped = (presets.FOLDER / "vendors.toml").read_text(encoding="utf-8")
    (tmp_path / "known").mkdir()
    (tmp_path / "known" / f"{name}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "vendors.toml").write_text(shipped if vendors is None else vendors, encoding="utf-8")
    return tmp_path


def changed(line: str, instead: str) -> str:
    """The good file with the one line that starts so replaced."""
    text, count = re.subn(rf"^{re.escape(line)}.*$", lambda _found: instead, GOOD, flags=re.MULTILINE)
    assert count == 1
    return text


def with_cookie(line: str, instead: str) -> str:
    assert line in COOKIE
    return GOOD.replace("cookies = []\n", "") + COOKIE.replace(line, instead)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    [service] = parsing.read(folder(tmp_path, with_cookie("seen", "seen")))
    assert service.vendor.name == "Plausible Insights OÜ"
    assert [cookie.name for cookie in service.cookies] == ["seen"]


BAD: list[Any] = [
    ("key", changed("key", 'key = "Plausible"')),
    ("key", changed("key", 'key = "another-name"')),
    ("colour", changed("gpc", 'gpc = false\ncolour = "red"')),
    ("name", changed("name", "")),
    ("name", changed("name", 'name = " "')),
    ("category", changed("category", 'category = "statistics"')),
    ("group", changed("group", 'group = "functional"')),
    ("vendor", changed("vendor", 'vendor = "nobody"')),
    ("purposes", changed("purposes", "purposes = []")),
    ("purposes", changed("purposes", 'purposes = ["profit"]')),
    ("purposes", changed("purposes", 'purposes = ["service", "service"]')),
    ("purposes", changed("purposes", 'purposes = "service"')),
    ("data", GOOD.replace('"browser"', '"thoughts"')),
    ("account", changed("account", "")),
    ("account", changed("account", "account = 'pa\"); alert(\"'")),
    ("account", changed("script_url", 'script_url = "https://plausible.io/js/script.js"')),
    ("script_url", changed("script_url", 'script_url = "http://plausible.io/js/{account}.js"')),
    ("script_url", changed("script_url", 'script_url = "https://elsewhere.example/{account}.js"')),
    ("integrity", changed("gpc", 'gpc = false\nintegrity = "sha1-AAAA"')),
    ("integrity", changed("script_url", f'integrity = "sha256-{"A" * 43}="').replace("init()", 'init("{account}")')),
    ("module", GOOD.replace("plausible.init();", 'eval("plausible.init()");')),
    ("module", GOOD.replace("plausible.init();", 'document.body.innerHTML = "";')),
    ("embeds", changed("gpc", 'gpc = false\nembeds = ["https://plausible.io/"]')),
    ("consent_mode", changed("gpc", 'gpc = false\nconsent_mode = ["ads"]')),
    ("gpc", changed("gpc", 'gpc = "no"')),
    ("policy_url", changed("policy_url", 'policy_url = "plausible.io/privacy"')),
    ("countries", changed("countries", 'countries = ["Estonia"]')),
    ("countries", changed("countries", "countries = 1")),
    ("countries", changed("countries", "countries = []").replace("none-needed", "clauses")),
    ("safeguard", changed("safeguard", 'safeguard = "trust"')),
    ("responsible", changed("responsible", 'responsible = "nobody"')),
    ("checked_on", changed("checked_on", 'checked_on = "2026-11-22"')),
    ("checked_on", changed("checked_on", "checked_on = 2026-11-22T10:00:00Z")),
    ("sources", re.sub(r"sources = \[[^]]*]", "sources = []", GOOD)),
    ("sources", re.sub(r"sources = \[[^]]*]", "", GOOD)),
    ("origins", re.sub(r"(?m)^(script|connect|script_url|account) = .*\n", "", GOOD)),
    ("origins", changed("vendor", 'vendor = "this-site"')),
    ("policy_url", changed("policy_url", "")),
    ("origins: script", changed("script =", 'script = ["https://plausible.io/js"]')),
    ("origins: script", changed("script =", 'script = ["*"]')),
    ("origins: script", changed("script =", 'script = ["wss://plausible.io"]')),
    ("origins: connect", changed("connect", 'connect = ["http://plausible.io"]')),
    ("origins: media", changed("connect", 'media = ["https://plausible.io"]')),
    ("texts: ru", GOOD.split("[texts.ru]")[0]),
    ("texts: ru: author", GOOD + 'author = "Tolstoy"\n'),
    ("texts: de", GOOD + '\n[texts.de]\ndescription = "Zählt."\n'),
    ("cookies", changed("cookies", "")),
    ("cookies[0]: lifetime", with_cookie('"P1Y"', '"1 year"')),
    ("cookies[0]: lifetime", with_cookie('"P1Y"', '"P1Y6M"')),
    ("cookies[0]: lifetime", with_cookie('"P1Y"', '"PT0M"')),
    ("cookies[0]: lifetime", with_cookie('"P1Y"', '"unlimited"')),
    ("cookies[0]: lifetime", with_cookie('"cookie"', '"session"')),
    ("cookies[0]: match", with_cookie('"exact"', '"contains"')),
    ("cookies[0]: kind", with_cookie('"cookie"', '"file"')),
    ("cookies[0]: domain", with_cookie('domain = ""', 'domain = ".plausible.io"')),
    ("cookies[0]: domain", with_cookie('"first"', '"third"')),
    ("cookies[0]: domain", with_cookie('domain = ""', 'domain = "https://plausible.io"')),
    ("cookies[0]: name", with_cookie('"exact"', '"regex"').replace('"seen"', '"("')),
    ("cookies[0]: ru", with_cookie("ru =", "# ru =")),
    ("cookies[0]: secure", with_cookie("party", "secure = true\nparty")),
]


@pytest.mark.parametrize(("field", "text"), BAD)
def test_a_bad_file_is_refused_with_its_name_and_the_field(field: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"^plausible\.toml: {re.escape(field)}: "):
        parsing.read(folder(tmp_path, text))


def test_a_field_that_is_missing_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^plausible\.toml: gpc: it is missing\.$"):
        parsing.read(folder(tmp_path, changed("gpc", "")))


def test_a_file_that_is_no_toml_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^plausible\.toml: "):
        parsing.read(folder(tmp_path, "key: plausible"))


@pytest.mark.parametrize(
    ("field", "vendors"),
    [
        ("address", '[plausible]\nname = "P"\n'),
        ("country", '[plausible]\nname = "P"\naddress = "A"\ncountry = "Estonia"\n'),
        ("key", '[PLAUSIBLE]\nname = "P"\n'),
        ("phone", (presets.FOLDER / "vendors.toml").read_text(encoding="utf-8") + 'phone = "112"\n'),
        ("plausible", 'plausible = "P"\n'),
    ],
)
def test_a_bad_vendor_is_refused_with_its_field(field: str, vendors: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"^vendors\.toml: (?:\w+: )?{field}: "):
        parsing.read(folder(tmp_path, GOOD, vendors=vendors))
