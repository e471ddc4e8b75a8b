"""Seals the letters that were written, a batch a transaction: it may be stopped, and started again."""

from django.db import migrations

from records import sealing

COLUMNS = {f"plain_{name}": name for name in ("email", "subject", "text")}


def seal(apps, schema_editor):
    sealing.seal_rows(apps.get_model("mailing", "Letter"), COLUMNS, email="plain_email")


def unseal(apps, schema_editor):
    sealing.open_rows(apps.get_model("mailing", "Letter"), COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mailing", "0005_sealed_letters")]

    operations = [migrations.RunPython(seal, unseal)]
