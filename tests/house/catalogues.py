"""What do the code and its catalogues say: which strings, in which language, and what of them is still English?"""

import html
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house import tree

KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
ALIAS = re.compile(r"\b(\w*gettext(?:_lazy)?) as (\w+)")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr]|{\w*}")
Key = tuple[str | None, tuple[str, ...]]  # context, English


def path(language: str) -> Path:
    return tree.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    return read_po(io.BytesIO(path(language).read_bytes()), locale=language)


def in_code(*, unless: re.Pattern[str] | None = None) -> dict[Key, str]:
    """Every translatable string of the six apps, and a file that has it; without those of the files named."""
    files = [file for file in [*tree.code(), *tree.templates()] if not (unless and unless.fullmatch(tree.name(file)))]
    return {key: tree.name(file) for file in files for key in strings(file)}


def strings(file: Path) -> Iterator[Key]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # What is no string is blanked out with its indentation left, which means nothing here.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    keywords = KEYWORDS | {alias: KEYWORDS[name] for name, alias in ALIAS.findall(source)}
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=keywords):
        yield context, forms(text)


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """One, or as many as the language has for a count."""
    return (text,) if isinstance(text, str) else tuple(text)


def said(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    return {(_context(message), forms(message.id)): forms(message.string) for message in catalogue if message.id}


def _context(message: Message) -> str | None:
    """Babel leaves it in bytes where it reads a compiled catalogue."""
    context: str | bytes | None = message.context
    return context.decode() if isinstance(context, bytes) else context


def translated(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    """What stands in it in all its forms: a sentence without a translation stays English."""
    return {key: texts for key, texts in said(catalogue).items() if all(texts)}


def fuzzy(catalogue: Catalog) -> list[object]:
    return [message.id for message in catalogue if message.id and message.fuzzy]


def compiled(catalogue: Catalog) -> Catalog:
    """As the program reads what a translator wrote."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return read_mo(file)


def shipped(language: str) -> Catalog:
    return read_mo(io.BytesIO(path(language).with_suffix(".mo").read_bytes()))


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def english_in(page: str, catalogue: Catalog) -> list[str]:
    """The sentences of a catalogue that stand in `page` in English, without what is the same in both languages."""
    texts = translated(catalogue)
    parts = {part.strip() for _context, english in texts for form in english for part in PLACEHOLDER.split(form)}
    same = " ".join(form for own in texts.values() for form in own)
    return sorted(part for part in parts if len(part) > 12 and part not in same and part in html.unescape(page))
