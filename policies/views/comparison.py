"""What changed from one version of a policy to another, as a reader sees it?"""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from policies import compare as comparing
from policies import effective
from policies.models import FrozenText, PolicyPage, PolicyVersion
from policies.views.caching import cacheable
from policies.views.lineage import Lineage, Standing
from policies.views.reading import foreign

FORMAT = 1  # counted up when the same two texts are shown differently: what is kept is then made anew
KEPT_FOR = 30 * 86_400  # seconds; two texts never change
SELDOM_READ = 3600  # seconds; any two of many versions may be asked for, and the cache is not for filling


def compare(request: HttpRequest, page: PolicyPage, old: int, new: int) -> HttpResponse:
    """From version `old` to version `new`, in the order asked for: an urgent fix with a higher number may take force
    before an announced version that it does not replace."""
    now = timezone.now()
    found = page.versions.brief().select_related("withdrawal")
    before, after = (get_object_or_404(found, number=number) for number in (old, new))
    address = page.get_url(request)
    if old == new:
        return cacheable(HttpResponseRedirect(f"{address}v/{new}/"), page, now)
    standings = [Lineage.around(page, version, now).standing(version, now) for version in (before, after)]
    texts = _texts(page, before, after, now)
    context = {
        "sides": standings,
        "old": before,
        "new": after,
        "address": address,
        "body": _body(before, after, *texts),
        "foreign": foreign(page, _with_words(before, *texts)),
        "authoritative": f"{before.page.get_url(request)}compare/{old}-{new}/",
        "is_translation": any(text.language != before.language for text in texts),
        **_neighbours(standings),
    }
    response = page.render(request, template="policies/compare.html", context_overrides=context)
    return cacheable(response, page, now)


def _texts(page: PolicyPage, before: PolicyVersion, after: PolicyVersion, now: datetime) -> tuple[FrozenText, ...]:
    """Both in the language of the page, else both in the authoritative one: two languages cannot be compared."""
    texts = tuple(effective.reading(page, version, now).shown for version in (before, after))
    translated = [text.language == page.language for text in texts]
    ends = [version.ends for version in (before, after)]  # and has no text in any language
    return texts if all(map(any, zip(translated, ends, strict=True))) else (before, after)


def _body(before: PolicyVersion, after: PolicyVersion, old: FrozenText, new: FrozenText) -> SafeString:
    """Everything that the two texts alone decide, made once."""
    numbers = f"{before.number}-{after.number}"
    key = f"policies.compare:{FORMAT}:{get_language()}:{numbers}:{old.content_sha256}:{new.content_sha256}"
    body = cache.get(key)
    if body is None:
        body = _made(before, after, old, new)
        cache.set(key, body, KEPT_FOR if abs(before.number - after.number) == 1 else SELDOM_READ)
    return mark_safe(body)


def _made(before: PolicyVersion, after: PolicyVersion, old: FrozenText, new: FrozenText) -> str:
    context: dict[str, Any] = {
        "comparison": comparing.compare(old.content, new.content),
        "old": before,
        "new": after,
        "language": _language(_with_words(before, old, new)),
    }
    return render_to_string("policies/compared.html", context)


def _with_words(before: PolicyVersion, old: FrozenText, new: FrozenText) -> FrozenText:
    return new if before.ends else old


def _language(text: FrozenText) -> dict[str, str]:
    return {"lang": text.language, "dir": "rtl" if get_language_info(text.language)["bidi"] else "ltr"}


def _neighbours(standings: list[Standing]) -> dict[str, str]:
    """The comparisons before and after this one in the order in which versions take force."""
    first, last = sorted(standings, key=lambda side: (side.version.effective_from, side.version.number))
    return {
        "previous": f"{first.before.number}-{first.version.number}" if first.before else "",
        "following": f"{last.version.number}-{last.after.number}" if last.after else "",
    }
