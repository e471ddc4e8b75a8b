"""The last look before a campaign leaves: to whom, in which words, on whose approval, and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from mailing import campaigns, tasks
from mailing.compose import lint, plain
from mailing.models import Campaign, Text
from policies.states import language_name
from policies.wording import instant
from records import terms
from records.tasks import hint

SEND = "mailing.send_campaign"


class OfCampaign(WagtailAdminTemplateMixin):
    """A screen about one campaign, for who may send campaigns."""

    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_use(request.user):
            raise PermissionDenied
        self.campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def may_use(self, user: Any) -> bool:
        return bool(user.has_perm(SEND))

    @property
    def results(self) -> str:
        return reverse("campaigns:inspect", args=[self.campaign.pk])

    def get_page_subtitle(self) -> str:
        return str(self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        is_draft = self.campaign.state == Campaign.State.DRAFT
        above = reverse("campaigns:edit", args=[self.campaign.pk]) if is_draft else self.results
        return [
            *self.breadcrumbs_items,
            {"url": reverse("campaigns:list"), "label": capfirst(Campaign._meta.verbose_name_plural)},
            {"url": above, "label": str(self.campaign)},
            {"url": "", "label": self.get_page_title()},
        ]


class SendForm(forms.Form):
    """When it leaves; left empty: now. Where each reader's own hour counts, that hour is one of the site's clock."""

    at = forms.DateTimeField(label=_("Date and time"), required=False, widget=AdminDateTimeInput())

    def __init__(self, *args: Any, campaign: Campaign, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        site = campaign.in_recipient_zone
        self.zone = settings.TIME_ZONE if site else timezone.get_current_timezone_name()
        sentence = (
            gettext("In the time zone of this site: %(zone)s.") if site else gettext("In the time zone %(zone)s.")
        )
        self.fields["at"].help_text = sentence % {"zone": self.zone}

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        at = cleaned.get("at")
        if "later" in self.data and not at and not self.errors:
            self.add_error("at", gettext("Write a date and a time, or send it now."))
        if at and at <= self.now:
            self.add_error("at", gettext("This is in the past. Write a later instant, or send it now."))
        return cleaned


class SendView(OfCampaign, FormView):  # type: ignore[type-arg]
    page_title = _("Send campaign")
    template_name = "mailing/campaign_send.html"
    form_class = SendForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"campaign": self.campaign, "now": self.now}

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def count(self) -> int:
        return campaigns.recipients(self.campaign).count() if self.campaign.is_promotion else 0

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign, is_draft = self.campaign, self.campaign.state == Campaign.State.DRAFT
        refusal = campaigns.refusal(campaign, self.now) if is_draft else ""
        more: dict[str, Any] = {"campaign": campaign, "is_draft": is_draft, "refusal": refusal, "count": self.count}
        if is_draft and not refusal and self.count:
            more |= {
                "facts": list(_facts(campaign, self.count, self.now)),
                "languages": languages(campaign),
                "problems": lint.problems(campaign),
                "texts": [
                    (f"text-{text.pk}", text_name(text), text, _plain(campaign, text))
                    for text in campaign.written.values()
                ],
            }
        return super().get_context_data(**more, **kwargs)

    def form_valid(self, form: SendForm) -> HttpResponse:
        at = form.cleaned_data["at"] if "later" in self.request.POST else None
        try:
            campaigns.schedule(campaign=self.campaign, send_at=at or self.now, now=self.now)
        except campaigns.CannotSend as error:
            messages.error(self.request, str(error))
            return redirect(self.request.path)
        data = {"recipients": self.count, "at": (at or self.now).isoformat(timespec="seconds")}
        log(self.campaign, "mailing.send", user=self.request.user, data=data)
        hint(tasks.start, self.campaign.pk)
        messages.success(self.request, self._said(at))
        return redirect(self.results)

    def _said(self, at: datetime | None) -> str:
        if at and self.campaign.in_recipient_zone:
            clock = at.astimezone(ZoneInfo(settings.TIME_ZONE))
            words = {"day": date_format(clock, "DATE_FORMAT"), "hour": date_format(clock, "H:i")}
            return (
                gettext("The campaign is scheduled: it leaves on %(day)s, when it is %(hour)s for each reader.") % words
            )
        if at:
            return gettext("The campaign is scheduled: it leaves on %(when)s.") % {"when": instant(at)}
        sentence = ngettext(
            "A worker is sending the campaign to %(count)d subscriber.",
            "A worker is sending the campaign to %(count)d subscribers.",
            self.count,
        )
        return sentence % {"count": self.count}


def languages(campaign: Campaign) -> list[tuple[str, str, int]]:
    """In which language readers asked for the mail, in which one they get it, and how many they are; most first."""
    people = campaigns.recipients(campaign).order_by().values_list("subscriber__locale")
    found = people.annotate(number=Count("pk")).order_by("-number", "subscriber__locale")
    return [(language_name(asked), _gets(campaign, asked), number) for asked, number in found]


def _gets(campaign: Campaign, asked: str) -> str:
    text = campaign.text_for(asked)
    return language_name(text.language) if text else ""


def _facts(campaign: Campaign, count: int, now: datetime) -> Any:
    """What there is to know before it leaves, and what follows from the settings."""
    yield _("List"), str(campaign.mailing_list)
    if campaign.segment:
        yield _("Segment"), str(campaign.segment)
    yield _("Policy in force that names its purpose"), _policy(campaign, now)
    yield from _people(campaign)
    yield _("Pace"), _pace(campaign, count)
    if campaign.test_share:
        yield _("Versions A and B"), _test(campaign)
    if campaign.in_recipient_zone:
        sentence = _("At that hour of each reader's own time zone; where it is not known, of the site's (%(zone)s).")
        yield _("Hour"), sentence % {"zone": settings.TIME_ZONE}
    links = _("Counted for readers who agreed to it; plain for everybody else.")
    yield _("Links"), links if campaign.count_links else _("Not counted.")
    yield _("Archive"), _("Shown to everybody once it was sent.") if campaign.in_archive else _("Not shown.")


def _policy(campaign: Campaign, now: datetime) -> str:
    purpose = campaigns.purpose(campaign)
    term = terms.in_force(terms.Kind.PURPOSE, purpose, now)
    version = terms.names([term.sheet])[term.sheet.pk] if term else ""
    return gettext("%(version)s names “%(purpose)s”.") % {"version": version, "purpose": purpose.label}


def _people(campaign: Campaign) -> Any:
    """Who wrote the text that is approved, and who approved it."""
    revision = campaign.live_revision
    if revision and revision.user:
        yield _("Written by"), revision.user.get_username()
    approvals = ModelLogEntry.objects.for_instance(campaign).filter(action="wagtail.publish", revision=revision)
    approval = approvals.order_by("-timestamp").select_related("user").first() if revision else None
    if approval and approval.user:
        words = {"who": approval.user.get_username(), "when": instant(approval.timestamp)}
        yield _("Approved by"), gettext("%(who)s, %(when)s") % words


def _pace(campaign: Campaign, count: int) -> str:
    if not campaign.per_minute:
        return gettext("As fast as the mail server takes them.")
    minutes = -(-count // campaign.per_minute)
    sentence = ngettext(
        "At most %(pace)d a minute: at least %(minutes)d minute.",
        "At most %(pace)d a minute: at least %(minutes)d minutes.",
        minutes,
    )
    return sentence % {"pace": campaign.per_minute, "minutes": minutes}


def _test(campaign: Campaign) -> str:
    share = campaign.test_share or 0
    if share == 100:
        return gettext("Half of the readers get A, half get B.")
    sentence = gettext(
        "About %(half)s %% of the readers get A, as many get B; the others wait until you choose a version for them."
    )
    return sentence % {"half": f"{share / 2:g}"}


def text_name(text: Text) -> str:
    return gettext("%(language)s, version %(version)s") % {
        "language": language_name(text.language),
        "version": text.get_version_display(),
    }


def _plain(campaign: Campaign, text: Text) -> str:
    return plain(campaign, language=text.language, version=text.version)
