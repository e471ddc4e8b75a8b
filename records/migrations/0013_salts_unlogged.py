"""The salts of pseudonyms stand in no write-ahead log, on no standby and in no base backup: what is destroyed is gone.

A database that crashes loses them, as PostgreSQL empties such a table; the day goes on under another salt.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0012_promise_checks")]

    operations = [
        migrations.RunSQL("ALTER TABLE records_salt SET UNLOGGED", "ALTER TABLE records_salt SET LOGGED"),
    ]
