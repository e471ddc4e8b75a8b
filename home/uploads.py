"""Which files does a form take, and what is kept of them?

Judged by their bytes alone: neither the name nor what the browser says of it counts. Whatever could run is refused.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024  # of one file
MOST_FILES = 3  # of one form
LIMIT = MOST_FILES * MOST_BYTES + 512 * 1024  # bytes of a request: the files, and what is written beside them
MOST_MEMBERS = 5_000  # of an office document, which is a zip
NAME_LENGTH = 100

ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "text/plain": (".txt", ".csv", ".md"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
}
PDF, PNG, JPEG, WEBP, TEXT, DOCX, XLSX, ODT = ENDINGS
ACCEPT = ",".join(ending for endings in ENDINGS.values() for ending in endings)
_MAGIC = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
# Programs inside documents: macros of either family, and what opens by itself.
_RUNS = re.compile(r"vbaproject|activex|oleobject|^basic/|^scripts/|\.(exe|js|vbs|dll|jar|class)$", re.IGNORECASE)
# Text that a browser, a shell or an office program would take for more than text.
_MARKUP = re.compile(r"\s*(<|#!|\{\\rtf|%!PS|MIME-Version:)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Refused(ValueError):
    """A file that is not taken; says why and what to do."""


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    content: bytes


def taken(sent: "UploadedFile[Any]") -> File:
    """What is kept of one file, as it was sent: nothing is taken out of a picture. Raises Refused."""
    name = str(sent.name or "")
    if (sent.size or 0) > MOST_BYTES:
        said = _("“%(name)s” is too large: a file may have %(most)d MB.")
        raise Refused(said % {"name": cleaned(name), "most": MOST_BYTES // 1024 // 1024})
    content = sent.read()
    if not content:
        raise Refused(_("“%(name)s” is empty.") % {"name": cleaned(name)})
    media_type = kind_of(content)
    if media_type is None:
        said = _(
            "“%(name)s” is of no kind we take. Send a PDF, a picture (PNG, JPEG, WebP), plain text, or a document of "
            "Word, Excel or OpenDocument without macros."
        )
        raise Refused(said % {"name": cleaned(name)})
    return File(cleaned(name, media_type), media_type, content)


def kind_of(content: bytes) -> str | None:
    """The media type that the bytes show, if it is one that is taken."""
    for magic, media_type in _MAGIC.items():
        if content.startswith(magic):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return TEXT if _is_text(content) else None


def _office(content: bytes) -> str | None:
    """Nothing is unpacked but the few bytes in which an OpenDocument names itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            if len(names) > MOST_MEMBERS or any(map(_RUNS.search, names)):
                return None
            if names[0] == "mimetype" and members[0].file_size == len(ODT):
                return ODT if archive.read("mimetype") == ODT.encode() else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, IndexError, EOFError):
        return None
    found = [media_type for name, media_type in _OFFICE.items() if name in names]
    return found[0] if len(found) == 1 and "[Content_Types].xml" in names else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not _MARKUP.match(text)


def cleaned(name: str, media_type: str = "") -> str:
    """The last part of a path, without what hides or breaks a line; its ending fits what the bytes are."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in last if unicodedata.category(each)[0] not in "CZ" or each == " ")
    plain = re.sub(r'[<>:"|?*]', "_", shown).strip(". ") or "file"
    endings = ENDINGS.get(media_type, ("",))
    has_ending = plain.lower().endswith(endings)
    ending = "" if has_ending else endings[0]
    return plain[-NAME_LENGTH:] if has_ending else plain[: NAME_LENGTH - len(ending)] + ending


class InMemory(FileUploadHandler):
    """Files of a request stay in memory until they are sealed: nothing of them touches the disk. Of one that is too
    large only its size is kept."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > MOST_FILES + 1:  # one more than may be sent, so that the form can say so
            raise SkipFile
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= MOST_BYTES:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        self.kept.seek(0)
        said = (self.field_name, self.file_name, self.content_type, file_size, self.charset)
        return InMemoryUploadedFile(self.kept, *said, self.content_type_extra)
