"""Which text does a file hold, and is it plain text, Markdown or HTML?"""

import codecs
import re

from policies.importing import markup

# What a file that is no text starts with, and what its owner can do.
_SAVE = "open it in the program that made it and save it as plain text (UTF-8) or HTML."
_TYPE = "it holds no letters that can be read, so type the text or ask for the original."
_SIGNS = [
    (b"%PDF-", "a PDF", "copy its text into a plain text file (UTF-8), or save the original as HTML."),
    (b"PK\x03\x04", "a Word or OpenDocument file, or another ZIP archive", _SAVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Office file", _SAVE),
    (b"{\\rtf", "a Rich Text Format file", _SAVE),
    (b"\x1f\x8b", "a compressed (gzip) file", "unpack it first."),
    (b"\x89PNG", "a picture (PNG)", _TYPE),
    (
        b"\xff\xd8\xff",
        "a picture (JPEG)",
        "A picture holds no text that can be read: type it, or ask for the original.",
    ),
    (b"GIF8", "a picture (GIF)", _TYPE),
    (b"RIFF", "a picture, a sound or a film", "ask for the original."),
    (codecs.BOM_UTF32_LE, "UTF-32 text", "save it as UTF-8."),
    (codecs.BOM_UTF32_BE, "UTF-32 text", "save it as UTF-8."),
]
_MARKED = [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_PAGE = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)
_ELEMENT = re.compile(
    r"\s*<(?:article|main|section|header|div|h[1-6]|p|ul|ol|dl|table|center|font|title|meta)(?:\s[^<>]*)?>", re.I
)
_MANY = 16  # bytes that no text holds, or more, are enough to say what a file is


def text(raw: bytes) -> str:
    """Decodes UTF-8, and UTF-16 that says so at its start. Raises ValueError with what the file is and what to do."""
    for sign, what, advice in _SIGNS:
        if raw.startswith(sign):
            raise ValueError(f"This is not a text file but {what}: {advice}")
    mark, encoding = next((pair for pair in _MARKED if raw.startswith(pair[0])), (b"", "utf-8"))
    try:
        decoded = raw.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(_undecoded(raw, encoding, len(mark) + error.start)) from error
    if "\0" in decoded:
        raise ValueError(_with_nul(raw))
    if control := _CONTROL.search(decoded):
        line = decoded.count("\n", 0, control.start()) + 1
        raise ValueError(
            f"Line {line} holds the control character U+{ord(control[0]):04X}: delete it, or save as text."
        )
    return decoded.removeprefix("\ufeff")


def form(text: str, name: str = "") -> str:
    """By content; the end of the name decides where that is not enough. Markdown is a superset of plain text."""
    suffix = name.rpartition(".")[2].lower()
    is_page = _PAGE.match(text) is not None
    if suffix in {"htm", "html", "xhtml"}:
        return markup.HTML if is_page or re.search(r"</?[a-z][^<>]*>", text, re.I) else markup.MARKDOWN
    looks_so = is_page or (suffix not in {"md", "markdown"} and _ELEMENT.match(text) is not None)
    return markup.HTML if looks_so else markup.MARKDOWN


def _undecoded(raw: bytes, encoding: str, place: int) -> str:
    """Why `raw` is no UTF-8 or UTF-16: most often it was saved in an encoding of one byte a letter."""
    if encoding != "utf-8":
        return f"The file says that it is UTF-16 and is not (byte {place}): save it as UTF-8 text."
    if b"\0" in raw:
        return _with_nul(raw)
    high = [byte for byte in raw if byte >= 0x80]
    broken = raw.decode("utf-8", errors="replace").count("\ufffd")
    if len(high) > 3 * broken:
        return f"The file is not UTF-8 (byte {place}): most of it is, but this byte is broken; save it as UTF-8 again."
    letters = sum(byte >= 0xC0 or byte in b"\xa8\xb8" for byte in high)
    in_rows = len(re.findall(rb"[\xc0-\xff]{3,}", raw))
    if letters * 2 > len(high) and in_rows:
        return f"The file is not UTF-8 (byte {place}) but looks like Windows-1251: save it as UTF-8 text."
    return f"The file is not UTF-8 (byte {place}) but looks like Latin-1 or Windows-1252: save it as UTF-8 text."


def _with_nul(raw: bytes) -> str:
    sides = raw[0::2].count(0), raw[1::2].count(0)
    if max(sides) > len(raw) // 8 and min(sides) * _MANY < max(sides):
        return "This looks like UTF-16 text without the mark that says so: save it as UTF-8 text."
    return "This is not a text file: it holds NUL characters; save the policy as text (UTF-8), Markdown or HTML."
