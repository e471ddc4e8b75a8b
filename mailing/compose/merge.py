"""Which words of a text are filled in for each reader, as in {{ name|there }}, and are they written as they must be?"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from bs4 import BeautifulSoup
from django.utils import formats, translation
from django.utils.translation import gettext as _

from mailing.compose.encoding import one_line
from mailing.compose.shapes import Reader
from mailing.models import Field, Text

NAME = "name"
_GAP = re.compile(r"{{\s*([^{}|]*?)\s*(?:\|\s*([^{}]*?)\s*)?}}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with what `values` has for its gaps; a gap that is not written as it must be stays as it is."""
    return _GAP.sub(lambda gap: values.get(_key(gap), gap[0]), text)


def without_reader(text: str) -> str:
    """`text` for nobody: with the words for what is not known."""
    return _GAP.sub(lambda gap: one_line(gap[2] or "") or gap[0], text)


def fill_html(html: str, values: Mapping[str, str]) -> str:
    """The same for the words of HTML. What stands in tags stays."""
    if "{{" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for words in soup.find_all(string=_GAP):
        words.replace_with(fill(str(words), values))
    return str(soup)


def gaps(texts: list[str], language: str) -> dict[str, Callable[[Reader], str]]:
    """How each gap of `texts` is filled for a reader, by the key under which `fill` looks for it."""
    kinds = dict(Field.objects.values_list("key", "kind"))
    found = {_key(gap): (gap[1], one_line(gap[2] or "")) for text in texts for gap in _GAP.finditer(text)}
    return {key: _filler(name, there, kinds.get(name, ""), language) for key, (name, there) in found.items() if there}


def _key(gap: re.Match[str]) -> str:
    return f"{gap[1]}|{one_line(gap[2] or '')}"


def _filler(name: str, there: str, kind: str, language: str) -> Callable[[Reader], str]:
    if name == NAME:
        return lambda reader: one_line(reader.name) or there
    if kind in {Field.Kind.DATE, Field.Kind.NUMBER, Field.Kind.YES_NO}:
        return lambda reader: one_line(_in_words(reader.fields.get(name), kind, language)) or there
    return lambda reader: one_line(str(reader.fields.get(name, "") if kind else "")) or there


def _in_words(value: Any, kind: str, language: str) -> str:
    """A date, a number, or yes or no, as the language has it. What is stored otherwise counts as not known."""
    with translation.override(language):
        if kind == Field.Kind.YES_NO:
            return {True: _("yes"), False: _("no")}.get(value, "") if isinstance(value, bool) else ""
        if kind == Field.Kind.NUMBER:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return str(formats.localize(value)) if is_number else ""
        try:
            return formats.date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
        except ValueError:
            return ""


def problems(text: str) -> list[str]:
    """What an editor must mend in the gaps of `text` (not HTML): a sentence for each."""
    return list(dict.fromkeys(_problems(text, {NAME, *Field.objects.values_list("key", flat=True)})))


def problems_of(text: Text) -> list[str]:
    """The same for all that a text of a campaign says."""
    said = [text.subject, text.preheader, text.plain, *words_of(text)]
    return list(dict.fromkeys(problem for each in said for problem in problems(each)))


def words_of(text: Text) -> Iterator[str]:
    """What the blocks of a text say: a gap that tags divide stands in two pieces."""
    for block in text.body:
        if block.block_type == "heading":
            yield block.value
        elif block.block_type == "button":
            yield block.value["label"]
        elif block.block_type == "text":
            yield from _words(block.value)
        elif block.block_type == "columns":
            yield from (piece for column in block.value for piece in _words(column["text"]))


def _words(rich_text: Any) -> list[str]:
    return [str(words) for words in BeautifulSoup(rich_text.source, "html.parser").find_all(string=True)]


def _problems(text: str, known: set[str]) -> Iterator[str]:
    for gap in _GAP.finditer(text):
        if gap[1] not in known:
            sentence = _("“%(gap)s”: nothing of that name is known of readers. There is: %(known)s.")
            yield sentence % {"gap": gap[0], "known": ", ".join(sorted(known))}
        elif not one_line(gap[2] or ""):
            sentence = _("“%(gap)s” says nothing where it is not known. Write {{ %(name)s|other words }}.")
            yield sentence % {"gap": gap[0], "name": gap[1]}
    if re.search(r"{{|}}", _GAP.sub("", text)):
        yield _(
            "Something is filled in between two braces on each side, as in {{ name|reader }}. Here some are missing."
        )
