from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("records", "0011_sealed_rows")]

    operations = [
        migrations.AddField(
            model_name="promisecheck",
            name="checked_by",
            field=models.CharField(default="", max_length=100, verbose_name="check"),
        ),
        migrations.AddField(
            model_name="promisecheck",
            name="place",
            field=models.PositiveIntegerField(default=0, verbose_name="place"),
        ),
        migrations.AddField(
            model_name="promisecheck",
            name="seconds",
            field=models.FloatField(default=0, verbose_name="seconds"),
        ),
        migrations.AddField(
            model_name="promisecheck",
            name="said",
            field=models.JSONField(default=dict, verbose_name="in words"),
        ),
        migrations.AddField(
            model_name="promisecheck",
            name="measured",
            field=models.JSONField(default=dict, encoder=DjangoJSONEncoder, verbose_name="measured"),
        ),
        migrations.AddField(
            model_name="promisecheck",
            name="mend",
            field=models.CharField(blank=True, max_length=100, verbose_name="where it is mended"),
        ),
    ]
