from django.db import migrations, models

ASKED = [
    ("required", "asked, and must be given"),
    ("optional", "asked, and may be left out"),
    ("no", "not asked"),
]


class Migration(migrations.Migration):
    dependencies = [("home", "0006_no_plain_inquiries")]

    operations = [
        migrations.AddField(
            model_name="contactpage",
            name="name_asked",
            field=models.CharField(choices=ASKED, default="required", max_length=8, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="contactpage",
            name="phone_asked",
            field=models.CharField(
                choices=ASKED,
                default="optional",
                help_text="The policy's data table follows when its next version is frozen.",
                max_length=8,
                verbose_name="telephone number",
            ),
        ),
    ]
