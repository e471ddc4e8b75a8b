import django.core.validators
import django.db.models.deletion
import home.models.appearance
import home.models.pages
import modelcluster.contrib.taggit
import modelcluster.fields
import records.sealed
import uuid
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0007_beside_embeds'),
        ('home', '0007_what_a_contact_page_asks'),
        ('mailing', '0008_delivery_sent'),
        ('records', '0013_salts_unlogged'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RenameModel("ContactPage", "FormPage"),
        migrations.CreateModel(
            name='AnswerTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(help_text='Seen by your colleagues only.', max_length=100, verbose_name='title')),
                ('language', models.CharField(choices=home.models.pages.languages, default=home.models.pages.own_language, max_length=12, verbose_name='language')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('text', models.TextField(max_length=20000, verbose_name='text')),
            ],
            options={
                'verbose_name': 'answer template',
                'verbose_name_plural': 'answer templates',
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accent', models.CharField(blank=True, help_text='Of links and buttons, by day.', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-f]{6}\\Z', 'Write a colour as # and six hexadecimal digits: #12545c.')], verbose_name='accent colour')),
                ('accent_dark', models.CharField(blank=True, help_text='The same, by night.', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-f]{6}\\Z', 'Write a colour as # and six hexadecimal digits: #12545c.')], verbose_name='accent colour, dark')),
                ('time_zone', models.CharField(blank=True, help_text='By which pages, mail and receipts tell the time: Europe/Berlin. Empty: as the operator set it.', max_length=60, validators=[home.models.appearance.zone], verbose_name='time zone')),
            ],
            options={
                'verbose_name': 'appearance',
            },
        ),
        migrations.CreateModel(
            name='ArticleIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.CharField(blank=True, max_length=300, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'list of articles',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('date', models.DateField(help_text='Shown beside the title. Articles stand in its order.', verbose_name='date')),
                ('introduction', models.CharField(blank=True, max_length=300, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('embed', 1), ('map', 5), ('html', 6)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'link', 'document-link', 'ol', 'ul', 'hr', 'image', 'embed'], 'label': 'Text'}), 1: ('wagtail.embeds.blocks.EmbedBlock', (), {'label': 'Video or post'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'What the map shows', 'max_length': 100}), 3: ('wagtail.blocks.URLBlock', (), {'help_text': 'The one in the code for embedding, behind src=.', 'label': 'Address of the map', 'max_length': 2000}), 4: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('300', 'Low'), ('450', 'Middling'), ('600', 'High')], 'label': 'Height'}), 5: ('wagtail.blocks.StructBlock', [[('title', 2), ('address', 3), ('height', 4)]], {}), 6: ('consent.blocks.HtmlBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'article',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ArticleTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'topic of an article',
                'verbose_name_plural': 'topics of articles',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', records.sealed.RowNumber(primary_key=True, serialize=False)),
                ('key', models.SlugField(verbose_name='field')),
                ('name', records.sealed.SealedField(most=200, verbose_name='file name')),
                ('content', records.sealed.SealedField(verbose_name='content')),
                ('media_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
            ],
            options={
                'verbose_name': 'file of an inquiry',
                'verbose_name_plural': 'files of inquiries',
            },
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('key', models.SlugField(blank=True, editable=False, verbose_name='key')),
                ('label', models.CharField(max_length=150, verbose_name='label')),
                ('kind', models.CharField(choices=[('name', 'name'), ('email', 'e-mail address'), ('phone', 'telephone number'), ('message', 'message'), ('line', 'one line'), ('lines', 'several lines'), ('number', 'number'), ('date', 'date'), ('url', 'web address'), ('choice', 'one of a list'), ('radio', 'one of a few, all shown'), ('checks', 'several of a few'), ('tick', 'a tick'), ('file', 'a file')], default='line', max_length=10, verbose_name='kind')),
                ('required', models.BooleanField(default=False, verbose_name='must be given')),
                ('why', models.CharField(blank=True, help_text='Shown below the label: “We answer to it.”', max_length=200, verbose_name='why it is asked')),
                ('options', models.TextField(blank=True, help_text='One on each line.', max_length=5000, verbose_name='what can be chosen')),
                ('category', models.CharField(choices=[('pd:Username', 'user name'), ('pd:IPAddress', 'truncated network address'), ('pd:AuthenticationHistory', 'record of signing in'), ('pd:Behavioral', 'record of what the person did'), ('pd:PrivacyPreference', 'privacy choice'), ('pd:DeviceBased', 'device and screen'), ('pd:EmailAddress', 'e-mail address'), ('pd:Language', 'language'), ('pd:Location', 'place'), ('pd:Communication', 'message'), ('pd:CommunicationsMetadata', 'record of messages sent'), ('pd:Name', 'name'), ('pd:Password', 'password hash'), ('pd:TelephoneNumber', 'telephone number'), ('pd:Picture', 'picture'), ('pd:Preference', 'preference'), ('dpv:PseudonymisedData', 'pseudonym that lasts a day'), ('pd:DeviceSoftware', 'browser and operating system')], default='pd:Communication', max_length=40, verbose_name='which data that is')),
                ('purpose', models.CharField(blank=True, choices=[('dpv:RecordManagement', 'keeping records of what was changed and when'), ('dpv:Advertising', 'showing advertising, and counting what it leads to'), ('dpv:IdentityAuthentication', 'signing in to the CMS'), ('dpv:CommunicationForCustomerCare', 'handling requests and answering them'), ('dpv:LegalCompliance', 'proving that the law was followed'), ('dpv:ServiceUsageAnalytics', 'learning how the site is used'), ('dpv:PaymentManagement', 'taking payments'), ('dpv:ServicePersonalisation', 'fitting the site to the visitor'), ('dpv:DirectMarketing', 'promotional and information mail'), ('dpv:MisusePreventionAndDetection', 'keeping out misuse and fraud'), ('dpv:ServiceProvision', 'running the site'), ('dpv:TargetedAdvertising', 'choosing advertising by what the visitor did')], help_text='Empty: as the form.', max_length=40, verbose_name='what for')),
                ('shown_publicly', models.BooleanField(default=False, help_text='Whoever fills it in may agree, with a tick of its own, that it appears on a public page.', verbose_name='shown publicly')),
            ],
            options={
                'verbose_name': 'field of a form',
                'verbose_name_plural': 'fields of forms',
                'ordering': ['sort_order'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IncomingMessage',
            fields=[
                ('id', records.sealed.RowNumber(primary_key=True, serialize=False)),
                ('sender', records.sealed.SealedField(most=254, verbose_name='sender')),
                ('subject', records.sealed.SealedField(blank=True, default=b'', most=200, verbose_name='subject')),
                ('text', records.sealed.SealedField(blank=True, default=b'', most=100000, verbose_name='text')),
                ('digest', models.BinaryField(max_length=32, unique=True, verbose_name='hash of its number')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
            ],
            options={
                'verbose_name': 'answer by mail',
                'verbose_name_plural': 'answers by mail',
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', records.sealed.RowNumber(primary_key=True, serialize=False)),
                ('text', records.sealed.SealedField(most=5000, verbose_name='text')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
            ],
            options={
                'verbose_name': 'note on an inquiry',
                'verbose_name_plural': 'notes on inquiries',
            },
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('slot', models.CharField(choices=[('top', 'below the header'), ('end', 'below the text'), ('home', 'on the home page')], default='end', max_length=10, verbose_name='place')),
                ('language', models.CharField(choices=home.models.pages.languages, default=home.models.pages.own_language, max_length=12, verbose_name='language')),
                ('text', models.CharField(blank=True, max_length=200, verbose_name='text')),
                ('link_url', models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='or address')),
                ('label', models.CharField(max_length=40, verbose_name='words of the link')),
                ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='from')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('weight', models.PositiveSmallIntegerField(default=10, help_text='Of those that fit, one of weight 20 is shown twice as often as one of 10.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='weight')),
                ('cap', models.PositiveSmallIntegerField(blank=True, help_text='To one visitor. It is counted in their browser, and only if they allow that.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at most so often a day')),
                ('rules', wagtail.fields.StreamField([('section', 0), ('source', 1), ('returning', 2), ('topic', 3)], blank=True, block_lookup={0: ('wagtail.blocks.PageChooserBlock', (), {'label': 'On this page and those below it'}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Came from this site', 'max_length': 100}), 2: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'Has been here before', 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Has read articles about', 'max_length': 100})}, verbose_name='shown where')),
            ],
            options={
                'verbose_name': 'promotion',
                'verbose_name_plural': 'promotions',
            },
        ),
        migrations.CreateModel(
            name='PromotionCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('act', models.CharField(choices=[('seen', 'seen'), ('followed', 'followed')], max_length=10, verbose_name='act')),
                ('targeted', models.BooleanField(default=False, verbose_name='chosen by what the visitor did')),
                ('number', models.PositiveBigIntegerField(default=0, verbose_name='number')),
            ],
            options={
                'verbose_name': 'count of a promotion',
                'verbose_name_plural': 'counts of promotions',
            },
        ),
        migrations.CreateModel(
            name='PublicEntriesPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, verbose_name='text above the entries')),
            ],
            options={
                'verbose_name': 'public entries',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PublicEntry',
            fields=[
                ('id', records.sealed.RowNumber(primary_key=True, serialize=False)),
                ('email', records.sealed.SealedField(most=254, verbose_name='e-mail')),
                ('email_index', records.sealed.BlindIndexField(db_index=True, kind='email', of='email')),
                ('content', models.JSONField(verbose_name='what is shown')),
                ('locale', models.CharField(max_length=12, verbose_name='language')),
                ('state', models.CharField(choices=[('waiting', 'waiting for approval'), ('shown', 'shown'), ('refused', 'not shown'), ('withdrawn', 'withdrawn')], default='waiting', max_length=10, verbose_name='state')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('changed_at', models.DateTimeField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'public entry',
                'verbose_name_plural': 'public entries',
                'permissions': [('moderate_publicentry', 'Can approve public entries')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('of', models.CharField(choices=[('all', 'all'), ('page', 'page'), ('source', 'source'), ('campaign', 'campaign'), ('device', 'device'), ('browser', 'browser'), ('system', 'operating system'), ('language', 'language')], max_length=10, verbose_name='question')),
                ('value', models.CharField(blank=True, max_length=300, verbose_name='value')),
                ('visitors', models.PositiveIntegerField(verbose_name='visitors')),
                ('views', models.PositiveIntegerField(verbose_name='page views')),
            ],
            options={
                'verbose_name': 'count of a day',
                'verbose_name_plural': 'counts of days',
            },
        ),
        migrations.AlterModelOptions(
            name='formpage',
            options={'verbose_name': 'form page'},
        ),
        migrations.AddField(
            model_name='formpage',
            name='button',
            field=models.CharField(blank=True, help_text='Empty: “Send”.', max_length=60, verbose_name='words on the button'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='confirmation_text',
            field=models.TextField(blank=True, help_text='Plain text. Empty: the thanks.', max_length=5000, verbose_name='text of that mail'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='confirms',
            field=models.BooleanField(default=False, help_text='Whoever gave an address gets a mail that it has arrived.', verbose_name='confirm by mail'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='keep_days',
            field=models.PositiveIntegerField(blank=True, help_text="Where it is needed for less time than the policy says. Never longer: the policy's period ends it.", null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='deleted after (days)'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='mailing_list',
            field=models.ForeignKey(blank=True, help_text='A tick below the form, never ticked before. Whoever ticks it is asked again by mail.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mailing.mailinglist', verbose_name='newsletter offered'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='moderated',
            field=models.BooleanField(default=True, help_text='What visitors publish through this form is shown once somebody of yours has approved it.', verbose_name='approve before it is public'),
        ),
        migrations.AddField(
            model_name='formpage',
            name='purpose',
            field=models.CharField(choices=[('dpv:RecordManagement', 'keeping records of what was changed and when'), ('dpv:Advertising', 'showing advertising, and counting what it leads to'), ('dpv:IdentityAuthentication', 'signing in to the CMS'), ('dpv:CommunicationForCustomerCare', 'handling requests and answering them'), ('dpv:LegalCompliance', 'proving that the law was followed'), ('dpv:ServiceUsageAnalytics', 'learning how the site is used'), ('dpv:PaymentManagement', 'taking payments'), ('dpv:ServicePersonalisation', 'fitting the site to the visitor'), ('dpv:DirectMarketing', 'promotional and information mail'), ('dpv:MisusePreventionAndDetection', 'keeping out misuse and fraud'), ('dpv:ServiceProvision', 'running the site'), ('dpv:TargetedAdvertising', 'choosing advertising by what the visitor did')], default='dpv:CommunicationForCustomerCare', max_length=40, verbose_name='what it is asked for'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='answers',
            field=records.sealed.SealedField(blank=True, default=b'', verbose_name='answers'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='changed_at',
            field=models.DateTimeField(null=True, verbose_name='changed at'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='digest',
            field=models.BinaryField(db_index=True, max_length=32, null=True, verbose_name='hash of what was sent'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='keep_until',
            field=models.DateTimeField(db_index=True, null=True, verbose_name='deleted at the latest'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='locale',
            field=models.CharField(blank=True, max_length=12, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='state',
            field=models.CharField(choices=[('new', 'new'), ('open', 'being handled'), ('waiting', 'waiting for the person'), ('closed', 'closed')], default='new', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='email',
            field=records.sealed.SealedField(blank=True, default=b'', most=254, verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='message',
            field=records.sealed.SealedField(blank=True, default=b'', most=5000, verbose_name='message'),
        ),
        migrations.AlterField(
            model_name='inquiry',
            name='name',
            field=records.sealed.SealedField(blank=True, default=b'', most=100, verbose_name='name'),
        ),
        migrations.AddIndex(
            model_name='inquiry',
            index=models.Index(fields=['state', '-received_at'], name='inquiry_state'),
        ),
        migrations.AddField(
            model_name='appearance',
            name='logo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='logo'),
        ),
        migrations.AddField(
            model_name='appearance',
            name='share_image',
            field=models.ForeignKey(blank=True, help_text='Shown where somebody shares a page that has no picture of its own. 1200 by 630 pixels.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture for shared links'),
        ),
        migrations.AddField(
            model_name='appearance',
            name='site',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site'),
        ),
        migrations.AddField(
            model_name='articlepage',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Above the text, in lists, and where somebody shares the page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='articletag',
            name='content_object',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged_items', to='home.articlepage'),
        ),
        migrations.AddField(
            model_name='articletag',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_items', to='taggit.tag'),
        ),
        migrations.AddField(
            model_name='articlepage',
            name='topics',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='A comma-separated list of tags.', through='home.ArticleTag', to='taggit.Tag', verbose_name='topics'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='inquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='home.inquiry'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='subject_key',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.subjectkey', verbose_name='key'),
        ),
        migrations.AddField(
            model_name='field',
            name='page',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='home.formpage'),
        ),
        migrations.AddField(
            model_name='incomingmessage',
            name='inquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='home.inquiry'),
        ),
        migrations.AddField(
            model_name='incomingmessage',
            name='subject_key',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.subjectkey', verbose_name='key'),
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='note',
            name='inquiry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='home.inquiry'),
        ),
        migrations.AddField(
            model_name='note',
            name='subject_key',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.subjectkey', verbose_name='key'),
        ),
        migrations.AddField(
            model_name='promotion',
            name='image',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='promotion',
            name='link_page',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page it leads to'),
        ),
        migrations.AddField(
            model_name='promotioncount',
            name='promotion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='home.promotion'),
        ),
        migrations.AddField(
            model_name='publicentriespage',
            name='form',
            field=models.ForeignKey(blank=True, help_text='Through which visitors write what is shown here.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shown_on', to='home.formpage', verbose_name='form'),
        ),
        migrations.AddField(
            model_name='publicentry',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='publicentry',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.decision', verbose_name='decision'),
        ),
        migrations.AddField(
            model_name='publicentry',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='home.formpage', verbose_name='form'),
        ),
        migrations.AddField(
            model_name='publicentry',
            name='inquiry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entries', to='home.inquiry'),
        ),
        migrations.AddField(
            model_name='publicentry',
            name='subject_key',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='records.subjectkey', verbose_name='key'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('day', 'of', 'value'), name='tally_once'),
        ),
        migrations.AddConstraint(
            model_name='field',
            constraint=models.UniqueConstraint(fields=('page', 'key'), name='field_key'),
        ),
        migrations.AddConstraint(
            model_name='promotioncount',
            constraint=models.UniqueConstraint(fields=('promotion', 'day', 'act', 'targeted'), name='promotion_count_once'),
        ),
        migrations.AddIndex(
            model_name='publicentry',
            index=models.Index(fields=['form', 'state', '-received_at'], name='public_entry_shown'),
        ),
    ]
