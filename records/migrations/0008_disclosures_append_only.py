from django.db import migrations

from records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("records", "0007_action_log")]

    operations = [append_only("records_disclosure")]
