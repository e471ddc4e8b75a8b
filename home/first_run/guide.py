"""What the guide says of each step: why, how far it is, and where it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consent.viewsets.preset import may_add
from home.first_run.progress import ADVISED, LATER, STEPS, Progress, Step
from home.first_run.rights import may_set_up
from home.models import FormPage
from policies.wording import instant


@dataclass(frozen=True)
class Act:
    """A button of the house: where it leads, and what it says."""

    url: str
    label: str


@dataclass(frozen=True)
class Described:
    key: str
    title: str
    why: str
    state: str
    stuck: str
    acts: tuple[Act, ...]
    is_done: bool
    is_next: bool
    is_advised: bool


TITLES = {
    Step.SITE: gettext_lazy("Your site"),
    Step.POLICY: gettext_lazy("Privacy policy"),
    Step.SERVICES: gettext_lazy("Services of others"),
    Step.SCAN: gettext_lazy("Scan"),
    Step.PUBLISH: gettext_lazy("Publish"),
    Step.FORM: gettext_lazy("A form"),
    Step.PEOPLE: gettext_lazy("People"),
    Step.MAIL: gettext_lazy("Mail"),
}
WHY = {
    Step.SITE: gettext_lazy("Visitors must know whose site this is and whom they can ask about their data."),
    Step.POLICY: gettext_lazy("What it says, this software does: how long messages are kept, what mail is sent for."),
    Step.SERVICES: gettext_lazy("Visitors are asked before anything of another company loads, so it must be named."),
    Step.SCAN: gettext_lazy("A browser opens every page and tells what it loads and stores that nothing names."),
    Step.PUBLISH: gettext_lazy("Until then visitors see neither the policy nor a question about services."),
    Step.FORM: gettext_lazy("So that visitors can write to you. Ask for no more than you need."),
    Step.PEOPLE: gettext_lazy(
        "Each colleague has an account of their own, with the role that fits: the log names them."
    ),
    Step.MAIL: gettext_lazy("Answers and newsletters arrive only if your domain says that this server may send them."),
}
STUCK = {
    Step.SITE: gettext_lazy("Not sure about the name? Take the one that stands on your invoices."),
    Step.POLICY: gettext_lazy(
        "It stays a draft until you publish it in the last step. Have a lawyer read it before: a model fits nobody "
        "by itself."
    ),
    Step.SERVICES: gettext_lazy("You use none? Go on: publishing the configuration as it is says so."),
    Step.SCAN: gettext_lazy(
        "It runs on the server: ask whoever operates it. You can go on without it, and scan later."
    ),
    Step.PUBLISH: gettext_lazy(
        "The policy is published from its editor: the arrow beside “Save draft”, then “Publish”. It can also take "
        "force on a day that you name under “Set schedule”."
    ),
}


def described(progress: Progress, user: Any) -> list[Described]:
    """All steps in their order; each with the buttons that this user may press."""
    acts: dict[Step, Callable[[], Iterable[Act]]] = {
        Step.SITE: lambda: _site(progress, user),
        Step.POLICY: lambda: _policy(progress, user),
        Step.SERVICES: lambda: _services(user),
        Step.SCAN: lambda: _scan(user),
        Step.PUBLISH: lambda: _publish(progress, user),
        Step.FORM: lambda: _form(progress, user),
        Step.PEOPLE: lambda: _people(user),
        Step.MAIL: lambda: _mail(user),
    }
    return [
        Described(
            key=step.value,
            title=str(TITLES[step]),
            why=str(WHY[step]),
            state=_STATES[step](progress),
            stuck="" if progress.is_done(step) else str(STUCK.get(step, "")),
            acts=tuple(acts[step]()),
            is_done=progress.is_done(step),
            is_next=progress.next == step,
            is_advised=step in ADVISED,
        )
        for step in (*STEPS, *LATER)
    ]


def _site(progress: Progress, user: Any) -> Iterable[Act]:
    home = progress.home
    if progress.is_done(Step.SITE):
        if home and home.permissions_for_user(user).can_edit():
            yield Act(reverse("wagtailadmin_pages:edit", args=[home.pk]), _("Edit the home page"))
        if user.has_perm("records.change_controller"):
            yield Act(reverse("wagtailsettings:edit", args=["records", "controller"]), _("Change the owner"))
    elif may_set_up(user):
        yield Act(reverse("first_run:site"), _("Set up the site"))


def _policy(progress: Progress, user: Any) -> Iterable[Act]:
    page = progress.policy
    if page and page.permissions_for_user(user).can_edit():
        yield Act(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Read and change the policy"))
    elif not page and progress.home and progress.home.permissions_for_user(user).can_add_subpage():
        yield Act(reverse("first_run:policy"), _("Bring or write a policy"))


def _services(user: Any) -> Iterable[Act]:
    if may_add(user):
        back = urlencode({"next": reverse("first_run:index")})
        yield Act(f"{reverse('consent_services:pick')}?{back}", _("Choose services"))


def _scan(user: Any) -> Iterable[Act]:
    if user.has_perm("consent.change_service"):
        yield Act(reverse("consent_found:index"), _("See what was found"))


def _publish(progress: Progress, user: Any) -> Iterable[Act]:
    page, is_current = progress.policy, progress.configuration and not progress.changed
    if not is_current and user.has_perm("consent.add_snapshot"):
        yield Act(reverse("consent_published:index"), _("Publish the configuration"))
    if page and not progress.version and page.permissions_for_user(user).can_publish():
        yield Act(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Publish the policy"))


def _form(progress: Progress, user: Any) -> Iterable[Act]:
    if not progress.forms and progress.home and progress.home.permissions_for_user(user).can_add_subpage():
        kind = FormPage._meta
        place = [kind.app_label, kind.model_name, progress.home.pk]
        yield Act(reverse("wagtailadmin_pages:add", args=place), _("Add a form"))


def _people(user: Any) -> Iterable[Act]:
    if user.has_perm("auth.add_user"):
        yield Act(reverse("wagtailusers_users:add"), _("Add an account"))


def _mail(user: Any) -> Iterable[Act]:
    if user.has_perm("mailing.view_delivery"):
        yield Act(reverse("mail_setup:index"), _("Check the mail set-up"))


def _said_site(progress: Progress) -> str:
    if progress.owner and progress.home:
        return _("%(name)s owns the site.") % {"name": progress.owner}
    return _("No home page of yours yet.") if not progress.home else _("Nobody is named as the owner yet.")


def _said_policy(progress: Progress) -> str:
    if progress.policy is None:
        return _("No policy yet.")
    words = {"title": progress.policy.get_latest_revision_as_object().title, "number": progress.version}
    if progress.version:
        return _("“%(title)s”: version %(number)d is published.") % words
    return _("“%(title)s” is a draft.") % words


def _said_services(progress: Progress) -> str:
    if not progress.services:
        return _("No service is named.")
    sentence = ngettext("%(count)d service is named.", "%(count)d services are named.", progress.services)
    return sentence % {"count": progress.services}


def _said_scan(progress: Progress) -> str:
    if progress.scanned_at is None:
        return _("No scan yet.")
    when = {"when": instant(progress.scanned_at, seconds=False)}
    if not progress.findings:
        return _("Scanned on %(when)s: everything that was found is named.") % when
    sentence = ngettext(
        "Scanned on %(when)s: %(count)d thing was found that nothing names.",
        "Scanned on %(when)s: %(count)d things were found that nothing names.",
        progress.findings,
    )
    return sentence % {**when, "count": progress.findings}


def _said_publish(progress: Progress) -> str:
    configured = _("Configuration %(number)d is published.") % {"number": progress.configuration}
    if progress.configuration and progress.changed:
        configured = _("The configuration has changed since it was published.")
    elif not progress.configuration:
        configured = _("No configuration is published.")
    policy = _("The policy is in force.")
    if not progress.version:
        policy = _("The policy is not published.")
    elif not progress.in_force:
        policy = _("The policy is announced, and takes force on its day.")
    return f"{configured} {policy}"


def _said_form(progress: Progress) -> str:
    sentence = ngettext("%(count)d form is published.", "%(count)d forms are published.", progress.forms)
    return sentence % {"count": progress.forms}


def _said_people(progress: Progress) -> str:
    sentence = ngettext("%(count)d account may enter.", "%(count)d accounts may enter.", progress.people)
    return sentence % {"count": progress.people}


def _said_mail(progress: Progress) -> str:
    return _("A sender is set.") if progress.sends else _("No sender is set, or DNS does not fit it.")


_STATES: dict[Step, Callable[[Progress], str]] = {
    Step.SITE: _said_site,
    Step.POLICY: _said_policy,
    Step.SERVICES: _said_services,
    Step.SCAN: _said_scan,
    Step.PUBLISH: _said_publish,
    Step.FORM: _said_form,
    Step.PEOPLE: _said_people,
    Step.MAIL: _said_mail,
}
