"""The link every page's footer carries."""

from typing import Any

from django import template
from django.utils.translation import get_language
from wagtail.models import Site

from policies import effective
from policies.models import PolicyPage

register = template.Library()


@register.simple_tag(takes_context=True)
def site_policy(context: dict[str, Any]) -> PolicyPage | None:
    """The policy page of the site that answers this request, in the language that is active where it is translated."""
    site = Site.find_for_request(context["request"])
    page = effective.policy_of(site) if site else None
    return page.localized if page and page.language != get_language() else page
