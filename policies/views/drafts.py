"""What does a draft look like that cannot be frozen yet?"""

from django.utils.html import escape
from wagtail.blocks import StreamValue

from policies.clauses import Clause, numbered
from policies.expansion import rich


def unfilled(body: StreamValue) -> list[Clause]:
    """Its words as they are written, placeholders and all; what the site would write itself is left out."""
    return [_clause(block, number) for block, number in numbered(body)]


def _clause(block: StreamValue.StreamChild, number: str) -> Clause:
    words = escape(block.value["title"]) if block.block_type == "section" else rich(block.value["text"].source)
    return Clause(id=block.id or "", kind=block.block_type, number=number, anchor=block.value["anchor"], html=words)
