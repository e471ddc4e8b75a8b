"""How long may a cache keep what a policy page answers?"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date

from policies import effective
from policies.models import FrozenText, PolicyPage, PolicyVersion

YEAR = 31_536_000  # seconds


def cacheable(response: HttpResponse, page: PolicyPage, now: datetime) -> HttpResponse:
    """Until the next version takes force at most."""
    return _for(response, effective.seconds_to_cache(page, now))


def cacheable_until(response: HttpResponse, upcoming: Sequence[PolicyVersion], now: datetime) -> HttpResponse:
    """The same, where the announced versions are at hand."""
    return _for(response, effective.seconds_until(upcoming[0].effective_from if upcoming else None, now))


def _for(response: HttpResponse, seconds: int) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=seconds, must_revalidate=True)
    return response


def immutable(response: HttpResponse) -> HttpResponse:
    """For what cannot change any more."""
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


def validated(response: HttpResponse, shown: FrozenText) -> HttpResponse:
    """By the bytes and not by the row: another release of the software may write the same row differently."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()}"'
    response["Last-Modified"] = http_date(shown.frozen_at.timestamp())
    return response
