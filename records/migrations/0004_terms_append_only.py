from django.db import migrations

from records.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("records", "0003_terms")]

    operations = [append_only(f"records_{table}") for table in ("termsheet", "termsheetwithdrawal", "term")]
