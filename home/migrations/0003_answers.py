"""Who may answer inquiries from the CMS."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("home", "0002_sections"), ("mailing", "0003_engine")]

    operations = [
        migrations.AlterModelOptions(
            name="inquiry",
            options={
                "permissions": [("answer_inquiry", "Can answer inquiries")],
                "verbose_name": "inquiry",
                "verbose_name_plural": "inquiries",
            },
        ),
    ]
