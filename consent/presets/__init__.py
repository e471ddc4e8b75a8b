"""Which well-known services ship with the site, each with its vendor, cookies, origins and sources?"""

from functools import cache
from pathlib import Path

from consent.presets.parsing import read
from consent.presets.preset import THIS_SITE, Cookie, Origins, Preset, Vendor

__all__ = ["FOLDER", "THIS_SITE", "Cookie", "NoSuchPreset", "Origins", "Preset", "Vendor", "find", "load"]

FOLDER = Path(__file__).parent


class NoSuchPreset(LookupError):
    """No service ships under that key."""


@cache
def load() -> tuple[Preset, ...]:
    """All of them, by category and name; read once. Raises ValueError naming the file and the field of a bad one."""
    return read(FOLDER)


def find(key: str) -> Preset:
    """Raises NoSuchPreset for a key that none of them has."""
    for preset in load():
        if preset.key == key:
            return preset
    raise NoSuchPreset(f"No service ships under the key {key!r}.")
