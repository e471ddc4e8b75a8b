"""Who asks: on which site, in which language, with which choices of before and which signals?"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from consent import catalogue, cleaning, compatibility, cookie, decide, told
from consent.catalogue import Content, Published
from consent.cookie import Remembered, Standing
from consent.decide import Choice
from consent.models import Decision
from records.http import BadRequest


@dataclass(frozen=True)
class Visitor:
    """What one request says of whoever sent it. No address and no browser."""

    site_id: int
    published: Published | None
    remembered: Remembered | None
    gpc: bool
    now: datetime
    language: str
    path: str

    @property
    def asked_again_since(self) -> datetime | None:
        return told.asked_again_since(self.site_id, self.now)

    def standing(self, published: Published) -> Standing:
        """What was chosen before and still counts. Where an earlier configuration is answered than the one the cookie
        speaks of: the groups that have not changed since."""
        said = self.published if self.remembered and self.remembered.number > published.number else published
        if said is None:
            return Standing()
        found = cookie.standing(self.remembered, said, at=self.now, asked_again_since=self.asked_again_since)
        return found if said is published else found.only(_unchanged(published, said))

    def explicit(self, published: Published) -> Choice:
        """What that sells or shares data was allowed although a Global Privacy Control signal was sent along: by its
        name, then."""
        if self.remembered is None or not self.remembered.gpc:
            return Choice()
        found = self.standing(published).only([group for group in published.choosable if group["gpc"]])
        given = [{key: yes for key, yes in said.items() if yes} for said in (found.groups, found.services)]
        return Choice(*given)

    def allowed(self, published: Published) -> Choice:
        """What may run: the standing choices, less what the browser's signal refuses."""
        found = self.standing(published)
        if not self.gpc:
            return Choice(found.groups, found.services)
        return decide.by_signal_alone(published, found, explicit=self.explicit(published))


def _unchanged(published: Published, now: Published) -> list[Content]:
    """The groups of an earlier configuration whose choice and bits are the same now."""
    since = {group["key"]: group["since"] for group in now.choosable}
    return [group for group in published.choosable if since.get(group["key"]) == group["since"]]


def site_of(request: HttpRequest) -> Site | None:
    """The site that answers at this request's host."""
    return told.site_of(host_of(request), request.get_port())


def host_of(request: HttpRequest) -> str:
    """Without the port."""
    return split_domain_port(request.get_host())[0]


def asks_not_to_be_sold(request: HttpRequest) -> bool:
    """Sec-GPC (W3C); DNT as well where the site heeds it, for no law gives that a meaning."""
    sent = request.headers
    return sent.get("Sec-GPC") == "1" or (settings.CONSENT_HONOUR_DNT and sent.get("DNT") == "1")


def of(request: HttpRequest) -> Visitor | None:
    """None where no site answers at this host."""
    site = site_of(request)
    if site is None:
        return None
    return Visitor(
        site_id=site.pk,
        published=catalogue.current(site.pk),
        remembered=cookie.read(request.COOKIES.get(cookie.NAME, "")),
        gpc=asks_not_to_be_sold(request),
        now=timezone.now(),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        path=_page(request),
    )


def answer_of(request: HttpRequest) -> tuple[Published | None, Choice]:
    """What is asked for, and what of it this visitor allows and refuses; their browser's signal counts too."""
    site = site_of(request)
    published = catalogue.current(site.pk) if site else None
    if site is None or published is None:
        return None, Choice()
    remembered = cookie.read(request.COOKIES.get(cookie.NAME, ""))
    gpc = asks_not_to_be_sold(request)
    return published, Visitor(site.pk, published, remembered, gpc, timezone.now(), "", "").allowed(published)


def _page(request: HttpRequest) -> str:
    """The page a choice was made on: its path, or the pattern of its address where that holds more than a page's name,
    such as the token of a mail's link. Browsers tell it to the site itself alone."""
    try:
        address = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    path = unquote(address.path)
    if address.netloc != request.get_host() or not path.isprintable():
        return ""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    return f"/{match.route}" if match.kwargs else path


def record(
    visitor: Visitor, published: Published, choice: Choice, source: Decision.Source, *, key: uuid.UUID, sent: Choice
) -> tuple[Decision, bool]:
    """Writes the choice of `visitor`; `sent` is what of it they said just now. Raises BadRequest."""
    earlier, remembered = visitor.standing(published), visitor.remembered
    until = visitor.now + told.lasts(visitor.now)
    # A choice that is carried along keeps the end it had: it is not made anew.
    carried = remembered is not None and any(group not in sent.groups for group in earlier.groups)
    try:
        decision, new = decide.record(
            choices=choice.groups,
            services=choice.services,
            source=source,
            action=decide.action(choice, earlier),
            at=visitor.now,
            key=key,
            told=told.at(visitor.site_id, visitor.now, visitor.language),
            published=published,
            consent_id=remembered.consent_id if remembered else None,
            expires_at=min(until, remembered.expires_at) if carried and remembered else until,
            locale=visitor.language,
            path=visitor.path,
            gpc=visitor.gpc,
        )
    except decide.KeyReused as error:
        raise BadRequest(422, str(error)) from error
    if not new and remembered and remembered.decided_at > decision.decided_at:
        raise BadRequest(422, _("Another choice was made since this key was used. Make a new key for each choice."))
    return decision, new


def remember(request: HttpRequest, response: Any, decision: Decision, published: Published) -> Any:
    """Gives the visitor a cookie that says what was decided, and takes those that it permits no longer. Returns the
    response."""
    assert decision.expires_at
    response.set_cookie(
        cookie.NAME,
        cookie.write(decide.remembered(decision, published, expires_at=decision.expires_at)),
        expires=decision.expires_at,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    compatibility.write(response, decision, published)
    cleaning.delete(
        response.cookies, sent=request.COOKIES, host=host_of(request), published=published, decision=decision
    )
    return response
