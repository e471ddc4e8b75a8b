import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from records.append_only import append_only, redactable


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("records", "0008_disclosures_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="accessentry",
            name="username",
            field=models.CharField(default="", max_length=150, verbose_name="user name"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="accessentry",
            name="act",
            field=models.CharField(
                choices=[
                    ("list", "saw in a list"),
                    ("inspect", "read"),
                    ("search", "searched"),
                    ("export", "took out as a file"),
                    ("answer", "answered"),
                    ("edit", "opened to change"),
                ],
                max_length=12,
                verbose_name="act",
            ),
        ),
        migrations.AlterField(
            model_name="accessentry",
            name="count",
            field=models.PositiveIntegerField(null=True, verbose_name="number of rows"),
        ),
        migrations.AlterField(
            model_name="accessentry",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        append_only("records_accessentry"),
        redactable("records_accessentry"),
    ]
