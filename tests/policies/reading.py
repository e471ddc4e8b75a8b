"""What a visitor reads on a policy page."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from wagtail.blocks import StreamValue
from wagtail.models import Site

from policies.clauses import Clause, text


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
    for around in page.select("nav, .notice, .policy-meta, .policy-hash"):
        around.decompose()
    return " ".join(page.get_text(" ").split())


def notices(response: Any) -> str:
    return " ".join(" ".join(notice.get_text(" ") for notice in article(response).select(".notice")).split())
