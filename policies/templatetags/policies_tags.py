"""The link every page's footer carries, and how versions, instants and waiting times are said."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Site

from policies import notices, wording
from policies.models import PolicyPage
from policies.views import archive

register = template.Library()
register.filter("state_in_words", archive.in_words)
register.filter("time_left", wording.time_left)


@register.simple_tag(takes_context=True)
def site_policy(context: dict[str, Any]) -> notices.Policy | None:
    """The policy of the site that answers this request, in the language that is active where it is translated."""
    site = Site.find_for_request(context["request"])
    return notices.of(site, get_language()) if site else None


@register.filter
def instant(at: datetime) -> SafeString:
    """To the minute and in the site's zone for people, exact for programs."""
    return format_html(
        '<time datetime="{}">{}</time>',
        timezone.localtime(at).isoformat(timespec="auto"),
        wording.instant(at, seconds=False),
    )


@register.inclusion_tag("policies/line.html", takes_context=True)
def policy_line(context: dict[str, Any], policy: notices.Policy | None) -> dict[str, Any]:
    """The next material change or the latest, for everybody alike; not on the policy's own pages, which say it
    themselves."""
    shown, now = context.get("page"), timezone.now()
    if policy is None or (isinstance(shown, PolicyPage) and shown.key == policy.key):
        return {}
    change = policy.news(now)
    return {**change._asdict(), "is_coming": change.version.effective_from > now} if change else {}
