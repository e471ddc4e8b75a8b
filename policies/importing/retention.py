"""Which clauses of a text say how long something is kept, and of which data set do they speak?"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from django.utils import translation

from policies.importing import markup
from policies.importing.parts import Note, Part
from records.periods import Period, stated
from records.registry import Subject, holdings

_KEEPS = re.compile(
    r"\b(?:keep|keeps|kept|keeping|stor(?:e|es|ed|ing|age)|retain\w*|retention|preserv\w*|hold|holds|held|archiv\w*|"
    r"delet\w*|eras(?:e|es|ed|ing|ure)|destr(?:oy\w*|uction)|remov\w*|wiped?|purg\w*|"
    r"хран\w*|сохран\w*|удал\w*|уничтож\w*|стир\w*|обезличив\w*)\b",
    re.IGNORECASE,
)
# How old a person is, or how soon a request is answered, is no period of keeping.
_OTHERWISE = re.compile(
    r"\b(?:of age|years? old|aged|возраст\w*|старше|младше|достиг\w*|совершеннолет\w*|отзыва согласия|"
    r"of (?:receiving )?(?:a|an|the|your|such) request|получения (?:запроса|требования))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?…;。；])\s+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SAYS_NOTHING = frozenset(
    _WORD.findall(
        "and data for from not our page pages record records site the their these this those who with your "
        "все данные для записи записей или как наш наши наших они при сайт сайта страница страницы через это"
    )
)


@dataclass(frozen=True)
class _Title:
    holding: str
    title: str
    words: tuple[frozenset[str], ...]  # one set a language


def propose(parts: list[Part], notes: list[Note]) -> list[Part]:
    """The same parts, where those that state one period are retention clauses. The words stay as they are."""
    titles, bound = _titles(), set[str]()
    proposed = []
    for part, may_be in zip(parts, _may_be_retention(parts), strict=True):
        periods = _periods(part)
        if len(periods) != 1 or not may_be:
            proposed.append(part)
            notes += [(part.line, _left_alone(part, periods))] if periods else []
            continue
        title = _speaks_of(_words(part), titles)
        again = title is not None and title.holding in bound
        holding = title.holding if title and not again else ""
        bound.add(holding)
        proposed.append(replace(part, kind="retention", period=periods[0], holding=holding))
        notes.append((part.line, _said(periods[0], title, again=again)))
    return proposed


def _said(period: Period, title: _Title | None, *, again: bool) -> str:
    read = f"states “{period.words()}”: proposed as a retention clause"
    if title and not again:
        return f"{read} for “{title.title}”"
    reason = f"“{title.title}” has one already" if title else "it names no data set for certain"
    return f"{read} that binds nothing yet ({reason}): choose the data set in the editor"


def _left_alone(part: Part, periods: list[Period]) -> str:
    read = f"states “{'”, “'.join(period.words() for period in periods)}”"
    if len(periods) > 1:
        return f"{read}: kept as it is; make a retention clause of each period in the editor"
    return f"{read} as {part.kind}: kept as it is, so that no number changes; make it a retention clause in the editor"


def _may_be_retention(parts: list[Part]) -> Iterator[bool]:
    """A retention clause bears the number of a clause. So may a text be one that no clause stands beside: then no
    number in the file changes."""
    numbered = [part.kind == "section" and bool(part.number) for part in parts]
    beside, inside = [False] * len(parts), False
    for here in reversed(range(len(parts))):
        inside = (inside or parts[here].kind in {"clause", "subclause"}) and not numbered[here]
        beside[here] = inside
    inside = any(numbered)  # above the first section, a number would come twice
    for here, part in enumerate(parts):
        inside = (inside or part.kind in {"clause", "subclause"}) and not numbered[here]
        is_text = part.kind == "text" and not part.label
        yield part.kind == "clause" or (is_text and not inside and not beside[here])


def _periods(part: Part) -> list[Period]:
    """The periods of keeping that a part states, each once. "We keep:" speaks for the list below it."""
    if part.kind == "section":
        return []
    sentences = _SENTENCE_END.split(part.plain)
    introduced = bool(_KEEPS.search(sentences[-1]))
    found = [period for sentence in sentences for period in _kept(sentence, introduced=False)]
    found += [period for item in _items(part) for period in _kept(item, introduced=introduced)]
    return list(dict.fromkeys(found))


def _items(part: Part) -> list[str]:
    return [markup.plain(item.text, part.form) for item in part.bullets]


def _kept(sentence: str, *, introduced: bool) -> list[Period]:
    keeps = introduced or _KEEPS.search(sentence)
    return stated(sentence) if keeps and not _OTHERWISE.search(sentence) else []


def _titles() -> list[_Title]:
    """The data sets that have a period, by their title in each language of the site. A site's policy speaks to its
    visitors: what is kept of the staff alone is not what it means by "the log"."""
    found = []
    for entry in holdings():
        if entry.keep and set(entry.subjects) != {Subject.STAFF}:
            words = []
            for language in ("en", "ru"):
                with translation.override(language):
                    words.append(_telling(str(entry.title)))
            found.append(_Title(entry.label, str(entry.title), tuple(words)))
    return found


def _telling(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text)) - _SAYS_NOTHING


def _words(part: Part) -> frozenset[str]:
    return _telling(" ".join([part.plain, *_items(part)]))


def _speaks_of(words: frozenset[str], titles: Iterable[_Title]) -> _Title | None:
    """The one data set of whose title at least half of the words are there; None if several are meant, or none."""
    meant = [title for title in titles if any(_mentions(words, title_words) for title_words in title.words)]
    return meant[0] if len(meant) == 1 else None


def _mentions(words: frozenset[str], title: frozenset[str]) -> bool:
    there = sum(any(same_stem(word, other) for other in words) for word in title)
    return there > 0 and there * 2 >= len(title)


def same_stem(one: str, other: str) -> bool:
    """Are these two forms of one word, by the letters they start with? "inquiry" and "inquiries" are."""
    shorter, longer = sorted(map(len, (one, other)))
    common = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    ending = 0 if shorter < 5 else 1 if shorter < 8 else 2
    return common >= shorter - ending and longer - common <= (1 if shorter < 5 else 4)
