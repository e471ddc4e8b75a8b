"""Who asked for mail, and who is never written to again."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from consent.models import Decision
from mailing import addresses
from records.registry import Purpose
from records.sealed import BlindIndexField

models.EmailField.register_lookup(Lower)  # email__lower finds an address however it is capitalised, by the index

POLICY_CHANGES = "policy-changes"  # the key of the list for notices of policy versions, where an editor makes one
PURPOSES = [(purpose.value, purpose.label) for purpose in (Purpose.PROMOTION, Purpose.SERVICE, Purpose.COMMUNICATION)]


class MailingList(models.Model):
    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Short and lasting, such as news."))
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(
        _("what subscribers get"),
        max_length=300,
        help_text=_("Shown beside the sign-up form and kept with each consent."),
    )
    policy_purpose = models.CharField(
        _("purpose in the policy"),
        max_length=40,
        choices=PURPOSES,
        default=Purpose.PROMOTION,
        help_text=_("Nothing is sent to this list unless a policy in force names this purpose."),
    )
    sender = models.CharField(
        _("sender"),
        max_length=200,
        blank=True,
        help_text=_("Such as News <news@example.org>. Left empty: the site's own sender."),
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
        if self.sender and not addresses.is_sender(self.sender):
            raise ValidationError({"sender": _("Write a name and an address: News <news@example.org>.")})

    @property
    def purpose(self) -> str:
        """The name of this list among a decision's choices."""
        return f"mail:{self.key}"

    @property
    def tracking(self) -> str:
        """The name, among a decision's choices, of counting which links of its mails are followed."""
        return f"mail-links:{self.key}"


class Field(models.Model):
    """Something that may be known of subscribers beside their address. Declared here before anything is stored."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        YES_NO = "yes_no", _("yes or no")

    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("As in {{ city|your town }}."))
    label = models.CharField(_("label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    why = models.CharField(
        _("why it is asked"), max_length=200, help_text=_("Shown to subscribers beside it, where they can change it.")
    )

    class Meta:
        verbose_name = _("subscriber field")
        verbose_name_plural = _("subscriber fields")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Subscriber(models.Model):
    """A person's address. It may stand here unconfirmed for a few days; nothing but the question is sent to it then."""

    email = models.EmailField(_("e-mail"), max_length=254)
    # Keyed hash of the address, as the suppression list has it: joined with it before every message.
    digest = models.BinaryField(_("hash of the address"), max_length=32, editable=False)
    # The blind index by which everything about a person is found, as in every other data set.
    subject = BlindIndexField(of="email", kind="email", db_index=True)
    domain = models.CharField(_("mail domain"), max_length=253, editable=False)
    provider = models.CharField(
        _("mailbox provider"), max_length=10, choices=addresses.Provider.choices, editable=False
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=12)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    fields = models.JSONField(_("fields"), default=dict, blank=True)
    created_at = models.DateTimeField(_("first asked at"))

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [models.UniqueConstraint(Lower("email"), name="subscriber_email")]
        indexes = [models.Index(fields=["digest"], name="subscriber_digest")]

    def __str__(self) -> str:
        return f"Subscriber #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """What follows from the address is never set by hand."""
        self.digest = addresses.digest(self.email)
        self.domain = addresses.domain(self.email)
        self.provider = self.provider or addresses.provider(self.domain)
        super().save(*args, **kwargs)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> "SubscriptionQuerySet":
        """Confirmed and not left: a decision stands behind each."""
        return self.filter(confirmed_at__isnull=False, left_at=None, decision__isnull=False)


class Subscription(models.Model):
    """One person on one list: asked, confirmed, perhaps left."""

    class Source(models.TextChoices):
        FORM = "form", _("sign-up form")
        PREFERENCES = "prefs", _("preference page")
        IMPORT = "import", _("import")
        PROGRAM = "program", _("program")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="subscriptions")
    statement = models.TextField(_("words agreed to"))
    locale = models.CharField(_("language of the words"), max_length=12, blank=True)
    source = models.CharField(_("asked for by"), max_length=10, choices=Source.choices, default=Source.FORM)
    source_note = models.CharField(_("where exactly"), max_length=200, blank=True)
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


class Suppression(models.Model):
    """An address that is not written to, known by a keyed hash alone: it outlives the person's erasure."""

    class Scope(models.TextChoices):
        ALL = "all", _("no mail at all")
        LISTS = "lists", _("no mail of lists; notices that the law asks for go on")

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard", _("the address does not exist")
        SOFT_BOUNCES = "soft", _("mails of three campaigns could not be delivered")
        COMPLAINT = "complaint", _("reported as spam")
        OBJECTION = "objection", _("the person objected (GDPR Art. 21)")
        ERASURE = "erasure", _("the person was erased and wants no mail")
        EDITOR = "editor", _("an editor's decision")

    digest = models.BinaryField(_("hash of the address"), max_length=32)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    since_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [models.UniqueConstraint(fields=["digest", "scope"], name="suppression_once")]

    def __str__(self) -> str:
        return f"Suppressed address #{self.pk}"
