"""The policy page an editor writes, and the frozen versions that visitors read."""

from collections import Counter
from datetime import datetime
from http import HTTPMethod
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, Revision
from wagtail.url_routing import RouteResult

from policies import clauses
from policies.blocks import ClausesBlock


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def standing(self) -> "PolicyVersionQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawal=None)

    def effective_by(self, at: datetime) -> "PolicyVersionQuerySet":
        """Standing versions whose instant has come, the one in force first."""
        return self.standing().filter(effective_from__lte=at).order_by("-effective_from", "-number")

    def pending(self, at: datetime) -> "PolicyVersionQuerySet":
        """Standing versions whose instant is yet to come, the next first."""
        return self.standing().filter(effective_from__gt=at).order_by("effective_from", "number")


class PolicyVersion(models.Model):
    """One text, frozen: what is served while it is in force and for ever after at its own address. Append-only."""

    page = models.ForeignKey("policies.PolicyPage", on_delete=models.PROTECT, related_name="versions")
    # PROTECT also keeps purge_revisions from deleting the revision that was published.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    effective_from = models.DateTimeField(_("in force from"))
    frozen_at = models.DateTimeField(_("frozen at"))
    # Copied, not referenced: the row must neither change nor vanish with the account.
    frozen_by = models.CharField(_("frozen by"), max_length=200, blank=True)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    content = models.JSONField(_("content"))
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    html = models.TextField(_("HTML"))
    text = models.TextField(_("plain text"))

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="policy_version_number"),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("frozen_at")),
                name="policy_version_not_backdated",
                violation_error_message=_("A version cannot take force before it is frozen."),
            ),
        ]
        indexes = [models.Index(fields=["page", "-effective_from", "-number"], name="policy_version_in_force")]

    def __str__(self) -> str:
        return f"{self.content['title']}, version {self.number}"

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def url(self) -> str:
        return f"{self.page.url}v/{self.number}/"


class PolicyWithdrawal(models.Model):
    """The act of taking back a version before its instant came. Append-only."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    withdrawn_by = models.CharField(_("withdrawn by"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("withdrawn version")

    def __str__(self) -> str:
        return f"Withdrawal #{self.pk}"


class PolicyPage(RoutablePageMixin, Page):
    """Where a policy is written. Publishing or scheduling freezes a version; visitors read frozen versions only."""

    body = StreamField(ClausesBlock(), verbose_name=_("clauses"))
    change_note = models.CharField(
        _("what changed"), max_length=300, blank=True, help_text=_("One sentence for visitors, shown in the history.")
    )

    live: bool
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("change_note")]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "policies/policy_page.html"

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def clean(self) -> None:
        super().clean()
        twice = sorted(name for name, count in Counter(clauses.own_anchors(self.body)).items() if count > 1)
        if twice:
            raise ValidationError({"body": _("Two clauses share an anchor: %s.") % ", ".join(twice)})
        if self.expire_at:
            raise ValidationError({"expire_at": _("A policy does not expire: a newer version supersedes it.")})

    def clean_for_publishing(self) -> None:
        """What the editor's form checks before it publishes; the other ways to publish check less. Raises
        ValidationError."""
        self.full_clean()
        try:
            self.body.stream_block.clean(self.body)
        except ValidationError as error:
            sentence = _("A policy needs at least one clause, and each clause a text and a valid anchor.")
            raise ValidationError({"body": sentence}) from error

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Serves a version whose instant has come even while Wagtail's own marker still says draft."""
        if not self.live and self.versions.effective_by(timezone.now()).exists():
            self.live = True  # in memory, for this request; `publish_scheduled` writes the marker
        return super().route(request, path_components)

    @path("")
    def in_force(self, request: HttpRequest) -> HttpResponse:
        return _answer("in_force", request, self)

    @path("history/")
    def history(self, request: HttpRequest) -> HttpResponse:
        return _answer("history", request, self)

    @path("v/<int:number>/")
    def version(self, request: HttpRequest, number: int) -> HttpResponse:
        return _answer("version", request, self, number)


def _answer(view: str, *arguments: Any) -> HttpResponse:
    """Wagtail asks the page to answer; the answers live upstairs in views.py, so they are named, not imported."""
    response: HttpResponse = import_string(f"policies.views.{view}")(*arguments)
    return response
