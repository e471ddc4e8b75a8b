"""The plain columns go, once nothing is in them."""

from django.db import migrations

from records import sealing

COLUMNS = {f"plain_{name}": name for name in ("email", "subject", "text")}


def seal(apps, schema_editor):
    """What an old process wrote since."""
    sealing.seal_rows(apps.get_model("mailing", "Letter"), COLUMNS, email="plain_email")


class Migration(migrations.Migration):
    dependencies = [("mailing", "0006_seal_letters")]

    operations = [
        migrations.RunSQL("LOCK TABLE mailing_letter", migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        *(migrations.RemoveField("letter", name) for name in COLUMNS),
    ]
