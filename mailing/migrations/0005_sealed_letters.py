"""Letters get sealed columns beside the plain ones. Nothing is rewritten: no lock lasts."""

import django.db.models.deletion
from django.db import migrations, models

import records.sealed
from records.sealing import key_required

PLAIN = {
    "email": models.CharField(max_length=254, default="", blank=True),
    "subject": models.CharField(max_length=200, default="", blank=True),
    "text": models.TextField(default="", blank=True),
}
SEALED = {
    "email": records.sealed.SealedField(default=b"", most=254, verbose_name="e-mail"),
    "subject": records.sealed.SealedField(default=b"", most=200, verbose_name="subject"),
    "text": records.sealed.SealedField(default=b"", verbose_name="text"),
    "email_index": records.sealed.BlindIndexField(db_index=True, kind="email", of="email"),
    "subject_key": models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="records.subjectkey",
        verbose_name="key",
    ),
}
REASONS = [
    ("no_consent", "the consent was withdrawn or has expired"),
    ("no_purpose", "no policy in force names this purpose"),
    ("suppressed", "the address is on the suppression list"),
    ("cancelled", "the campaign was cancelled"),
    ("withdrawn", "the policy version was withdrawn"),
    ("unwritable", "the message cannot be written"),
    ("erased", "the person's data were erased"),
    ("refused", "the server refused it for good"),
    ("gave_up", "the server asked to come later for two days"),
    ("broken", "the connection broke while the message was handed over"),
    ("interrupted", "the worker ended while the message was handed over"),
    ("lost", "nothing is known of the machine that had it"),
]


class Migration(migrations.Migration):
    dependencies = [("mailing", "0004_subscriber_subject"), ("records", "0011_sealed_rows")]

    operations = [
        migrations.AlterField("letter", "id", records.sealed.RowNumber(primary_key=True, serialize=False)),
        *(migrations.RenameField("letter", name, f"plain_{name}") for name in PLAIN),
        *(migrations.AlterField("letter", f"plain_{name}", field) for name, field in PLAIN.items()),
        *(migrations.AddField("letter", name, field, preserve_default=False) for name, field in SEALED.items()),
        key_required("mailing_letter", "email", "subject", "text"),
        migrations.AlterField(
            "delivery",
            "reason",
            models.CharField(blank=True, choices=REASONS, max_length=12, verbose_name="reason"),
        ),
    ]
