"""Seals what visitors have written, a batch a transaction: it may be stopped, and started again."""

from django.db import migrations

from records import sealing

COLUMNS = {f"plain_{name}": name for name in ("name", "email", "phone", "message")}


def seal(apps, schema_editor):
    sealing.seal_rows(apps.get_model("home", "Inquiry"), COLUMNS, email="plain_email")


def unseal(apps, schema_editor):
    sealing.open_rows(apps.get_model("home", "Inquiry"), COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("home", "0004_sealed_columns")]

    operations = [migrations.RunPython(seal, unseal)]
