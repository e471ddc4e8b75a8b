"""Who asked for which mail, what was written to them, and which decision allowed each message."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from consent.models import Decision
from policies.models import PolicyVersion

models.EmailField.register_lookup(Lower)  # email__lower finds an address however it is capitalised, by the index


POLICY_CHANGES = "policy-changes"  # the key of the list for notices of policy versions, where an editor makes one


class MailingList(models.Model):
    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Short and lasting, such as news."))
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(
        _("what subscribers get"),
        max_length=300,
        help_text=_("Shown beside the sign-up form and kept with each consent."),
    )

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        renamed = MailingList.objects.filter(pk=self.pk).exclude(key=self.key)
        if renamed.exists() and self.subscriptions.exists():
            raise ValidationError({"key": _("People have agreed to this list under its present key: it stays.")})

    @property
    def purpose(self) -> str:
        """The name of this list among a decision's choices."""
        return f"mail:{self.key}"


class Subscriber(models.Model):
    """A person's address. It may stand here unconfirmed for a few days; nothing but the question is sent to it then."""

    email = models.EmailField(_("e-mail"), max_length=254)
    locale = models.CharField(_("language"), max_length=12)
    created_at = models.DateTimeField(_("first asked at"))

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [models.UniqueConstraint(Lower("email"), name="subscriber_email")]

    def __str__(self) -> str:
        return f"Subscriber #{self.pk}"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> "SubscriptionQuerySet":
        """Confirmed and not left: a decision stands behind each."""
        return self.filter(confirmed_at__isnull=False, left_at=None, decision__isnull=False)


class Subscription(models.Model):
    """One person on one list: asked, confirmed, perhaps left."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="subscriptions")
    statement = models.TextField(_("words agreed to"))
    requested_at = models.DateTimeField(_("asked at"))
    confirmation_sent_at = models.DateTimeField(_("question sent at"), null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    left_at = models.DateTimeField(_("left at"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "mailing_list"], name="subscription_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(decision__isnull=False), name="subscription_names_its_consent"
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription #{self.pk}"

    @property
    def asked_since_left(self) -> bool:
        """False for a subscription that was left and not asked for since."""
        return self.left_at is None or self.requested_at > self.left_at

    def decision_for_mail(self, at: datetime) -> Decision | None:
        """The live consent that covers a message on this list at `at`, if there is one."""
        if self.decision is None or self.left_at is not None:
            return None
        return self.decision if self.decision.allows(self.mailing_list.purpose, at) else None


class Campaign(models.Model):
    """One message to many: a promotional one to a list, or a notice about a policy version to whom it concerns."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotional mail")
        NOTICE = "notice", _("notice of a policy version")
        WITHDRAWAL = "withdrawal", _("notice of a withdrawn policy version")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PROMOTION, editable=False)
    policy_version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=150)
    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, null=True, verbose_name=_("mailing list"))
    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "link", "ol", "ul", "hr"])
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    queued_at = models.DateTimeField(_("sent at"), null=True, editable=False)

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
        return self.subject

    def clean(self) -> None:
        super().clean()
        if self.mailing_list and self.mailing_list.key == POLICY_CHANGES:
            sentence = _("Candor writes to this list by itself when a policy changes. People asked for nothing else.")
            raise ValidationError({"mailing_list": sentence})


class Delivery(models.Model):
    """One campaign to one subscription, and the decision that allowed it. These rows are the queue."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("taken by a worker")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("accepted by the mail server")
        SKIPPED = "skipped", _("not sent")
        FAILED = "failed", _("refused by the mail server")
        UNKNOWN = "unknown", _("interrupted: may have been sent")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="deliveries")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), null=True)
    changed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["campaign", "subscription"], name="delivery_once")]
        indexes = [models.Index(fields=["campaign", "id"], condition=Q(state="pending"), name="delivery_waiting")]

    def __str__(self) -> str:
        return f"Delivery #{self.pk}"
