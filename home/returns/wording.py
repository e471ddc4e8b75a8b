"""What did somebody say in a mail, as plain text, without the copy of ours below it?"""

import re
from email.header import decode_header, make_header
from email.message import Message
from html import unescape
from itertools import chain

from mailing.returns import mime

MOST_TEXT = 50_000  # letters that are kept
_MOST_HTML = 100_000  # letters of a page that are looked at
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})")
_NOT_SHOWN = {"script", "style", "head", "title", "template"}
_BREAKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "hr"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
# "On Tue, Ana wrote:", over at most three lines, in whatever language: it ends with a colon just above what is quoted.
_INTRODUCTION = 3
_ORIGINAL = re.compile(
    r"[-_ ]{2,}(?:original message|forwarded message|original-nachricht|ursprüngliche nachricht|message d.origine"
    r"|mensaje original|исходное сообщение|пересылаемое сообщение|الرسالة الأصلية)[-_ ]{2,}",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?:from|von|de|от|من)\s*:\s.*@", re.IGNORECASE)
_RULE = re.compile(r"_{10,}|-{10,}")


def said(parts: list["Message[str, str]"]) -> str:
    """The first part that is text and no file; plain before HTML."""
    texts = [part for part in parts if part.get_content_maintype() == "text" and not is_file(part)]
    plain = [words for part in texts if part.get_content_type() == "text/plain" and (words := decoded(part).strip())]
    if plain:
        return clean(plain[0])
    shown = (in_plain(decoded(part)) for part in texts if part.get_content_type() == "text/html")
    return next((words for each in shown if (words := clean(each))), "")


def is_file(part: "Message[str, str]") -> bool:
    return part.get_content_disposition() == "attachment" or bool(_named(part))


def files(parts: list["Message[str, str]"]) -> list[str]:
    """The names of what came with it; its type where it has none."""
    found = (part for part in parts if not part.is_multipart() and part.get_content_maintype() != "multipart")
    return [
        letters(_named(part)[:500])[:100] or part.get_content_type()
        for part in found
        if is_file(part) or part.get_content_maintype() != "text"
    ]


def _named(part: "Message[str, str]") -> str:
    try:
        return str(part.get_filename() or "")
    except (LookupError, ValueError):  # a name in a charset that nobody knows
        return part.get_content_type()


def decoded(part: "Message[str, str]") -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def header(whole: "Message[str, str]", name: str) -> str:
    """One header in letters, whatever it is encoded in."""
    return letters(mime.header(whole, name))


def letters(written: str) -> str:
    """Undoes what RFC 2047 does to letters outside ASCII; as it is written where that is not possible."""
    try:
        return one_line(str(make_header(decode_header(written))))
    except (LookupError, ValueError):
        return one_line(written)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """Letters that can be stored and shown: no control characters, none that turn the direction, no half letters."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return _EMPTY_LINES.sub("\n\n", _CONTROL.sub("", whole)).strip()


class _Text:
    """What a page shows, a line for each block; what is quoted begins with ">". Python's own parser takes the square
    of a page's length where somebody wants it to; this one looks at each letter once, and cares for no more."""

    def __init__(self, page: str) -> None:
        self.page, self.place = page, 0
        self.lines: list[str] = [""]
        self.quoted = 0

    def read(self) -> list[str]:
        while (begin := self.page.find("<", self.place)) >= 0:
            self._say(self.page[self.place : begin])
            self.place = begin
            self._leave_mark()
        self._say(self.page[self.place :])
        return self.lines

    def _leave_mark(self) -> None:
        tag = _TAG.match(self.page, self.place)
        if tag is None and self.page[self.place + 1 : self.place + 2] not in {"!", "?"}:
            self._say("<")
            self.place += 1
            return
        end = "-->" if self.page.startswith("<!--", self.place) else ">"
        self._skip_to(self.page.find(end, self.place), len(end))
        if tag:
            self._mark(tag["name"].lower(), is_end=bool(tag["end"]))

    def _skip_to(self, found: int, length: int) -> None:
        self.place = len(self.page) if found < 0 else found + length

    def _mark(self, name: str, *, is_end: bool) -> None:
        if name in _NOT_SHOWN and not is_end:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(self.page, self.place)
            self._skip_to(closing.start() if closing else -1, 0)
        if name in _BREAKS and not (is_end and name in {"br", "hr"}):
            self.lines.append("")
        if name == "blockquote":
            self.quoted = max(0, self.quoted + (-1 if is_end else 1))

    def _say(self, data: str) -> None:
        words = " ".join(_unescaped(data).split())
        if not words:
            if data and self.lines[-1]:
                self.lines[-1] = self.lines[-1].rstrip(" ") + " "
            return
        if not self.lines[-1]:
            self.lines[-1] = "> " if self.quoted else ""
        elif data[0].isspace():
            self.lines[-1] = self.lines[-1].rstrip(" ") + " "
        self.lines[-1] += words + (" " if data[-1].isspace() else "")


def _unescaped(data: str) -> str:
    try:
        return unescape(data)
    except ValueError:  # the number of a letter, with thousands of digits
        return data


def in_plain(page: str) -> str:
    return "\n".join(line.rstrip() for line in _Text(page[:_MOST_HTML]).read())


def without_quoted(text: str) -> str:
    """Without our own mail below the words. Where they stand between its lines, or nothing else is there, all stays:
    to keep too much harms less than to lose a sentence."""
    lines = text.split("\n")
    kept = "\n".join(lines[: min(_begins_quote(lines), _begins_original(lines))]).strip()
    return kept or text.strip()


def _begins_quote(lines: list[str]) -> int:
    """Where the quotation at the very end begins, the line that introduces it included."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (lines[start - 1].startswith(">") or not lines[start - 1].strip()):
        start -= 1
    if start == end:
        return len(lines)
    return _introduced(lines, start)


def _introduced(lines: list[str], start: int) -> int:
    above = start
    while above and not lines[above - 1].strip():
        above -= 1
    if not above or not lines[above - 1].rstrip().endswith((":", "：")):
        return start
    first = above - 1
    while first and above - first < _INTRODUCTION and lines[first - 1].strip():
        first -= 1
    words = " ".join(lines[first:above])
    # Only what names a mail or a date introduces one: a colon may end a sentence as well.
    return first if re.search(r"@|\d{1,4}[./: -]\d", words) else start


def _begins_original(lines: list[str]) -> int:
    """Where "Original message" stands with the heading of a mail below it."""
    for number, line in enumerate(lines):
        below = [each for each in lines[number + 1 : number + 4] if each.strip()]
        is_heading = any(_HEADING.match(each.strip()) for each in below[:2])
        if _ORIGINAL.fullmatch(line.strip()) or (_RULE.fullmatch(line.strip()) and is_heading):
            return number
    return len(lines)


def told(text: str, *, names: list[str], cut: bool, words: tuple[str, str]) -> str:
    """The text with a line about what was not kept; `words` are those lines, the first with %(names)s."""
    missing, shortened = words
    notes = [missing % {"names": ", ".join(names)}] if names else []
    notes += [shortened] if cut or len(text) > MOST_TEXT else []
    return "\n\n".join(chain([text[:MOST_TEXT]] if text else [], notes))
