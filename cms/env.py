"""Which settings come from the environment, and what is wrong with one that cannot be read?"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_REQUIRED = object()
_SOURCE = re.compile(r"(?:(?:https?|wss?)://(?:\*\.)?[a-z0-9.-]+(?::[0-9]+)?|blob:|data:)")
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _read(name: str, default: object) -> str:
    value = os.environ.get(name, "")
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperlyConfigured(f"{name} is not set. Set it in the environment; .env.example says what it is for.")
    return str(default)


def text(name: str, default: object = _REQUIRED) -> str:
    """A string; an empty variable counts as unset. Raises ImproperlyConfigured when required and unset."""
    return _read(name, default)


def secret(name: str, default: object = _REQUIRED) -> str:
    """A value from NAME or from the file that NAME_FILE names (Docker secrets)."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return _read(name, default)
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {reason}.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE={path} is empty. Write the value into that file.")
    return value


def flag(name: str, default: bool) -> bool:
    value = _read(name, default)
    try:
        return _FLAGS[value.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a flag. Use 'True' or 'False'.") from None


def number(name: str, default: int) -> int:
    value = _read(name, default)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def listing(name: str, default: object = _REQUIRED) -> list[str]:
    """Comma-separated values; blanks are dropped."""
    return [part.strip() for part in _read(name, default).split(",") if part.strip()]


def chosen(known: Mapping[str, object], codes: list[str], *, own: str) -> list[tuple[str, object]]:
    """Django's LANGUAGES: those of SITE_LANGUAGES, in its order. Raises ImproperlyConfigured for one that the site does
    not speak, and where its own, SITE_LANGUAGE, is missing."""
    if unknown := [code for code in codes if code not in known]:
        raise ImproperlyConfigured(
            f"SITE_LANGUAGES names {', '.join(unknown)}: there are {', '.join(known)}. Write them separated by commas."
        )
    if own not in codes:
        raise ImproperlyConfigured(
            f"SITE_LANGUAGE is {own!r}, which is not among SITE_LANGUAGES: {','.join(codes)}. Add it there."
        )
    return [(code, known[code]) for code in dict.fromkeys(codes)]


def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
    value = _read(name, default)
    if value not in known:
        raise ImproperlyConfigured(f"{name}={value!r} is none of: {', '.join(known)}.")
    return value


def sources(name: str) -> dict[str, tuple[str, ...]]:
    """Sources by directive of a Content-Security-Policy: "img-src https://media.example; font-src …"."""
    rules = [rule.split() for rule in _read(name, "").split(";") if rule.strip()]
    for directive, *origins in rules:
        if not (directive.endswith("-src") and origins and all(_SOURCE.fullmatch(origin) for origin in origins)):
            raise ImproperlyConfigured(
                f"{name} has {' '.join([directive, *origins])!r}. Write a directive and origins, such as "
                "'img-src https://media.example', and ';' between directives."
            )
    return {directive: tuple(origins) for directive, *origins in rules}


def rates(name: str, known: tuple[str, ...]) -> dict[str, float]:
    """Numbers a second by name: "all=50,gmail=20"."""
    pairs = [part.partition("=") for part in listing(name, "")]
    found = {key.strip(): value.strip() for key, _sign, value in pairs}
    try:
        numbers = {key: float(value) for key, value in found.items()}
    except ValueError:
        numbers = {}
    if len(numbers) < len(pairs) or not set(numbers) <= set(known) or not all(0 < n < 1e6 for n in numbers.values()):
        raise ImproperlyConfigured(
            f"{name}={_read(name, '')!r} is not a list of rates. Write messages a second, such as all=50,gmail=20; "
            f"the names are {', '.join(known)}."
        )
    return numbers


def mapping(name: str) -> dict[str, object]:
    """A JSON object, from NAME or from the file that NAME_FILE names. The message never repeats it: it has keys."""
    if not os.environ.get(f"{name}_FILE") and not os.environ.get(name):
        return {}
    try:
        value = json.loads(secret(name))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ImproperlyConfigured(f'{name} is not a JSON object. Write {{"NAME": "value"}}.')
    return value


def keys(name: str, *, required: bool = False) -> dict[str, str]:
    """Keys by id, "2026=<64 hexadecimal digits>,2025=…", from NAME or from the file that NAME_FILE names. The message
    never repeats a key."""
    if not required and not os.environ.get(f"{name}_FILE") and not os.environ.get(name):
        return {}
    pairs = [pair.strip().partition("=") for pair in secret(name).replace("\n", ",").split(",") if pair.strip()]
    for key_id, _sign, key in pairs:
        if not re.fullmatch("[a-z0-9-]{1,16}", key_id) or not re.fullmatch("[0-9a-f]{64}", key):
            raise ImproperlyConfigured(
                f"{name} is not a list of keys. Write 2026=<64 hexadecimal digits>, several separated by commas; "
                "an id has up to 16 small letters, digits and hyphens. A key: openssl rand -hex 32"
            )
    if len({key_id for key_id, _sign, _key in pairs}) < len(pairs):
        raise ImproperlyConfigured(f"{name} has one id for two keys. What the first made could not be checked.")
    return {key_id: key for key_id, _sign, key in pairs}


def hexadecimal(name: str) -> str:
    """A key of 64 hexadecimal digits, from NAME or from the file that NAME_FILE names. The message never repeats it."""
    value = secret(name)
    if not re.fullmatch("[0-9a-f]{64}", value):
        raise ImproperlyConfigured(f"{name} is not a key: write 64 hexadecimal digits. A key: openssl rand -hex 32")
    return value


def origin(name: str) -> str:
    """Scheme and host of an address, as links and checks of origin need it: "https://www.example.org"."""
    value = text(name).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not the address of a site. Write https://www.example.org, without a path."
        )
    return value


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a PostgreSQL URL. Raises ImproperlyConfigured for any other engine.

    The message never repeats the URL: it carries the password.
    """
    scheme = url.split("://")[0] if "://" in url else ""
    if scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {scheme!r}: only PostgreSQL is supported. "
            "Write postgresql://user:password@host:5432/name."
        )
    try:
        config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except (dj_database_url.ParseError, ValueError):
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Write postgresql://user:password@host:5432/name, "
            "and a sign in the password that is no letter or digit as %XX."
        ) from None  # the cause repeats what stands between two colons: a part of the password
    if not config.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database: it ends in /name.")
    # One transaction per request: Wagtail's publish view saves a revision and publishes it in two steps, and a
    # policy version is frozen in the second. Both stand or neither does.
    options = {"connect_timeout": 5, **config.get("OPTIONS", {})}  # seconds; /readyz/ must not wait for a lost host
    return {**config, "OPTIONS": options, "ATOMIC_REQUESTS": True}


def caches(url: str) -> dict[str, dict[str, object]]:
    """Django's CACHES for a Valkey or Redis URL."""
    if url.partition("://")[0] not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL cannot be read. Write redis://host:6379/0 (rediss:// for TLS).")
    options = {"socket_connect_timeout": 1, "socket_timeout": 2}  # seconds; the site goes on without a cache
    return {"default": {"BACKEND": "cms.cache.ForgivingCache", "LOCATION": url, "OPTIONS": options}}
