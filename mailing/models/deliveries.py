"""One message to one person: the queue, the outcome and the evidence are the same row."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.models import Decision
from mailing.addresses import Provider
from mailing.models.audience import Subscription
from mailing.models.campaigns import Campaign, Link
from policies.models import PolicyVersion
from records.models import SubjectKey
from records.registry import Purpose
from records.sealed import BlindIndexField, RowNumber, SealedField


class Letter(models.Model):
    """One message to one person that is no campaign: the answer to what they wrote."""

    id = RowNumber(primary_key=True)
    subject_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("key")
    )
    email = SealedField(_("e-mail"), most=254)
    email_index = BlindIndexField(of="email", kind="email", db_index=True)
    locale = models.CharField(_("language"), max_length=12)
    subject = SealedField(_("subject"), most=200)
    text = SealedField(_("text"))
    reply_to = models.EmailField(_("answers go to"), blank=True)
    in_reply_to = models.CharField(_("Message-ID it answers"), max_length=300, blank=True)
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices, default=Purpose.COMMUNICATION)
    about = models.CharField(_("about"), max_length=60, blank=True, db_index=True)  # such as "home.Inquiry:12"
    written_at = models.DateTimeField(_("written at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"Letter #{self.pk}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def unfinished(self) -> "DeliveryQuerySet":
        return self.filter(state__in=UNFINISHED)


class Delivery(models.Model):
    """One campaign to one subscription, or one letter, and the decision that allowed it. These rows are the queue."""

    class State(models.TextChoices):
        HELD = "held", _("waits until a version is chosen")
        PENDING = "pending", _("waiting")
        DEFERRED = "deferred", _("asked to come again later")
        CLAIMED = "claimed", _("taken by a worker")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("accepted by the mail server")
        SKIPPED = "skipped", _("not sent")
        FAILED = "failed", _("refused by the mail server")
        BOUNCED = "bounced", _("came back")
        COMPLAINED = "complained", _("reported as spam")
        UNKNOWN = "unknown", _("interrupted: may have been sent")

    class Reason(models.TextChoices):
        """Why a row is where it is, where its state does not say it."""

        NO_CONSENT = "no_consent", _("the consent was withdrawn or has expired")
        NO_PURPOSE = "no_purpose", _("no policy in force names this purpose")
        SUPPRESSED = "suppressed", _("the address is on the suppression list")
        CANCELLED = "cancelled", _("the campaign was cancelled")
        VERSION_WITHDRAWN = "withdrawn", _("the policy version was withdrawn")
        UNWRITABLE = "unwritable", _("the message cannot be written")
        ERASED = "erased", _("the person's data were erased")
        REFUSED = "refused", _("the server refused it for good")
        GAVE_UP = "gave_up", _("the server asked to come later for two days")
        BROKEN = "broken", _("the connection broke while the message was handed over")
        INTERRUPTED = "interrupted", _("the worker ended while the message was handed over")
        LOST = "lost", _("nothing is known of the machine that had it")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, null=True, related_name="deliveries")
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, null=True, related_name="deliveries", db_index=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    # The version in force that named the purpose as the message left. Versions are never deleted: no index.
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices)
    version = models.CharField(_("version"), max_length=1, choices=Campaign.Version.choices, blank=True)
    language = models.CharField(_("language"), max_length=12)
    provider = models.CharField(_("mailbox provider"), max_length=10, choices=Provider.choices)
    domain = models.CharField(_("mail domain"), max_length=253)
    tracked = models.BooleanField(_("with counted links"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    owner = models.CharField(_("connection that has it"), max_length=32, blank=True)
    lease_until = models.DateTimeField(_("taken until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"))
    first_tried_at = models.DateTimeField(_("first tried at"), null=True)
    smtp_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    smtp_text = models.CharField(_("words of the answer"), max_length=200, blank=True)  # without any address
    provider_id = models.CharField(_("the provider's own number"), max_length=200, blank=True)
    queued_at = models.DateTimeField(_("queued at"))
    sent_at = models.DateTimeField(_("accepted at"), null=True)
    changed_at = models.DateTimeField(_("since"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "subscription"], condition=Q(letter=None), name="delivery_once"
            ),
            models.UniqueConstraint(fields=["letter"], condition=Q(letter__isnull=False), name="delivery_of_letter"),
            models.CheckConstraint(
                condition=Q(letter=None, campaign__isnull=False, subscription__isnull=False)
                | Q(letter__isnull=False, campaign=None, subscription=None),
                name="delivery_is_of_one_thing",
            ),
        ]
        indexes = [
            # What is left to do; it shrinks to nothing as a campaign goes out.
            models.Index(
                fields=["campaign", "provider", "not_before", "id"],
                condition=Q(state__in=["pending", "deferred"]),
                name="delivery_waiting",
            ),
            models.Index(fields=["campaign", "id"], condition=Q(state="unknown"), name="delivery_unknown"),
            # Rows of a campaign lie together, so that a few pages know which days they are of.
            BrinIndex(fields=["sent_at"], name="delivery_sent", autosummarize=True, pages_per_range=32),
            models.Index(
                fields=["state", "owner"], condition=Q(state__in=["claimed", "sending"]), name="delivery_held"
            ),
        ]

    def __str__(self) -> str:
        return f"Delivery #{self.pk}"


State = Delivery.State
WAITING = [State.PENDING, State.DEFERRED]
UNFINISHED = [State.HELD, State.PENDING, State.DEFERRED, State.CLAIMED, State.SENDING]


class Slowdown(models.Model):
    """A domain, or all mailboxes of a provider, that asked us to come later."""

    target = models.CharField(_("domain or provider"), max_length=253, primary_key=True)
    level = models.PositiveSmallIntegerField(_("times in a row"), default=0)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("slowdown")
        verbose_name_plural = _("slowdowns")

    def __str__(self) -> str:
        return f"Slowdown until {self.until:%Y-%m-%d %H:%M}"


class Return(models.Model):
    """Something came back about a message: it bounced, or its reader reported it. Keeps no text: that repeats the
    address."""

    class Kind(models.TextChoices):
        HARD = "hard", _("cannot be delivered, for good")
        SOFT = "soft", _("cannot be delivered, for now")
        COMPLAINT = "complaint", _("reported as spam")
        LEFT = "left", _("left the list from the mailbox")

    class Source(models.TextChoices):
        SMTP = "smtp", _("answer of the mail server")
        MAILBOX = "mailbox", _("mail to the return address")
        WEBHOOK = "webhook", _("message of the mail provider")
        PAGE = "page", _("page of this site")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="returns")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    status = models.CharField(_("status"), max_length=20, blank=True)  # RFC 3463: "5.1.1"
    identity = models.CharField(_("identity"), max_length=64, unique=True)  # the same report twice counts once
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")

    def __str__(self) -> str:
        return f"Return #{self.pk}"


class LinkFollowed(models.Model):
    """Somebody who agreed to be counted, or a scanner on their behalf, followed a link."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="followed")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="followed")
    followed_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("followed link")
        verbose_name_plural = _("followed links")

    def __str__(self) -> str:
        return f"Followed link #{self.pk}"
