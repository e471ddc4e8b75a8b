"""How are changes said to whoever does not see how they are painted?"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from policies.blocks import ClausesBlock
from policies.compare.redline import Redline

register = template.Library()


@register.filter
def marked(line: Redline) -> SafeString:
    """With words around each change for a screen reader, in the language of the page and not of the text."""
    edges = {
        "<ins>": "<ins>" + _aside(_("[inserted:")),
        "</ins>": _aside(_("end of insertion]")) + "</ins>",
        "<del>": "<del>" + _aside(_("[deleted:")),
        "</del>": _aside(_("end of deletion]")) + "</del>",
    }
    html = line.html
    for plain, said in edges.items():
        html = html.replace(plain, said)
    return mark_safe(html)


def _aside(words: str) -> str:
    return format_html('<span class="visually-hidden" lang="{}"> {} </span>', get_language() or "", words)


@register.filter
def kind_label(kind: str) -> str:
    """The editor's name for a kind of clause."""
    block = ClausesBlock.base_blocks.get(kind)
    return str(block.meta.label) if block else kind
