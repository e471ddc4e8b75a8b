"""The plain columns go, once nothing is in them."""

from django.db import migrations

from records import sealing

COLUMNS = {f"plain_{name}": name for name in ("name", "email", "phone", "message")}


def seal(apps, schema_editor):
    """What an old process wrote since."""
    sealing.seal_rows(apps.get_model("home", "Inquiry"), COLUMNS, email="plain_email")


class Migration(migrations.Migration):
    dependencies = [("home", "0005_seal_inquiries")]

    operations = [
        migrations.RunSQL("LOCK TABLE home_inquiry", migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        *(migrations.RemoveField("inquiry", name) for name in COLUMNS),
    ]
