"""The frozen texts that visitors read: versions, their translations, and what was taken back. All append-only."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision


class FrozenText(models.Model):
    """What a version and a rendition of it have in common: one text in one language, and the proof of it."""

    # PROTECT also keeps purge_revisions from deleting the revision that was published.
    page = models.ForeignKey("policies.PolicyPage", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=100)
    effective_from = models.DateTimeField(_("in force from"))
    frozen_at = models.DateTimeField(_("frozen at"))
    # Copied, not referenced: the row must neither change nor vanish with the account.
    frozen_by = models.CharField(_("frozen by"), max_length=200, blank=True)
    written_by = models.CharField(_("written by"), max_length=200, blank=True)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    content = models.JSONField(_("content"))
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    html = models.TextField(_("HTML"))
    text = models.TextField(_("plain text"))
    # The clauses as the editor wrote them: what a re-issue is merged from, whatever becomes of the revision.
    source = models.JSONField(_("source"))
    used = models.JSONField(_("configuration it rests on"), default=dict)
    previous_sha256 = models.CharField(_("SHA-256 of the one before"), max_length=64, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def terms(self) -> list[dict[str, Any]]:
        """What it obliges the site to, as in `records.Term`; nothing for a text frozen before there were terms."""
        stated: list[dict[str, Any]] = self.content.get("terms", [])
        return stated


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

    def brief(self) -> "PolicyVersionQuerySet":
        """Without the texts, for lists."""
        return self.defer("content", "html", "text", "source", "used")


class PolicyVersion(FrozenText):
    """One text, frozen: what is served while it is in force and for ever after at its own address."""

    # One for all languages: Wagtail's translation key of the page.
    policy = models.UUIDField(_("policy"))
    material = models.BooleanField(_("material change"), default=False)
    ends = models.BooleanField(_("ends the policy"), default=False)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_number"),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("frozen_at")),
                name="policy_version_not_backdated",
                violation_error_message=_("A version cannot take force before it is frozen."),
            ),
        ]
        indexes = [models.Index(fields=["policy", "-effective_from", "-number"], name="policy_version_in_force")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def url(self) -> str:
        return f"{self.page.url}v/{self.number}/"

    @property
    def chained(self) -> dict[str, Any]:
        """What `sha256` covers besides the content and the one before."""
        return {"policy": str(self.policy), "material": self.material, "ends": self.ends}


class PolicyRendition(FrozenText):
    """A version in another language. A better translation is a new rendition; the version and its instant stay."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="renditions")

    class Meta:
        verbose_name = _("translation of a policy version")
        verbose_name_plural = _("translations of policy versions")
        constraints = [
            models.UniqueConstraint(fields=["version", "language", "number"], name="policy_rendition_number"),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("frozen_at")), name="policy_rendition_not_backdated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version.number}, {self.language}"

    @property
    def chained(self) -> dict[str, Any]:
        return {"version": self.version.sha256}


class PolicyWithdrawal(models.Model):
    """The act of taking back a version before its instant came."""

    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    withdrawn_by = models.CharField(_("withdrawn by"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("withdrawn version")

    def __str__(self) -> str:
        return f"Withdrawal #{self.pk}"
