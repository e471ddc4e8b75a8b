from django.db import migrations

from records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]

    operations = [append_only("consent_snapshot"), append_only("consent_decision")]
