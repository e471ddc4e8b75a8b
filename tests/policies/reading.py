"""What a visitor reads on a policy page."""

from copy import copy
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.blocks import StreamValue
from wagtail.models import Site

from policies import chain
from policies.clauses import Clause, text
from policies.models import PolicyPage
from tests import memory


def clauses(body: StreamValue) -> list[Clause]:
    """`body` as it is frozen, for a text that names nothing from the site."""
    return text("", body, language="en", site=Site()).clauses


def article(response: Any) -> Tag:
    found = BeautifulSoup(response.content, "html.parser").find("article")
    assert isinstance(found, Tag), "the page has an article"
    return found


def text_of(response: Any) -> str:
    """The policy itself: its title and clauses, without the notices, links and contents around them."""
    page = article(response)
    for around in page.select("nav, .notice, .policy-meta, .policy-proof"):
        around.decompose()
    return " ".join(page.get_text(" ").split())


def notices(response: Any) -> str:
    return " ".join(" ".join(notice.get_text() for notice in article(response).select(".notice")).split())


def meta(response: Any) -> str:
    """The line below the title."""
    found = article(response).select_one(".policy-meta")
    assert found, "the article has a line below its title"
    return " ".join(found.get_text().split())


def links(response: Any, selector: str) -> list[str]:
    return [str(link["href"]) for link in BeautifulSoup(response.content, "html.parser").select(selector)]


def grow(page: PolicyPage, count: int) -> None:
    """Freezes the newest text again and again, a second apart, until there are `count` versions."""
    last = page.versions.order_by("number").select_related("revision", "page").last()
    assert last
    for number in range(last.number + 1, count + 1):
        instant = last.effective_from + timedelta(seconds=1)
        following = copy(last)
        following.pk, following.number, following.frozen_at, following.effective_from = None, number, instant, instant
        chain.seal(following, last)
        following.save(force_insert=True)
        last = following


def queries(client: Client, path: str) -> int:
    """How often the database is asked about policies by a process that remembers nothing; what else a page asks for
    depends on the time of day."""
    memory.forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len([query for query in captured if "policies_" in query["sql"]])
