from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("consent", "0006_banner"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="source",
            field=models.CharField(
                choices=[
                    ("banner", "banner"),
                    ("panel", "preference panel"),
                    ("embed", "beside a video, map or post"),
                    ("no_js", "page without scripts"),
                    ("gpc", "Global Privacy Control"),
                    ("form", "form"),
                    ("mail", "link in a mail"),
                    ("api", "program"),
                    ("import", "import"),
                ],
                max_length=10,
                verbose_name="source",
            ),
        ),
    ]
