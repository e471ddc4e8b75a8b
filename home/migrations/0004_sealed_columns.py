"""What visitors wrote gets sealed columns beside the plain ones. Nothing is rewritten: no lock lasts."""

import django.db.models.deletion
from django.db import migrations, models

import records.sealed
from records.sealing import key_required

PLAIN = {
    "name": models.CharField(max_length=100, default="", blank=True),
    "email": models.CharField(max_length=254, default="", blank=True),
    "phone": models.CharField(max_length=40, default="", blank=True),
    "message": models.TextField(default="", blank=True),
}
SEALED = {
    "name": records.sealed.SealedField(default=b"", most=100, verbose_name="name"),
    "email": records.sealed.SealedField(default=b"", most=254, verbose_name="e-mail"),
    "phone": records.sealed.SealedField(blank=True, default=b"", most=40, verbose_name="telephone"),
    "message": records.sealed.SealedField(default=b"", most=5000, verbose_name="message"),
    "name_index": records.sealed.BlindIndexField(db_index=True, kind="name", of="name"),
    "email_index": records.sealed.BlindIndexField(db_index=True, kind="email", of="email"),
    "phone_index": records.sealed.BlindIndexField(db_index=True, kind="phone", of="phone"),
    "subject_key": models.ForeignKey(
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="records.subjectkey",
        verbose_name="key",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("home", "0003_answers"), ("records", "0011_sealed_rows")]

    operations = [
        migrations.AlterField("inquiry", "id", records.sealed.RowNumber(primary_key=True, serialize=False)),
        *(migrations.RenameField("inquiry", name, f"plain_{name}") for name in PLAIN),
        *(migrations.AlterField("inquiry", f"plain_{name}", field) for name, field in PLAIN.items()),
        *(migrations.AddField("inquiry", name, field, preserve_default=name == "phone") for name, field in SEALED.items()),
        key_required("home_inquiry", "name", "email", "phone", "message"),
    ]
