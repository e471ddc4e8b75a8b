"""One message to many, in several languages and up to two versions."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from mailing.blocks import MailBlocks
from mailing.models.audience import POLICY_CHANGES, MailingList
from mailing.models.segments import Segment
from policies.models import PolicyVersion


class Campaign(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """A promotional mail to a list, or a notice about a policy version to whom it concerns. What is live is approved:
    the rows of this table are what is sent, and a draft is a revision beside them."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotional mail")
        NOTICE = "notice", _("notice of a policy version")
        WITHDRAWAL = "withdrawal", _("notice of a withdrawn policy version")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        CANCELLED = "cancelled", _("cancelled")
        SENT = "sent", _("sent")

    class Paused(models.TextChoices):
        EDITOR = "editor", _("an editor paused it")
        COMPLAINTS = "complaints", _("too many people reported it as spam")
        SENDER = "sender", _("the mail server refuses the sender")

    class Version(models.TextChoices):
        A = "a", "A"
        B = "b", "B"

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PROMOTION, editable=False)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    title = models.CharField(_("title"), max_length=150, help_text=_("For you; readers see the subject."))
    mailing_list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("mailing list")
    )
    segment = models.ForeignKey(
        Segment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("segment"),
        help_text=_("Only people of the list for whom this holds. Left empty: the whole list."),
    )
    reply_to = models.EmailField(_("answers go to"), blank=True, help_text=_("Left empty: to the sender."))
    in_recipient_zone = models.BooleanField(
        _("at that hour of each reader's own time zone"),
        default=False,
        help_text=_("Where somebody's is not known, the site's counts."),
    )
    per_minute = models.PositiveIntegerField(
        _("at most this many a minute"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    test_share = models.PositiveSmallIntegerField(
        _("try versions A and B on (percent)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(100)],
        help_text=_(
            "This part of the audience gets A or B, half each; the rest waits until you choose one. Needs a version B."
        ),
    )
    count_links = models.BooleanField(
        _("count which links are followed"),
        default=False,
        help_text=_("Only for readers who agreed to it; everybody else gets plain links."),
    )
    in_archive = models.BooleanField(
        _("show in the public archive"), default=False, help_text=_("Once it was sent, without anything about readers.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    paused_by = models.CharField(_("paused because"), max_length=10, choices=Paused.choices, blank=True, editable=False)
    chosen = models.CharField(
        _("version for the rest"), max_length=1, choices=Version.choices, blank=True, editable=False
    )
    send_at = models.DateTimeField(_("leaves at"), null=True, editable=False)
    queued_at = models.DateTimeField(_("queued at"), null=True, editable=False)  # when its rows were written
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="campaign")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="campaign",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("send_campaign", _("Can send campaigns"))]
        constraints = [
            # Whoever writes the second notice of a version, at the same moment or a year later, writes none.
            models.UniqueConstraint(fields=["policy_version", "kind"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind="promotion", policy_version=None, mailing_list__isnull=False)
                | Q(~Q(kind="promotion"), policy_version__isnull=False, mailing_list=None),
                name="campaign_has_a_list_or_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def revisions(self) -> Any:
        return self._revisions

    def with_content_json(self, content: Any) -> "Campaign":
        """A revision holds what was written. How far the campaign is, no revision knows better than the row."""
        restored: Campaign = super().with_content_json(content)
        for name in ("kind", "state", "paused_by", "chosen", "send_at", "queued_at", "ended_at"):
            setattr(restored, name, getattr(self, name))
        return restored

    @property
    def is_promotion(self) -> bool:
        return self.kind == self.Kind.PROMOTION

    def clean(self) -> None:
        super().clean()
        if self.mailing_list and self.mailing_list.key == POLICY_CHANGES:
            sentence = _("Candor writes to this list by itself when a policy changes. People asked for nothing else.")
            raise ValidationError({"mailing_list": sentence})

    @cached_property
    def written(self) -> "dict[tuple[str, str], Text]":
        """Its texts by language and version, in the order in which they were written."""
        texts = sorted(self.texts.all(), key=lambda text: (text.pk is None, text.pk or 0))
        return {(text.language, text.version): text for text in texts}

    def text_for(self, language: str, version: str = "") -> "Text | None":
        """The text in `language`, else in the site's own, else the first there is; of version A unless B is asked."""
        version = version or self.Version.A
        found = [text for (_language, which), text in self.written.items() if which == version]
        by_language = {text.language: text for text in found}
        return by_language.get(language) or by_language.get(settings.LANGUAGE_CODE) or next(iter(found), None)

    @property
    def preview_modes(self) -> Any:
        return import_string("mailing.preview.modes")(self)

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        # Named, not imported: how a mail is made lives upstairs, and reads these models.
        return import_string("mailing.preview.serve")(self, request, mode_name)


class Text(models.Model):
    """A campaign in one language, in one of up to two versions."""

    campaign = ParentalKey(Campaign, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12)
    version = models.CharField(_("version"), max_length=1, choices=Campaign.Version.choices, default=Campaign.Version.A)
    subject = models.CharField(_("subject"), max_length=150)
    preheader = models.CharField(
        _("preview line"), max_length=150, blank=True, help_text=_("Mailboxes show it after the subject.")
    )
    body = StreamField(MailBlocks(), verbose_name=_("text"))
    plain = models.TextField(
        _("as plain text"), blank=True, help_text=_("Left empty: made from the text above. Some readers see only this.")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [models.UniqueConstraint(fields=["campaign", "language", "version"], name="text_once")]

    def __str__(self) -> str:
        return self.subject


class Link(models.Model):
    """An address that a campaign links to, where followed links are counted."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="links")
    url = models.URLField(_("address"), max_length=2000)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["campaign", "url"], name="link_once")]

    def __str__(self) -> str:
        return self.url
