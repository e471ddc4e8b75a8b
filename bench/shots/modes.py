"""In which ways is each page looked at?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "ru", "ar")


@dataclass(frozen=True)
class Mode:
    language: str
    scheme: str
    size: str

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.size}"

    @property
    def options(self) -> dict[str, object]:
        """Of a browser profile."""
        size = SIZES[self.size]
        return {"viewport": size, "color_scheme": self.scheme, "locale": self.language, "reduced_motion": "reduce"}


def public() -> Iterator[Mode]:
    return (Mode(*values) for values in product(LANGUAGES, SCHEMES, SIZES))


def desk() -> Iterator[Mode]:
    """The CMS in two languages, and once from right to left."""
    yield from (Mode(*values) for values in product(("en", "ru"), SCHEMES, SIZES))
    yield Mode("ar", "light", "desktop")
