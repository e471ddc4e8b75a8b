import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0004_ledger_append_only'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('host', 'host'), ('cookie', 'cookie'), ('local', 'local storage'), ('session', 'session storage'), ('frame', 'frame'), ('beacon', 'beacon')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('source', models.CharField(choices=[('csp', "a browser's report"), ('cookie', "this site's Set-Cookie header"), ('scan', 'the scanner')], max_length=10, verbose_name='found by')),
                ('detail', models.CharField(blank=True, max_length=100, verbose_name='detail')),
                ('page', models.CharField(blank=True, max_length=200, verbose_name='first seen on')),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen')),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('dismissed_at', models.DateTimeField(null=True, verbose_name='dismissed at')),
                ('dismissed_by', models.CharField(blank=True, max_length=200, verbose_name='dismissed by')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'finding',
                'verbose_name_plural': 'findings',
                'indexes': [models.Index(condition=models.Q(('dismissed_at', None)), fields=['site'], name='finding_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'kind', 'name'), name='finding_once')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('finished_at', models.DateTimeField(verbose_name='finished at')),
                ('pages', models.PositiveIntegerField(verbose_name='pages')),
                ('undeclared', models.PositiveIntegerField(verbose_name='undeclared')),
                ('misplaced', models.PositiveIntegerField(verbose_name='declared, but in a state that does not allow it')),
                ('report', models.JSONField(verbose_name='report')),
                ('by', models.CharField(blank=True, max_length=200, verbose_name='run by')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'scan',
                'verbose_name_plural': 'scans',
                'indexes': [models.Index(fields=['site', '-started_at'], name='scan_newest')],
            },
        ),
    ]
