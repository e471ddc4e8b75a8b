"""How far is a site on its way from an empty database to a policy in force?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db.models import Q
from wagtail.models import Page, Site

from consent import catalogue, findings
from consent.models import Scan, Service
from home.models import FormPage, HomePage
from mailing import setup
from policies.models import PolicyPage
from records.models import Controller

ENTER = "access_admin"
NOBODY = {"localhost", ""}  # domains of a sender that nobody has chosen yet


class Step(StrEnum):
    SITE = "site"
    POLICY = "policy"
    SERVICES = "services"
    SCAN = "scan"
    PUBLISH = "publish"
    FORM = "form"
    PEOPLE = "people"
    MAIL = "mail"


STEPS = (Step.SITE, Step.POLICY, Step.SERVICES, Step.SCAN, Step.PUBLISH)
ADVISED = (Step.SCAN,)  # a policy can take force without it
LATER = (Step.FORM, Step.PEOPLE, Step.MAIL)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`home` is a home page of ours at the site's root; `version` the newest version of its policy that stands, in
    force or announced; `configuration` the number of the one that visitors are asked about, 0 before the first."""

    owner: str
    home: Page | None
    policy: PolicyPage | None
    version: int
    in_force: bool
    services: int
    configuration: int
    changed: bool
    scanned_at: datetime | None
    findings: int
    forms: int
    people: int
    sends: bool

    def is_done(self, step: Step) -> bool:
        return {
            Step.SITE: bool(self.owner and self.home),
            Step.POLICY: self.policy is not None,
            Step.SERVICES: bool(self.services or self.configuration),  # published without any: there are none
            Step.SCAN: self.scanned_at is not None and not self.findings,
            Step.PUBLISH: bool(self.configuration and self.version and not self.changed),
            Step.FORM: self.forms > 0,
            Step.PEOPLE: self.people > 1,
            Step.MAIL: self.sends,
        }[step]

    @property
    def is_published(self) -> bool:
        return self.version > 0

    @property
    def next(self) -> Step | None:
        """The first that is not done; what is only advised waits until the others are."""
        needed = [step for step in STEPS if step not in ADVISED]
        return next((step for step in (*needed, *ADVISED) if not self.is_done(step)), None)


def default_site() -> Site | None:
    site: Site | None = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    return site


def is_published(site: Site) -> bool:
    """Can visitors read a policy, or know when one takes force? Asked on every view of the CMS's first page."""
    return _version(_policy(_home(site))) > 0


def _home(site: Site) -> Page | None:
    found: Page | None = Page.objects.type(HomePage).live().filter(pk=site.root_page_id).first()
    return found


def _policy(home: Page | None) -> PolicyPage | None:
    if home is None:
        return None
    found: PolicyPage | None = PolicyPage.objects.child_of(home).filter(alias_of=None).order_by("path").first()
    return found


def _version(policy: PolicyPage | None) -> int:
    """Of the newest version that stands, 0 where there is none or it ends the policy."""
    standing = policy.versions.brief().standing().order_by("-number").first() if policy else None
    return standing.number if standing and not standing.ends else 0


def of_site(site: Site, *, now: datetime) -> Progress:
    """As of `now` (UTC)."""
    home = _home(site)
    policy = _policy(home)
    latest = catalogue.latest_of(site.pk)
    scan = Scan.objects.filter(site=site).defer("report").order_by("-started_at", "-pk").first()
    return Progress(
        owner=Controller.objects.filter(site=site).values_list("name", flat=True).first() or "",
        home=home,
        policy=policy,
        version=_version(policy),
        in_force=bool(policy and policy.versions.effective_by(now).exists()),
        services=Service.objects.count(),
        configuration=latest.number if latest else 0,
        changed=catalogue.unpublished_changes(site),
        scanned_at=scan.finished_at if scan else None,
        findings=len(findings.open_findings(site)),
        forms=FormPage.objects.live().count(),
        people=_people(),
        sends=_sends(),
    )


def _people() -> int:
    """Accounts that may enter the CMS."""
    may_enter = Q(is_superuser=True)
    may_enter |= Q(groups__permissions__codename=ENTER) | Q(user_permissions__codename=ENTER)
    return User.objects.filter(may_enter, is_active=True).distinct().count()


def _sends() -> bool:
    """Has mail a sender of its own, and did the last look at DNS, if it is recent, find nothing to put right?"""
    report = setup.last()
    chosen = set(setup.configured().senders) - NOBODY
    return bool(chosen) and (report is None or report.is_complete)
