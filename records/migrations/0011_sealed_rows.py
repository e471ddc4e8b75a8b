"""Since when a key is wrapped as it is; what is sealed needs its key, and names its row."""

import django.utils.timezone
from django.db import migrations, models

import records.sealed
from records.sealing import key_required


class Migration(migrations.Migration):
    dependencies = [("records", "0010_register_of_disclosures"), ("records", "0010_retention")]

    operations = [
        migrations.AddField(
            model_name="subjectkey",
            name="wrapped_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="wrapped at"),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="subjectkey", name="subject_key_master"),
        migrations.AddIndex(
            model_name="subjectkey",
            index=models.Index(fields=["master", "wrapped_at"], name="subject_key_master"),
        ),
        migrations.AlterField(
            model_name="disclosureorder",
            name="id",
            field=records.sealed.RowNumber(primary_key=True, serialize=False),
        ),
        key_required("records_subjectrequest", "email", "words"),
        key_required("records_disclosureorder", "email"),
    ]
