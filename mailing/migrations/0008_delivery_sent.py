from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("mailing", "0007_no_plain_letters")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=BrinIndex(autosummarize=True, fields=["sent_at"], name="delivery_sent", pages_per_range=32),
        ),
    ]
