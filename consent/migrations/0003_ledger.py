import json

import consent.fields
import consent.models.decisions
import consent.vocabulary
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from consent.proof import keys, leaves

LEAVES = """
SELECT d.id, d.consent_id, d.key, s.sha256 AS snapshot, v.sha256 AS policy_version, NULL AS rendition, d.statement, d.choices,
    d.services, d.source, d.action, d.locale, d.path, d.gpc, d.decided_at, d.expires_at
FROM consent_decision d LEFT JOIN consent_snapshot s ON s.id = d.snapshot_id
    LEFT JOIN policies_policyversion v ON v.id = d.policy_version_id ORDER BY d.id
"""


def name_recipients(apps, schema_editor):
    """The vendors that services named become recipients."""
    recipients = apps.get_model('records', 'Recipient')
    for service in apps.get_model('consent', 'Service').objects.all():
        service.vendor, _new = recipients.objects.get_or_create(name=service.vendor_name)
        service.save()


def complete(apps, schema_editor):
    """What was written before there were sites, numbers and leaves gets them: in this transaction the tables may change."""
    site = apps.get_model('wagtailcore', 'Site').objects.order_by('-is_default_site', 'pk').first()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SELECT 1 FROM consent_snapshot UNION SELECT 1 FROM consent_decision')
        if not cursor.fetchone():
            return
        cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
        for table in ('consent_snapshot', 'consent_decision'):
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER {table}_no_change')
        cursor.execute(
            'UPDATE consent_snapshot SET site_id = %s, number = place.number FROM '
            '(SELECT id, row_number() OVER (ORDER BY id) AS number FROM consent_snapshot) place '
            'WHERE place.id = consent_snapshot.id',
            [site.pk if site else 0],
        )
        add_leaves(cursor)
        for table in ('consent_snapshot', 'consent_decision'):
            cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER {table}_no_change')


def add_leaves(cursor):
    cursor.execute(LEAVES)
    names = [column.name for column in cursor.description]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True)) | {'key_id': keys.newest()}
        row |= {name: json.loads(row[name]) if isinstance(row[name], str) else row[name] for name in ('choices', 'services')}
        if row['source'] == 'mail' or not any(row['choices'].values()):
            row['action'] = 'give' if any(row['choices'].values()) else 'refuse'
        cursor.execute(
            'UPDATE consent_decision SET action = %s, key_id = %s, leaf = %s WHERE id = %s',
            [row['action'], row['key_id'], leaves.of_decision(row), row['id']],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0002_append_only'),
        ('cookie_consent', '0004_cookie_natural_key'),
        ('policies', '0006_next_in_chain'),
        ('records', '0005_recipient'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.RunSQL('CREATE SEQUENCE consent_ledger_seq', 'DROP SEQUENCE consent_ledger_seq'),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=40, verbose_name='place')),
                ('anchored_at', models.DateTimeField(verbose_name='anchored at')),
            ],
            options={
                'verbose_name': 'anchor',
                'verbose_name_plural': 'anchors',
            },
        ),
        migrations.CreateModel(
            name='CookieDetail',
            fields=[
                ('cookie', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='detail', serialize=False, to='cookie_consent.cookie')),
                ('lifetime', models.CharField(blank=True, max_length=10, validators=[django.core.validators.RegexValidator('^(session|unlimited|P[0-9]{1,3}[DWMY]|PT[0-9]{1,4}[HMS])$', 'How long it is kept: session, PT30M (minutes), PT24H (hours), P7D, P6M, P2Y or unlimited.')], verbose_name='kept for')),
                ('party', models.CharField(choices=[('first', "this site's"), ('third', "the vendor's own")], default='first', max_length=10, verbose_name='whose')),
                ('match', models.CharField(choices=[('exact', 'exactly this name'), ('prefix', 'names that begin so'), ('regex', 'regular expression for the whole name')], default='exact', max_length=10, verbose_name='the name is')),
                ('storage', models.CharField(choices=[('cookie', 'cookie'), ('local', 'local storage'), ('session', 'session storage')], default='cookie', max_length=10, verbose_name='kind')),
                ('texts', models.JSONField(blank=True, default=dict, verbose_name='translations')),
            ],
            options={
                'verbose_name': 'details of a cookie',
                'verbose_name_plural': 'details of cookies',
            },
        ),
        migrations.CreateModel(
            name='GroupDetail',
            fields=[
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='detail', serialize=False, to='cookie_consent.cookiegroup')),
                ('purposes', consent.fields.ChoicesField(among=consent.vocabulary.purposes, blank=True, default=list, size=None, verbose_name='purposes')),
                ('basis', models.CharField(choices=consent.vocabulary.bases, default='eu-gdpr:A6-1-a', max_length=40, verbose_name='legal basis')),
                ('texts', models.JSONField(blank=True, default=dict, verbose_name='translations')),
            ],
            options={
                'verbose_name': 'details of a group',
                'verbose_name_plural': 'details of groups',
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='position')),
                ('kind', models.CharField(choices=[('decision', 'decision'), ('redaction', 'redaction')], max_length=10, verbose_name='kind')),
                ('seq', models.BigIntegerField(unique=True, verbose_name='number in the order of arrival')),
                ('decision', models.UUIDField(verbose_name='decision')),
                ('leaf', models.BinaryField(max_length=32, verbose_name='leaf')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('seq', models.BigIntegerField(db_default=consent.models.decisions.NextInLedger(), editable=False, primary_key=True, serialize=False)),
                ('decision', models.UUIDField(unique=True, verbose_name='decision')),
                ('decision_leaf', models.BinaryField(max_length=32, verbose_name='leaf of the decision')),
                ('why', models.CharField(choices=[('retention', 'its period was over'), ('erasure', 'the person asked for it (GDPR Art. 17)')], max_length=10, verbose_name='why')),
                ('redacted_at', models.DateTimeField(verbose_name='redacted at')),
                ('key_id', models.CharField(max_length=16, verbose_name='key of the leaf')),
                ('leaf', models.BinaryField(max_length=32, verbose_name='leaf')),
            ],
            options={
                'verbose_name': 'redaction',
                'verbose_name_plural': 'redactions',
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('first', models.BigIntegerField(verbose_name='first position')),
                ('last', models.BigIntegerField(verbose_name='last position')),
                ('up_to', models.BigIntegerField(verbose_name='everything up to')),
                ('root', models.BinaryField(max_length=32, verbose_name='root')),
                ('previous', models.BinaryField(max_length=32, verbose_name='hash of the seal before')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('key_id', models.CharField(max_length=16, verbose_name='key')),
                ('signature', models.BinaryField(max_length=64, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
            },
        ),
        migrations.CreateModel(
            name='Showing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('locale', models.CharField(max_length=12, verbose_name='language')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='times')),
            ],
            options={
                'verbose_name': 'banner shown',
                'verbose_name_plural': 'banner shown',
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ran_at', models.DateTimeField(verbose_name='run at')),
                ('seconds', models.FloatField(verbose_name='took (seconds)')),
                ('entries', models.BigIntegerField(verbose_name='entries')),
                ('seals', models.BigIntegerField(verbose_name='seals')),
                ('redacted', models.BigIntegerField(verbose_name='redacted')),
                ('unsealed', models.BigIntegerField(verbose_name='not sealed yet')),
                ('faults', models.BigIntegerField(verbose_name='faults')),
                ('first_fault', models.TextField(blank=True, verbose_name='first fault')),
            ],
            options={
                'verbose_name': 'verification',
                'verbose_name_plural': 'verifications',
            },
        ),
        migrations.AddField(
            model_name='decision',
            name='action',
            field=models.CharField(choices=[('give', 'given'), ('refuse', 'refused'), ('change', 'changed'), ('withdraw', 'withdrawn')], default='give', max_length=10, verbose_name='action'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='decision',
            name='gpc',
            field=models.BooleanField(null=True, verbose_name='Global Privacy Control'),
        ),
        migrations.AddField(
            model_name='decision',
            name='key_id',
            field=models.CharField(default='', max_length=16, verbose_name='key of the leaf'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='decision',
            name='leaf',
            field=models.BinaryField(default=b'', max_length=32, verbose_name='leaf'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='decision',
            name='path',
            field=models.CharField(blank=True, max_length=200, verbose_name='page'),
        ),
        migrations.AddField(
            model_name='decision',
            name='rendition',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policies.policyrendition'),
        ),
        migrations.AddField(
            model_name='decision',
            name='seq',
            field=models.BigIntegerField(db_default=consent.models.decisions.NextInLedger(), editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='services',
            field=models.JSONField(default=dict, verbose_name='services'),
        ),
        migrations.AddField(
            model_name='service',
            name='account',
            field=models.CharField(blank=True, help_text="Put in place of {account} in the script's address and code.", max_length=100, validators=[django.core.validators.RegexValidator('^[\\w.:/-]+$', 'Letters, digits and . : / - _ only.')], verbose_name='your number with the vendor'),
        ),
        migrations.AddField(
            model_name='service',
            name='connect_origins',
            field=consent.fields.LinesField(blank=True, default=list, length=200, size=None, verbose_name='connects to'),
        ),
        migrations.AddField(
            model_name='service',
            name='consent_mode',
            field=consent.fields.ChoicesField(among=consent.vocabulary.consent_mode, blank=True, default=list, size=None, verbose_name='Google Consent Mode'),
        ),
        migrations.AddField(
            model_name='service',
            name='countries',
            field=consent.fields.LinesField(blank=True, default=list, help_text='Where the data goes: DE, US.', length=2, size=None, verbose_name='countries'),
        ),
        migrations.AddField(
            model_name='service',
            name='data',
            field=consent.fields.ChoicesField(among=consent.vocabulary.observed, blank=True, default=list, size=None, verbose_name='what it learns'),
        ),
        migrations.AddField(
            model_name='service',
            name='embeds',
            field=consent.fields.LinesField(blank=True, default=list, help_text='Hosts, one a line: www.youtube.com.', length=200, size=None, verbose_name='embeds it covers'),
        ),
        migrations.AddField(
            model_name='service',
            name='font_origins',
            field=consent.fields.LinesField(blank=True, default=list, length=200, size=None, verbose_name='fonts from'),
        ),
        migrations.AddField(
            model_name='service',
            name='frame_origins',
            field=consent.fields.LinesField(blank=True, default=list, length=200, size=None, verbose_name='frames from'),
        ),
        migrations.AddField(
            model_name='service',
            name='gpc',
            field=models.BooleanField(default=False, help_text="A visitor's Global Privacy Control signal then refuses the service's whole group.", verbose_name='sells or shares data'),
        ),
        migrations.AddField(
            model_name='service',
            name='img_origins',
            field=consent.fields.LinesField(blank=True, default=list, length=200, size=None, verbose_name='images from'),
        ),
        migrations.AddField(
            model_name='service',
            name='integrity',
            field=models.CharField(blank=True, help_text='Subresource Integrity: the browser runs no other script. For scripts that never change.', max_length=200, validators=[django.core.validators.RegexValidator('^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$', 'Such as sha384-…, as the vendor gives it.')], verbose_name='fingerprint of the script'),
        ),
        migrations.AddField(
            model_name='service',
            name='module',
            field=models.TextField(blank=True, help_text='JavaScript that this site serves itself and runs once the service is allowed.', verbose_name='first-party module'),
        ),
        migrations.AddField(
            model_name='service',
            name='preset',
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name='made from'),
        ),
        migrations.AddField(
            model_name='service',
            name='purposes',
            field=consent.fields.ChoicesField(among=consent.vocabulary.purposes, blank=True, default=list, size=None, verbose_name='purposes'),
        ),
        migrations.AddField(
            model_name='service',
            name='responsible',
            field=models.CharField(choices=[('vendor', 'the vendor, for purposes of its own'), ('joint', 'the vendor and the owner of this site together'), ('processor', 'the owner of this site; the vendor acts on its instructions')], default='vendor', max_length=20, verbose_name='who is responsible'),
        ),
        migrations.AddField(
            model_name='service',
            name='safeguard',
            field=models.CharField(choices=[('none-needed', 'it does not leave the European Economic Area'), ('adequacy', 'a decision that the country protects data well enough (Art. 45)'), ('clauses', 'standard contractual clauses (Art. 46)'), ('consent', "the visitor's explicit consent (Art. 49)"), ('unknown', 'not known')], default='unknown', max_length=20, verbose_name='safeguard'),
        ),
        migrations.AddField(
            model_name='service',
            name='script_origins',
            field=consent.fields.LinesField(blank=True, default=list, help_text='One origin a line.', length=200, size=None, verbose_name='scripts from'),
        ),
        migrations.AddField(
            model_name='service',
            name='style_origins',
            field=consent.fields.LinesField(blank=True, default=list, length=200, size=None, verbose_name='style sheets from'),
        ),
        migrations.AddField(
            model_name='service',
            name='texts',
            field=models.JSONField(blank=True, default=dict, verbose_name='translations'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='material_sha256',
            field=models.CharField(default='', max_length=64, verbose_name='SHA-256 of what asks again'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='snapshot',
            name='number',
            field=models.PositiveIntegerField(default=1, verbose_name='number'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='snapshot',
            name='published_by',
            field=models.CharField(blank=True, max_length=200, verbose_name='published by'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='site',
            field=models.ForeignKey(db_constraint=False, default=0, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='wagtailcore.site'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='decision',
            name='source',
            field=models.CharField(choices=[('banner', 'banner'), ('panel', 'preference panel'), ('no_js', 'page without scripts'), ('gpc', 'Global Privacy Control'), ('form', 'form'), ('mail', 'link in a mail'), ('api', 'program'), ('import', 'import')], max_length=10, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='service',
            name='script_url',
            field=models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='address of its script'),
        ),
        migrations.RenameField('service', 'vendor', 'vendor_name'),
        migrations.AddField(
            model_name='service',
            name='vendor',
            field=models.ForeignKey(help_text='The company that receives the data.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='records.recipient', verbose_name='vendor'),
        ),
        migrations.RunPython(name_recipients, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='service',
            name='vendor',
            field=models.ForeignKey(help_text='The company that receives the data.', on_delete=django.db.models.deletion.PROTECT, related_name='services', to='records.recipient', verbose_name='vendor'),
        ),
        migrations.RemoveField('service', 'vendor_name'),
        migrations.RunPython(complete, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['expires_at'], name='decision_expires'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['decided_at'], name='decision_decided'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('site', 'number'), name='snapshot_number'),
        ),
        migrations.AddField(
            model_name='cookiedetail',
            name='service',
            field=models.ForeignKey(blank=True, help_text='Left empty: this site itself.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cookies', to='consent.service', verbose_name='set by'),
        ),
        migrations.AddField(
            model_name='groupdetail',
            name='sites',
            field=models.ManyToManyField(blank=True, help_text='None chosen: every site.', to='wagtailcore.site', verbose_name='sites'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='seal',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='consent.seal'),
        ),
        migrations.AddField(
            model_name='anchor',
            name='seal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='anchors', to='consent.seal'),
        ),
        migrations.AddField(
            model_name='showing',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.snapshot'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('decision', 'kind'), name='ledger_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='anchor',
            constraint=models.UniqueConstraint(fields=('place', 'seal'), name='anchor_once'),
        ),
        migrations.AddConstraint(
            model_name='showing',
            constraint=models.UniqueConstraint(fields=('snapshot', 'day', 'locale'), name='showing_once'),
        ),
    ]
