"""What the delivery engine works on: suppression, segments, letters, returns, texts in several languages."""

import json
import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

from records.registry import Purpose


def fill(apps, schema_editor):
    """Columns that follow from what is there; the words of old reasons give way to names."""
    from mailing import addresses

    for subscriber in apps.get_model("mailing", "Subscriber").objects.iterator():
        subscriber.digest = addresses.digest(subscriber.email)
        subscriber.domain = addresses.domain(subscriber.email)
        subscriber.provider = addresses.provider(subscriber.domain)
        subscriber.save(update_fields=["digest", "domain", "provider"])
    Delivery = apps.get_model("mailing", "Delivery")
    for delivery in Delivery.objects.select_related("campaign", "subscription__subscriber").iterator():
        subscriber, kind = delivery.subscription.subscriber, delivery.campaign.kind
        delivery.purpose = Purpose.PROMOTION if kind == "promotion" else Purpose.LEGAL
        delivery.language, delivery.domain = subscriber.locale, subscriber.domain
        delivery.provider, delivery.reason = subscriber.provider, ""
        delivery.queued_at = delivery.campaign.queued_at or delivery.changed_at
        delivery.not_before = delivery.not_before or delivery.queued_at
        delivery.sent_at = delivery.changed_at if delivery.state == "sent" else None
        delivery.state = "unknown" if delivery.state == "sending" else delivery.state
        delivery.save()


def move_texts(apps, schema_editor):
    """What an editor wrote becomes the campaign's text in the site's own language."""
    Text = apps.get_model("mailing", "Text")
    for campaign in apps.get_model("mailing", "Campaign").objects.filter(kind="promotion"):
        body = json.dumps([{"type": "text", "value": campaign.body, "id": str(uuid.uuid4())}])
        Text.objects.create(campaign=campaign, language=settings.LANGUAGE_CODE, subject=campaign.title, body=body)


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0007_beside_embeds'),
        ('mailing', '0002_notices'),
        ('policies', '0007_how_long_a_choice_counts'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AudienceImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=100, verbose_name='file')),
                ('content', models.BinaryField(verbose_name='content')),
                ('state', models.CharField(choices=[('checked', 'waits for your look'), ('queued', 'a worker is writing it'), ('done', 'done'), ('failed', 'nothing was written')], default='checked', max_length=10, verbose_name='state')),
                ('report', models.JSONField(default=dict, verbose_name='report')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
            },
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attribute', models.CharField(max_length=60, verbose_name='what')),
                ('comparison', models.CharField(choices=[('is', 'is'), ('is_not', 'is not'), ('contains', 'contains'), ('before', 'is before, or less than'), ('after', 'is after, or more than'), ('known', 'is known'), ('unknown', 'is not known')], default='is', max_length=10, verbose_name='how')),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='value')),
            ],
            options={
                'verbose_name': 'condition',
                'verbose_name_plural': 'conditions',
            },
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='As in {{ city|your town }}.', max_length=40, unique=True, verbose_name='key')),
                ('label', models.CharField(max_length=100, verbose_name='label')),
                ('kind', models.CharField(choices=[('text', 'text'), ('number', 'number'), ('date', 'date'), ('yes_no', 'yes or no')], default='text', max_length=10, verbose_name='kind')),
                ('why', models.CharField(help_text='Shown to subscribers beside it, where they can change it.', max_length=200, verbose_name='why it is asked')),
            ],
            options={
                'verbose_name': 'subscriber field',
                'verbose_name_plural': 'subscriber fields',
                'ordering': ['label'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('locale', models.CharField(max_length=12, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='answers go to')),
                ('in_reply_to', models.CharField(blank=True, max_length=300, verbose_name='Message-ID it answers')),
                ('purpose', models.CharField(choices=[('dpv:RecordManagement', 'keeping records of what was changed and when'), ('dpv:Advertising', 'showing advertising, and counting what it leads to'), ('dpv:IdentityAuthentication', 'signing in to the CMS'), ('dpv:CommunicationForCustomerCare', 'handling requests and answering them'), ('dpv:LegalCompliance', 'proving that the law was followed'), ('dpv:ServiceUsageAnalytics', 'learning how the site is used'), ('dpv:PaymentManagement', 'taking payments'), ('dpv:ServicePersonalisation', 'fitting the site to the visitor'), ('dpv:DirectMarketing', 'promotional and information mail'), ('dpv:MisusePreventionAndDetection', 'keeping out misuse and fraud'), ('dpv:ServiceProvision', 'running the site'), ('dpv:TargetedAdvertising', 'choosing advertising by what the visitor did')], default='dpv:CommunicationForCustomerCare', max_length=40, verbose_name='purpose')),
                ('about', models.CharField(blank=True, db_index=True, max_length=60, verbose_name='about')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=2000, verbose_name='address')),
            ],
            options={
                'verbose_name': 'link',
                'verbose_name_plural': 'links',
            },
        ),
        migrations.CreateModel(
            name='LinkFollowed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('followed_at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'followed link',
                'verbose_name_plural': 'followed links',
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hard', 'cannot be delivered, for good'), ('soft', 'cannot be delivered, for now'), ('complaint', 'reported as spam'), ('left', 'left the list from the mailbox')], max_length=10, verbose_name='kind')),
                ('source', models.CharField(choices=[('smtp', 'answer of the mail server'), ('mailbox', 'mail to the return address'), ('webhook', 'message of the mail provider'), ('page', 'page of this site')], max_length=10, verbose_name='source')),
                ('status', models.CharField(blank=True, max_length=20, verbose_name='status')),
                ('identity', models.CharField(max_length=64, unique=True, verbose_name='identity')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
            ],
            options={
                'verbose_name': 'return',
                'verbose_name_plural': 'returns',
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('match', models.CharField(choices=[('all', 'all conditions hold'), ('any', 'one condition holds')], default='all', max_length=3, verbose_name='people for whom')),
            ],
            options={
                'verbose_name': 'segment',
                'verbose_name_plural': 'segments',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Slowdown',
            fields=[
                ('target', models.CharField(max_length=253, primary_key=True, serialize=False, verbose_name='domain or provider')),
                ('level', models.PositiveSmallIntegerField(default=0, verbose_name='times in a row')),
                ('until', models.DateTimeField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'slowdown',
                'verbose_name_plural': 'slowdowns',
            },
        ),
        migrations.CreateModel(
            name='Suppression',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32, verbose_name='hash of the address')),
                ('scope', models.CharField(choices=[('all', 'no mail at all'), ('lists', 'no mail of lists; notices that the law asks for go on')], max_length=10, verbose_name='scope')),
                ('reason', models.CharField(choices=[('hard', 'the address does not exist'), ('soft', 'mails of three campaigns could not be delivered'), ('complaint', 'reported as spam'), ('objection', 'the person objected (GDPR Art. 21)'), ('erasure', 'the person was erased and wants no mail'), ('editor', "an editor's decision")], max_length=10, verbose_name='reason')),
                ('since_at', models.DateTimeField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'suppressed address',
                'verbose_name_plural': 'suppressed addresses',
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('version', models.CharField(choices=[('a', 'A'), ('b', 'B')], default='a', max_length=1, verbose_name='version')),
                ('subject', models.CharField(max_length=150, verbose_name='subject')),
                ('preheader', models.CharField(blank=True, help_text='Mailboxes show it after the subject.', max_length=150, verbose_name='preview line')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('image', 2), ('button', 6), ('columns', 10), ('divider', 11)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'icon': 'title', 'label': 'Heading', 'max_length': 120}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'link', 'ol', 'ul'], 'icon': 'pilcrow', 'label': 'Text'}), 2: ('wagtail.images.blocks.ImageBlock', [], {'icon': 'image', 'label': 'Image'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Words on the button', 'max_length': 60}), 4: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page of this site', 'required': False}), 5: ('wagtail.blocks.URLBlock', (), {'label': 'Or another address', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('label', 3), ('page', 4), ('url', 5)]], {}), 7: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Image'}), 8: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'link', 'ol', 'ul'], 'label': 'Text'}), 9: ('wagtail.blocks.StructBlock', [[('image', 7), ('text', 8)]], {}), 10: ('wagtail.blocks.ListBlock', (9,), {'icon': 'grip', 'label': 'Two columns', 'max_num': 2, 'min_num': 2}), 11: ('wagtail.blocks.static_block.StaticBlock', (), {'icon': 'horizontalrule', 'label': 'Line across'})}, verbose_name='text')),
                ('plain', models.TextField(blank=True, help_text='Left empty: made from the text above. Some readers see only this.', verbose_name='as plain text')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
            },
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_once',
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_waiting',
        ),
        migrations.RenameField(
            model_name='campaign',
            old_name='subject',
            new_name='title',
        ),
        migrations.AlterField(
            model_name='campaign',
            name='title',
            field=models.CharField(help_text='For you; readers see the subject.', max_length=150, verbose_name='title'),
        ),
        migrations.RemoveField(
            model_name='delivery',
            name='message_id',
        ),
        migrations.AddField(
            model_name='campaign',
            name='chosen',
            field=models.CharField(blank=True, choices=[('a', 'A'), ('b', 'B')], editable=False, max_length=1, verbose_name='version for the rest'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='count_links',
            field=models.BooleanField(default=False, help_text='Only for readers who agreed to it; everybody else gets plain links.', verbose_name='count which links are followed'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='ended_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='ended at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='expire_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='expired',
            field=models.BooleanField(default=False, editable=False, verbose_name='expired'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='first_published_at',
            field=models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='go_live_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='go live date/time'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='has_unpublished_changes',
            field=models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='in_archive',
            field=models.BooleanField(default=False, help_text='Once it was sent, without anything about readers.', verbose_name='show in the public archive'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='in_recipient_zone',
            field=models.BooleanField(default=False, help_text="Where somebody's is not known, the site's counts.", verbose_name="at that hour of each reader's own time zone"),
        ),
        migrations.AddField(
            model_name='campaign',
            name='last_published_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last published at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='latest_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='live',
            field=models.BooleanField(default=True, editable=False, verbose_name='live'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='live_revision',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='locked',
            field=models.BooleanField(default=False, editable=False, verbose_name='locked'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='locked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='locked at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='paused_by',
            field=models.CharField(blank=True, choices=[('editor', 'an editor paused it'), ('complaints', 'too many people reported it as spam'), ('sender', 'the mail server refuses the sender')], editable=False, max_length=10, verbose_name='paused because'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='per_minute',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at most this many a minute'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='reply_to',
            field=models.EmailField(blank=True, help_text='Left empty: to the sender.', max_length=254, verbose_name='answers go to'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='send_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='leaves at'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='test_share',
            field=models.PositiveSmallIntegerField(blank=True, help_text='This part of the audience gets A or B, half each; the rest waits until you choose one. Needs a version B.', null=True, validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(100)], verbose_name='try versions A and B on (percent)'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='domain',
            field=models.CharField(default='', max_length=253, verbose_name='mail domain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delivery',
            name='first_tried_at',
            field=models.DateTimeField(null=True, verbose_name='first tried at'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='language',
            field=models.CharField(default='', max_length=12, verbose_name='language'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delivery',
            name='lease_until',
            field=models.DateTimeField(null=True, verbose_name='taken until'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='owner',
            field=models.CharField(blank=True, max_length=32, verbose_name='connection that has it'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='policy_version',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policies.policyversion'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='provider',
            field=models.CharField(choices=[('gmail', 'Gmail'), ('microsoft', 'Microsoft'), ('yahoo', 'Yahoo'), ('other', 'others')], default='', max_length=10, verbose_name='mailbox provider'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delivery',
            name='provider_id',
            field=models.CharField(blank=True, max_length=200, verbose_name="the provider's own number"),
        ),
        migrations.AddField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('dpv:RecordManagement', 'keeping records of what was changed and when'), ('dpv:Advertising', 'showing advertising, and counting what it leads to'), ('dpv:IdentityAuthentication', 'signing in to the CMS'), ('dpv:CommunicationForCustomerCare', 'handling requests and answering them'), ('dpv:LegalCompliance', 'proving that the law was followed'), ('dpv:ServiceUsageAnalytics', 'learning how the site is used'), ('dpv:PaymentManagement', 'taking payments'), ('dpv:ServicePersonalisation', 'fitting the site to the visitor'), ('dpv:DirectMarketing', 'promotional and information mail'), ('dpv:MisusePreventionAndDetection', 'keeping out misuse and fraud'), ('dpv:ServiceProvision', 'running the site'), ('dpv:TargetedAdvertising', 'choosing advertising by what the visitor did')], default='', max_length=40, verbose_name='purpose'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delivery',
            name='queued_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='queued at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='delivery',
            name='sent_at',
            field=models.DateTimeField(null=True, verbose_name='accepted at'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='smtp_code',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='smtp_text',
            field=models.CharField(blank=True, max_length=200, verbose_name='words of the answer'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='tracked',
            field=models.BooleanField(default=False, verbose_name='with counted links'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='version',
            field=models.CharField(blank=True, choices=[('a', 'A'), ('b', 'B')], max_length=1, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='mailinglist',
            name='policy_purpose',
            field=models.CharField(choices=[('dpv:DirectMarketing', 'promotional and information mail'), ('dpv:ServiceProvision', 'running the site'), ('dpv:CommunicationForCustomerCare', 'handling requests and answering them')], default='dpv:DirectMarketing', help_text='Nothing is sent to this list unless a policy in force names this purpose.', max_length=40, verbose_name='purpose in the policy'),
        ),
        migrations.AddField(
            model_name='mailinglist',
            name='sender',
            field=models.CharField(blank=True, help_text="Such as News <news@example.org>. Left empty: the site's own sender.", max_length=200, verbose_name='sender'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='digest',
            field=models.BinaryField(default=b'', max_length=32, verbose_name='hash of the address'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='subscriber',
            name='domain',
            field=models.CharField(default='', editable=False, max_length=253, verbose_name='mail domain'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='subscriber',
            name='fields',
            field=models.JSONField(blank=True, default=dict, verbose_name='fields'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='name',
            field=models.CharField(blank=True, max_length=100, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='subscriber',
            name='provider',
            field=models.CharField(choices=[('gmail', 'Gmail'), ('microsoft', 'Microsoft'), ('yahoo', 'Yahoo'), ('other', 'others')], default='', editable=False, max_length=10, verbose_name='mailbox provider'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='subscriber',
            name='time_zone',
            field=models.CharField(blank=True, max_length=40, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='locale',
            field=models.CharField(blank=True, max_length=12, verbose_name='language of the words'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='source',
            field=models.CharField(choices=[('form', 'sign-up form'), ('prefs', 'preference page'), ('import', 'import'), ('program', 'program')], default='form', max_length=10, verbose_name='asked for by'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='source_note',
            field=models.CharField(blank=True, max_length=200, verbose_name='where exactly'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='mailing_list',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mailing.mailinglist', verbose_name='mailing list'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='queued_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='queued at'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('scheduled', 'scheduled'), ('sending', 'sending'), ('paused', 'paused'), ('cancelled', 'cancelled'), ('sent', 'sent')], default='draft', editable=False, max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='campaign',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='mailing.campaign'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='decision',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.decision'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='delivery',
            name='not_before',
            field=models.DateTimeField(verbose_name='not before'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='reason',
            field=models.CharField(blank=True, choices=[('no_consent', 'the consent was withdrawn or has expired'), ('no_purpose', 'no policy in force names this purpose'), ('suppressed', 'the address is on the suppression list'), ('cancelled', 'the campaign was cancelled'), ('withdrawn', 'the policy version was withdrawn'), ('unwritable', 'the message cannot be written'), ('refused', 'the server refused it for good'), ('gave_up', 'the server asked to come later for two days'), ('broken', 'the connection broke while the message was handed over'), ('interrupted', 'the worker ended while the message was handed over'), ('lost', 'nothing is known of the machine that had it')], max_length=12, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('held', 'waits until a version is chosen'), ('pending', 'waiting'), ('deferred', 'asked to come again later'), ('claimed', 'taken by a worker'), ('sending', 'being handed over'), ('sent', 'accepted by the mail server'), ('skipped', 'not sent'), ('failed', 'refused by the mail server'), ('bounced', 'came back'), ('complained', 'reported as spam'), ('unknown', 'interrupted: may have been sent')], default='pending', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='subscription',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='mailing.subscription'),
        ),
        migrations.AddIndex(
            model_name='subscriber',
            index=models.Index(fields=['digest'], name='subscriber_digest'),
        ),
        migrations.AddField(
            model_name='audienceimport',
            name='mailing_list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mailing.mailinglist', verbose_name='list'),
        ),
        migrations.AddField(
            model_name='audienceimport',
            name='uploaded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='letter',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='mailing.letter'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'deferred'])), fields=['campaign', 'provider', 'not_before', 'id'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'unknown')), fields=['campaign', 'id'], name='delivery_unknown'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'sending'])), fields=['state', 'owner'], name='delivery_held'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('letter', None)), fields=('campaign', 'subscription'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('letter__isnull', False)), fields=('letter',), name='delivery_of_letter'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('campaign__isnull', False), ('letter', None), ('subscription__isnull', False)), models.Q(('campaign', None), ('letter__isnull', False), ('subscription', None)), _connector='OR'), name='delivery_is_of_one_thing'),
        ),
        migrations.AddField(
            model_name='link',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='mailing.campaign'),
        ),
        migrations.AddField(
            model_name='linkfollowed',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followed', to='mailing.delivery'),
        ),
        migrations.AddField(
            model_name='linkfollowed',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followed', to='mailing.link'),
        ),
        migrations.AddField(
            model_name='return',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='returns', to='mailing.delivery'),
        ),
        migrations.AddField(
            model_name='condition',
            name='segment',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='mailing.segment'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='segment',
            field=models.ForeignKey(blank=True, help_text='Only people of the list for whom this holds. Left empty: the whole list.', null=True, on_delete=django.db.models.deletion.PROTECT, to='mailing.segment', verbose_name='segment'),
        ),
        migrations.AddConstraint(
            model_name='suppression',
            constraint=models.UniqueConstraint(fields=('digest', 'scope'), name='suppression_once'),
        ),
        migrations.AddField(
            model_name='text',
            name='campaign',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='mailing.campaign'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(fields=('campaign', 'url'), name='link_once'),
        ),
        migrations.AddConstraint(
            model_name='text',
            constraint=models.UniqueConstraint(fields=('campaign', 'language', 'version'), name='text_once'),
        ),
        migrations.RunPython(move_texts, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='campaign',
            name='body',
        ),
    ]
