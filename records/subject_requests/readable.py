"""What does a person read in the copy of their data? One page that needs nothing else: no script, no other file."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records.models import Controller
from records.registry import Subject, holdings
from records.subject_requests.describing import Column

_STYLE = Path(__file__).parents[1] / "static" / "records" / "copy.css"


@dataclass
class Chapter:
    """One data set on the page: what is declared of it, and how many rows follow."""

    label: str
    head: dict[str, Any]
    rows: int = 0

    @property
    def anchor(self) -> str:
        return self.label.replace(".", "-")


@dataclass(frozen=True)
class Remark:
    """Something that is stored and not in the copy: why, and where else the person finds it."""

    text: str | Promise
    address: str = ""


_remarks: list[Callable[[], Remark]] = []


def remark(say: Callable[[], Remark]) -> None:
    """Adds a sentence about what an address does not find. Called from an app's ready()."""
    if say not in _remarks:
        _remarks.append(say)


def open_table(out: IO[bytes], chapter: Chapter, told: list[Column]) -> None:
    out.write(render_to_string("records/copy/table.html", {"chapter": chapter, "told": told}).encode())


def row(out: IO[bytes], told: list[Column], said: dict[str, Any]) -> None:
    """By hand: a copy may have a hundred thousand cells."""
    cells = "".join(f"<td>{_shown(each, said[each.name])}</td>" for each in told)
    out.write(f"<tr>{cells}</tr>\n".encode())


def close_table(out: IO[bytes]) -> None:
    out.write(b"</tbody></table></div></section>\n")


def page(out: IO[bytes], tables: IO[bytes], chapters: list[Chapter], *, email: str, now: datetime) -> None:
    """The page around the tables."""
    context = {
        "email": email,
        "now": now,
        "owner": Controller.objects.order_by("pk").first(),
        "full": [chapter for chapter in chapters if chapter.rows],
        "empty": [chapter for chapter in chapters if not chapter.rows],
        "remarks": [say() for say in _remarks],
        "unsearchable": _unsearchable(),
        "style": _style(),
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    out.write(render_to_string("records/copy/top.html", context).encode())
    tables.seek(0)
    shutil.copyfileobj(tables, out)
    out.write(render_to_string("records/copy/bottom.html", context).encode())


def _unsearchable() -> list[str]:
    """Data sets about visitors and subscribers in which nobody can be found by an address (GDPR Art. 11)."""
    public = {Subject.VISITOR, Subject.SUBSCRIBER}
    return [str(entry.title) for entry in holdings() if not entry.find_by and public.intersection(entry.subjects)]


@cache
def _style() -> SafeString:
    """In the page itself: there is no other file. The text is ours."""
    return mark_safe(f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>")


def _shown(told: Column, value: Any) -> str:
    if value is None or value == "":
        return "<span>—</span>"
    if told.choices and value in told.choices:
        return escape(str(told.choices[value]))
    if isinstance(value, bool):
        return escape(_("yes") if value else _("no"))
    if isinstance(value, dict | list):
        return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=1))}</pre>"
    if told.schema.get("format") == "date-time":
        return _instant(value)
    return f"<bdi>{escape(str(value))}</bdi>"


def _instant(value: str) -> str:
    """2026-03-01 12:00 UTC, in every language; the exact one stands beside it for programs."""
    return f'<time dir="ltr" datetime="{escape(value)}">{escape(value[:10])} {escape(value[11:16])} UTC</time>'
