import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.append_only import append_only


def account(label, **options):
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=label,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("records", "0009_access_log"),
    ]

    operations = [
        migrations.AlterField("disclosure", "asked_by", account("asked by", null=True)),
        migrations.AlterField("disclosure", "approved_by", account("approved by", null=True)),
        migrations.AddField(
            "disclosure",
            "asked_by_name",
            models.CharField(blank=True, default="", max_length=150, verbose_name="asked by"),
            preserve_default=False,
        ),
        migrations.AddField(
            "disclosure",
            "approved_by_name",
            models.CharField(blank=True, default="", max_length=150, verbose_name="approved by"),
            preserve_default=False,
        ),
        migrations.AlterField("disclosureorder", "proposed_by", account("proposed by")),
        migrations.AlterField("disclosureorder", "decided_by", account("decided by", null=True)),
        migrations.AddField(
            "disclosureorder",
            "document_key",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="records.subjectkey",
            ),
        ),
        migrations.AddField(
            "recipient",
            "asks",
            models.BooleanField(
                default=False,
                help_text="Whoever gets mail may then agree, on the page of their preferences, that it gets their data.",
                verbose_name="subscribers are asked",
            ),
        ),
        migrations.AddField(
            "recipient",
            "words",
            models.CharField(
                blank=True,
                help_text="A sentence, shown beside the tick and kept with each consent.",
                max_length=300,
                verbose_name="what it would use the data for",
            ),
        ),
        append_only("records_disclosedsubject"),
    ]
