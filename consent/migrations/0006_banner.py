import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0005_findings'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Banner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texts', models.JSONField(blank=True, default=dict, verbose_name='own words')),
                ('consent_mode', models.CharField(choices=[('basic', 'wait until the visitor allows them'), ('advanced', 'load at once, and are told “denied”: Google is contacted before anybody chose')], default='basic', max_length=10, verbose_name="Google's tags")),
                ('site', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='consent_banner', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'banner',
                'verbose_name_plural': 'banners',
            },
        ),
    ]
