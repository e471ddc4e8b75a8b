"""To whom did which data go, on which ground, and who allowed it?"""

import uuid
from typing import IO, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models.keys import SubjectKey
from records.models.parties import Recipient
from records.registry.vocabulary import Ground
from records.sealed import BlindIndexField, RowNumber, SealedField


def account(label: Any, *, null: bool = False) -> Any:
    """Who acted in the CMS. The account may go; the row, which nobody changes, stays."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=null,
        related_name="+",
        verbose_name=label,
    )


class Disclosure(models.Model):
    """One act of handing personal data to a third party. Append-only; each row holds the hash of the one before, and
    the names of recipient and accounts as they were that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("number"), unique=True)
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="disclosures", verbose_name=_("recipient")
    )
    recipient_name = models.CharField(_("recipient's name"), max_length=200)
    recipient_country = models.CharField(_("country"), max_length=2, blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    reference = models.CharField(_("contract, case or document"), max_length=200, blank=True)
    document_sha256 = models.CharField(_("hash of the document"), max_length=64, blank=True)
    sets = models.JSONField(_("data sets and columns"))  # {"home.Inquiry": ["name", "email"]}
    subjects = models.PositiveIntegerField(_("people"))
    means = models.CharField(_("means"), max_length=200)  # "file download", "mail provider's interface" …
    sha256_sent = models.CharField(_("hash of what was sent"), max_length=64)
    bytes_sent = models.PositiveBigIntegerField(_("bytes"), default=0)
    asked_by = account(_("asked by"), null=True)  # None: the site itself, such as at the start of a campaign
    asked_by_name = models.CharField(_("asked by"), max_length=150, blank=True)
    approved_by = account(_("approved by"), null=True)
    approved_by_name = models.CharField(_("approved by"), max_length=150, blank=True)
    policy = models.UUIDField(_("policy"), null=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    stated_by = models.CharField(_("stated by"), max_length=300)
    at = models.DateTimeField(_("at"), db_index=True)
    previous = models.CharField(_("hash of the row before"), max_length=64)
    sha256 = models.CharField(_("hash"), max_length=64)

    file: IO[bytes]  # what `disclose` hands back with the row; no column: the site keeps its hash alone
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        permissions = [("disclose", _("Can disclose data to a third party"))]

    def __str__(self) -> str:
        return f"Disclosure #{self.number}"


class DisclosedSubject(models.Model):
    """A person whose data a disclosure held, by the blind index of their address, and the decision that allowed it.
    Append-only."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="people")
    subject = models.BinaryField(max_length=16)
    consent = models.UUIDField(_("decision"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("person in a disclosure")
        verbose_name_plural = _("people in disclosures")
        constraints = [models.UniqueConstraint(fields=["disclosure", "subject"], name="disclosed_once")]
        indexes = [models.Index(fields=["subject"], name="disclosed_subject")]

    def __str__(self) -> str:
        return f"Person #{self.pk} of a disclosure"


class DisclosureOrder(models.Model):
    """What one person proposes to hand out and a second has to approve: a court's order, the passing of the site."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        DONE = "done", _("handed out")

    id = RowNumber(primary_key=True)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+", verbose_name=_("recipient"))
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    reference = models.CharField(_("number of the document"), max_length=200)
    document = models.BinaryField(_("document"), null=True)  # the order itself, sealed
    # The site's own key: the document stays readable when the person it is about is erased.
    document_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    document_name = models.CharField(max_length=200, blank=True)
    document_sha256 = models.CharField(_("hash of the document"), max_length=64, blank=True)
    sets = models.JSONField(_("data sets and columns"))
    subject_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    email = SealedField(_("whose data"), blank=True, default=b"", most=254)  # empty: everybody's
    subject = BlindIndexField(of="email", kind="email", db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = account(_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = account(_("decided by"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    disclosure = models.OneToOneField(
        Disclosure, on_delete=models.PROTECT, null=True, related_name="order", verbose_name=_("disclosure")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("proposed disclosure")
        verbose_name_plural = _("proposed disclosures")
        permissions = [("approve_disclosureorder", _("Can approve a disclosure that another person proposed"))]

    def __str__(self) -> str:
        return f"Proposed disclosure #{self.pk}"
