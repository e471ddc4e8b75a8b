"""Do browsers meet anything on this site that its published configuration does not name, or do its texts hold it?"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from consent import findings
from consent.enforce import publishing
from consent.enforce.pasted import problems
from consent.models import Finding
from records.promises import Promise, State, Stated, counted, later, listed, sentences
from records.terms import Kind

FEW = 5  # reports: a browser's extension, or anybody at all, makes that many
MOST = 10  # named to those who mend them


def met(now: datetime) -> Iterator[Promise]:
    """What the scanner saw or this site's own answers tried to set breaks the promise at once; what browsers alone
    report does when they go on: anybody can send a report."""
    found = [row for site in Site.objects.all() for row in findings.open_findings(site)]
    certain = [row for row in found if row.source != Finding.Source.CSP or row.count >= FEW]
    full = any(findings.is_full(site) for site in Site.objects.all())
    yield Promise(
        key="consent.findings",
        title=_met_title(),
        promised=_met_promised(),
        stated_by=Stated(Kind.SERVICE, now).by_any(),
        state=State.BROKEN if certain or full else State.KEPT,
        evidence=sentences(
            _met(len(certain)), _doubtful() if len(found) > len(certain) else "", _full() if full else ""
        ),
        measured={"undeclared": bool(certain)},
        details=listed(*(f"{row.get_kind_display()} {row.name}" for row in certain[:MOST])),
        mend="consent_found:index",
    )


def pasted(now: datetime) -> Iterator[Promise]:
    """Every live page, as it is shown: what was published before a service was taken away is found as well."""
    found = [page for site in Site.objects.select_related("root_page") for page in _with_strangers(site)]
    yield Promise(
        key="consent.pasted",
        title=_pasted_title(),
        promised=_pasted_promised(),
        stated_by=Stated(Kind.SERVICE, now).by_any(),
        state=State.BROKEN if found else State.KEPT,
        evidence=_pasted(len(found)),
        measured={"undeclared": bool(found)},
        details=listed(*(f"{page.get_admin_display_title()} (#{page.pk})" for page in found[:MOST])),
        mend="consent_services:index",
    )


def _with_strangers(site: Site) -> Iterator[Page]:
    published = publishing.newest(site)
    for page in Page.objects.descendant_of(site.root_page, inclusive=True).live().specific().iterator(chunk_size=100):
        if any(problems(html, published) for _field, html in publishing.written(page)):
            yield page


@later
def _met_title() -> str:
    return _("Cookies and hosts met on the site")


@later
def _met_promised() -> str:
    return _("Only cookies that are declared are set, and only hosts that are declared are contacted")


@later
def _met(number: int) -> str:
    if not number:
        return _("Nothing was met that is not declared.")
    return _("Met and not declared: %(number)s.") % {"number": counted(number)}


@later
def _doubtful() -> str:
    return _("A few browsers reported something else, which may be their own.")


@later
def _full() -> str:
    return _("There is so much that nothing further is written down.")


@later
def _pasted_title() -> str:
    return _("What pages load from others")


@later
def _pasted_promised() -> str:
    return _("No page runs a script or shows content of others that no declared service covers")


@later
def _pasted(number: int) -> str:
    if not number:
        return _("Every page loads only what is declared.")
    return _("Pages with something that is not declared: %(number)s.") % {"number": counted(number)}
