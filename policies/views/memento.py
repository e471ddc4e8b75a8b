"""How does a client that speaks Memento (RFC 7089) find a policy as it was? The page is its own TimeGate."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import http_date

from policies.models import PolicyPage, PolicyVersion
from policies.views.caching import cacheable
from policies.views.lineage import Lineage, Place

LINK_FORMAT = "application/link-format"


def timemap(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """Every version that took force, with its instant."""
    now = timezone.now()
    address, mementos = page.get_full_url(request), Lineage.whole(page).took_force(now)
    links = [
        f'<{address}>; rel="original timegate"',
        f'<{address}timemap/>; rel="self"; type="{LINK_FORMAT}"{_range(mementos)}',
        *_memento_links(address, mementos, None),
    ]
    return cacheable(HttpResponse(",\n".join(links) + "\n", content_type=LINK_FORMAT), page, now)


def redirect(page: PolicyPage, address: str, at: datetime, now: datetime) -> HttpResponse | None:
    """To the version in force at `at`; before the first one to the first, as the RFC wants it (4.5.3). None where no
    version took force yet."""
    due = page.versions.brief().effective_by(now)
    found = due.filter(effective_from__lte=at).first() or due.order_by("effective_from", "-number").first()
    if found is None:
        return None
    response = HttpResponseRedirect(f"{address}v/{found.number}/")
    response["Link"] = links(address, Lineage.around(page, found, now).took_force(now), found.number)
    return response


def links(address: str, mementos: Sequence[Place], number: int | None) -> str:
    """The Link header: of version `number` when it took force, else of the policy alone."""
    head = [
        f'<{address}>; rel="original timegate"',
        f'<{address}timemap/>; rel="timemap"; type="{LINK_FORMAT}"{_range(mementos)}',
    ]
    place = next((place for place, memento in enumerate(mementos) if memento.number == number), None)
    return ", ".join(head if place is None else [*head, *_memento_links(address, mementos, place)])


def newest(address: str, version: PolicyVersion) -> str:
    """The Link header of the policy itself: the list of all, and the state it is in."""
    last = Place(version.effective_from, version.number, version.ends)
    return ", ".join([links(address, [], None), _memento_link(address, last, ["last"])])


def mark(response: HttpResponse, address: str, mementos: Sequence[Place], number: int) -> None:
    """What an archived state says of itself. One that never took force is no state the policy was in."""
    response["Link"] = links(address, mementos, number)
    taken = {place.number: place.effective_from for place in mementos}
    if number in taken:
        response["Memento-Datetime"] = http_date(taken[number].timestamp())


def _range(mementos: Sequence[Place]) -> str:
    if not mementos:
        return ""
    first, last = (http_date(place.effective_from.timestamp()) for place in (mementos[0], mementos[-1]))
    return f'; from="{first}"; until="{last}"'


def _memento_links(address: str, mementos: Sequence[Place], chosen: int | None) -> list[str]:
    """All of them, or those around `chosen`, in the order of force; one that is several things is named once."""
    if not mementos:
        return []
    relations: dict[int, list[str]] = defaultdict(list)
    relations[0].append("first")
    relations[len(mementos) - 1].append("last")
    if chosen is not None:
        relations[chosen - 1].append("prev")
        relations[chosen + 1].append("next")
    wanted = range(len(mementos)) if chosen is None else sorted({*relations, chosen} & {*range(len(mementos))})
    return [_memento_link(address, mementos[place], relations[place]) for place in wanted]


def _memento_link(address: str, memento: Place, relations: Sequence[str]) -> str:
    date = http_date(memento.effective_from.timestamp())
    return f'<{address}v/{memento.number}/>; rel="{" ".join([*relations, "memento"])}"; datetime="{date}"'
