"""May a page be published on its site? What its author wrote, as it will be shown, against what is declared."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from consent import catalogue
from consent.catalogue import Published
from consent.enforce import pasted


def problems(page: Model, site: Site | None, said: Mapping[str, Any] | None = None) -> dict[str, list[str]]:
    """By field: what stands in the way, in sentences. Nothing does where no site shows the page. `said` are values of a
    form that the page does not have yet."""
    if site is None:
        return {}
    published = newest(site)
    found = {name: pasted.problems(html, published) for name, html in written(page, said)}
    return {name: sentences for name, sentences in found.items() if sentences}


def problems_everywhere(html: str) -> list[str]:
    """What stands in the way on every site; for a text of which nobody knows yet where it will be shown."""
    found = (pasted.problems(html, newest(site)) for site in Site.objects.all())
    return min(found, key=len, default=[])


def newest(site: Site) -> Published | None:
    """As the database has it: an editor publishes a service, and the page that needs it in the next breath."""
    latest = catalogue.latest_of(site.pk)
    return catalogue.published(latest) if latest and catalogue.is_readable(latest) else None


def written(page: Model, said: Mapping[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """Each field that may hold markup, with its markup: rich text with its embeds, streams with their raw HTML."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField | StreamField) and (said is None or field.name in said):
            yield field.name, _shown(getattr(page, field.name) if said is None else said[field.name])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return expand_db_html(value) if isinstance(value, str) else str(value.render_as_block())
