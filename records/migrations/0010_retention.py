import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def note_uploads_under_way(apps, schema_editor):
    """What began before anybody wrote down when counts from now."""
    UploadedFile = apps.get_model("wagtailcore", "UploadedFile")
    UploadBegun = apps.get_model("records", "UploadBegun")
    now = timezone.now()
    UploadBegun.objects.bulk_create(UploadBegun(upload=upload, at=now) for upload in UploadedFile.objects.all())


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_access_log"),
        ("wagtailcore", "0093_uploadedfile"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionTally",
            fields=[
                ("holding", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="data set")),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows deleted")),
            ],
            options={
                "verbose_name": "rows deleted and not yet recorded",
                "verbose_name_plural": "rows deleted and not yet recorded",
            },
        ),
        migrations.CreateModel(
            name="ChainEnd",
            fields=[
                ("chain", models.CharField(max_length=63, primary_key=True, serialize=False, verbose_name="table")),
                ("number", models.PositiveBigIntegerField(verbose_name="records")),
                ("sha256", models.CharField(max_length=64, verbose_name="hash of the last record")),
            ],
            options={
                "verbose_name": "end of a chain",
                "verbose_name_plural": "ends of chains",
            },
        ),
        migrations.CreateModel(
            name="UploadBegun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="begun at")),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="begun",
                        to="wagtailcore.uploadedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "begin of an upload",
                "verbose_name_plural": "begins of uploads",
            },
        ),
        migrations.RunPython(note_uploads_under_way, migrations.RunPython.noop),
    ]
