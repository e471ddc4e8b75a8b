"""The ledger: leaves in their order, the seals over them, where those are anchored, and what checking found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """The root of a Merkle tree (RFC 9162, 2.1) over some leaves, signed, chained to the seal before. Append-only."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    first = models.BigIntegerField(_("first position"))
    last = models.BigIntegerField(_("last position"))
    up_to = models.BigIntegerField(_("everything up to"))  # of the sequence: no later row may lie below it
    root = models.BinaryField(_("root"), max_length=32)
    previous = models.BinaryField(_("hash of the seal before"), max_length=32)
    sealed_at = models.DateTimeField(_("sealed at"))
    key_id = models.CharField(_("key"), max_length=16)
    signature = models.BinaryField(_("signature"), max_length=64)  # Ed25519: RFC 8032

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"Seal {self.number}"


class LedgerEntry(models.Model):
    """One leaf in its place. It stays when the body of its decision is erased. Append-only."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("decision")
        REDACTION = "redaction", _("redaction")

    position = models.BigIntegerField(_("position"), primary_key=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    seq = models.BigIntegerField(_("number in the order of arrival"), unique=True)
    decision = models.UUIDField(_("decision"))
    leaf = models.BinaryField(_("leaf"), max_length=32)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["decision", "kind"], name="ledger_entry_once")]

    def __str__(self) -> str:
        return f"Entry {self.position}"


class Anchor(models.Model):
    """A seal was written down outside the database. Append-only."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="anchors")
    place = models.CharField(_("place"), max_length=40)
    anchored_at = models.DateTimeField(_("anchored at"))

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        constraints = [models.UniqueConstraint(fields=["place", "seal"], name="anchor_once")]

    def __str__(self) -> str:
        return f"Anchor #{self.pk}"


class Verification(models.Model):
    """The ledger was checked: how much of it, and the first fault, if any. Append-only."""

    ran_at = models.DateTimeField(_("run at"))
    seconds = models.FloatField(_("took (seconds)"))
    entries = models.BigIntegerField(_("entries"))
    seals = models.BigIntegerField(_("seals"))
    redacted = models.BigIntegerField(_("redacted"))
    unsealed = models.BigIntegerField(_("not sealed yet"))
    faults = models.BigIntegerField(_("faults"))
    first_fault = models.TextField(_("first fault"), blank=True)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")

    def __str__(self) -> str:
        return f"Verification #{self.pk}"
