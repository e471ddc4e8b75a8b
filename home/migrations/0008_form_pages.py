import django.core.validators
import django.db.models.deletion
import home.models.appearance
import home.models.forms
import home.models.pages
import home.models.promotions
import modelcluster.contrib.taggit
import modelcluster.fields
import records.sealed
import uuid
import wagtail.contrib.routable_page.models
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


SECTIONS = [('text', 0), ('picture', 4), ('quote', 8), ('callout', 12), ('cards', 21), ('questions', 27), ('download', 30), ('button', 32), ('embed', 33), ('map', 37), ('html', 38)]
BLOCKS = {
    0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'link', 'document-link', 'ol', 'ul', 'hr', 'image', 'embed'], 'label': 'Text'}),
    1: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}),
    2: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 300, 'required': False}),
    3: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('text', 'As wide as the text'), ('wide', 'Wider than the text')], 'label': 'Width'}),
    4: ('wagtail.blocks.StructBlock', [[('picture', 1), ('caption', 2), ('width', 3)]], {}),
    5: ('wagtail.blocks.TextBlock', (), {'label': 'Words', 'max_length': 1000}),
    6: ('wagtail.blocks.CharBlock', (), {'label': 'Who said it', 'max_length': 100, 'required': False}),
    7: ('wagtail.blocks.CharBlock', (), {'label': 'What they are, or where it stands', 'max_length': 100, 'required': False}),
    8: ('wagtail.blocks.StructBlock', [[('text', 5), ('who', 6), ('role', 7)]], {}),
    9: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 100, 'required': False}),
    10: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ol', 'ul'], 'label': 'Text'}),
    11: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('note', 'Good to know'), ('important', 'Important')], 'label': 'Kind'}),
    12: ('wagtail.blocks.StructBlock', [[('title', 9), ('text', 10), ('kind', 11)]], {}),
    13: ('wagtail.blocks.CharBlock', (), {'label': 'Title above them', 'max_length': 100}),
    14: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}),
    15: ('wagtail.blocks.TextBlock', (), {'label': 'Text', 'max_length': 300, 'required': False}),
    16: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Decorates; the words say it all.', 'label': 'Picture', 'required': False}),
    17: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page it leads to', 'required': False}),
    18: ('wagtail.blocks.URLBlock', (), {'label': 'Or address elsewhere', 'max_length': 500, 'required': False}),
    19: ('wagtail.blocks.StructBlock', [[('title', 14), ('text', 15), ('picture', 16), ('page', 17), ('url', 18)]], {}),
    20: ('wagtail.blocks.ListBlock', (19,), {'label': 'Cards', 'max_num': 12, 'min_num': 1}),
    21: ('wagtail.blocks.StructBlock', [[('title', 13), ('cards', 20)]], {}),
    22: ('wagtail.blocks.CharBlock', (), {'label': 'Title above them', 'max_length': 100, 'required': False}),
    23: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}),
    24: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link', 'document-link', 'ol', 'ul'], 'label': 'Answer'}),
    25: ('wagtail.blocks.StructBlock', [[('question', 23), ('answer', 24)]], {}),
    26: ('wagtail.blocks.ListBlock', (25,), {'label': 'Questions', 'min_num': 1}),
    27: ('wagtail.blocks.StructBlock', [[('title', 22), ('questions', 26)]], {}),
    28: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Document'}),
    29: ('wagtail.blocks.CharBlock', (), {'label': 'Words of the link', 'max_length': 100, 'required': False}),
    30: ('wagtail.blocks.StructBlock', [[('document', 28), ('label', 29)]], {}),
    31: ('wagtail.blocks.CharBlock', (), {'label': 'Words on the button', 'max_length': 60}),
    32: ('wagtail.blocks.StructBlock', [[('label', 31), ('page', 17), ('url', 18)]], {}),
    33: ('wagtail.embeds.blocks.EmbedBlock', (), {'label': 'Video or post'}),
    34: ('wagtail.blocks.CharBlock', (), {'label': 'What the map shows', 'max_length': 100}),
    35: ('wagtail.blocks.URLBlock', (), {'help_text': 'The one in the code for embedding, behind src=.', 'label': 'Address of the map', 'max_length': 2000}),
    36: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('300', 'Low'), ('450', 'Middling'), ('600', 'High')], 'label': 'Height'}),
    37: ('wagtail.blocks.StructBlock', [[('title', 34), ('address', 35), ('height', 36)]], {}),
    38: ('consent.blocks.HtmlBlock', (), {}),
}


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
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('date', models.DateField(help_text='Shown beside the title. Articles stand in its order.', verbose_name='date')),
                ('introduction', models.CharField(blank=True, max_length=300, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField(SECTIONS, blank=True, block_lookup=BLOCKS, verbose_name='text')),
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
                ('content', records.sealed.SealedBytesField(named='name', verbose_name='content')),
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
                ('category', models.CharField(choices=home.models.forms.asked, default='pd:Communication', help_text='So the policy names it. Of a name, an address or a number it is set for you.', max_length=40, verbose_name='which data that is')),
                ('purpose', models.CharField(blank=True, choices=home.models.forms.purposes, help_text='Empty: as the form.', max_length=40, verbose_name='what for')),
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
                ('message_id', records.sealed.SealedField(blank=True, default=b'', most=300, verbose_name='Message-ID')),
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
                ('rules', wagtail.fields.StreamField([('section', 0), ('source', 1), ('returning', 2), ('topic', 5), ('read', 7)], blank=True, block_lookup={0: ('wagtail.blocks.PageChooserBlock', (), {'icon': 'folder-open-inverse', 'label': 'On this page and those below it'}), 1: ('wagtail.blocks.CharBlock', (), {'help_text': 'The name of a site, such as news.example, or the utm_source of a link, such as newsletter.', 'icon': 'link-external', 'label': 'Came from', 'max_length': 100, 'validators': [django.core.validators.RegexValidator('^[\\w.-]+$', 'Write a name alone: news.example, or newsletter.')]}), 2: ('wagtail.blocks.static_block.StaticBlock', (), {'admin_text': 'On an earlier day of the last 30.', 'icon': 'history', 'label': 'Has been here before'}), 3: ('wagtail.blocks.ChoiceBlock', [], {'choices': home.models.promotions.topics, 'label': 'Topic'}), 4: ('wagtail.blocks.IntegerBlock', (), {'default': 1, 'label': 'At least so many times', 'max_value': 20, 'min_value': 1}), 5: ('wagtail.blocks.StructBlock', [[('topic', 3), ('times', 4)]], {}), 6: ('wagtail.blocks.PageChooserBlock', (), {'label': 'This page or one below it'}), 7: ('wagtail.blocks.StructBlock', [[('page', 6), ('times', 4)]], {})}, verbose_name='shown where and to whom')),
                ('by_place', models.BooleanField(default=False, help_text='Who has not allowed it sees this promotion too, where place, language and dates fit.', verbose_name='without consent: show by place alone')),
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
                ('of', models.CharField(choices=[('all', 'all'), ('page', 'page'), ('entry', 'first page'), ('source', 'source'), ('campaign', 'campaign'), ('device', 'device'), ('browser', 'browser'), ('system', 'operating system'), ('language', 'language')], max_length=10, verbose_name='question')),
                ('value', models.CharField(blank=True, max_length=300, verbose_name='value')),
                ('visitors', models.PositiveIntegerField(null=True, verbose_name='visitors')),
                ('views', models.PositiveIntegerField(null=True, verbose_name='page views')),
                ('final', models.BooleanField(default=False, verbose_name='all rows of the day were there')),
            ],
            options={
                'verbose_name': 'count of a day',
                'verbose_name_plural': 'counts of days',
            },
        ),
        migrations.AddField(
            model_name='homepage',
            name='link_label',
            field=models.CharField(blank=True, max_length=60, verbose_name='words on the button'),
        ),
        migrations.AddField(
            model_name='homepage',
            name='link_page',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL, verbose_name='page it leads to'),
        ),
        migrations.AddField(
            model_name='homepage',
            name='picture',
            field=models.ForeignKey(blank=True, help_text='Beside the title, and where somebody shares the page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='homepage',
            name='sections',
            field=wagtail.fields.StreamField(SECTIONS, blank=True, block_lookup=BLOCKS, verbose_name='sections'),
        ),
        migrations.AlterField(
            model_name='standardpage',
            name='sections',
            field=wagtail.fields.StreamField(SECTIONS, blank=True, block_lookup=BLOCKS, help_text="Shown below the text. What comes from others waits for the visitor's permission.", verbose_name='sections'),
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
            field=models.CharField(choices=home.models.forms.purposes, default='dpv:CommunicationForCustomerCare', max_length=40, verbose_name='what it is asked for'),
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
            field=models.DateTimeField(blank=True, null=True, verbose_name='changed at'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='digest',
            field=models.BinaryField(db_index=True, max_length=32, null=True, verbose_name='hash of what was sent'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='keep_until',
            field=models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='deleted at the latest'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='locale',
            field=models.CharField(blank=True, max_length=12, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='inquiry',
            name='state',
            field=models.CharField(choices=[('new', 'new'), ('open', 'being handled'), ('waiting', 'waiting for the person'), ('closed', 'closed'), ('spam', 'spam')], default='new', max_length=10, verbose_name='state'),
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
        migrations.AlterModelOptions(
            name='inquiry',
            options={'permissions': [('answer_inquiry', 'Can answer inquiries'), ('export_inquiry', 'Can take inquiries out as a file')], 'verbose_name': 'inquiry', 'verbose_name_plural': 'inquiries'},
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
            constraint=models.UniqueConstraint(fields=('of', 'day', 'value'), name='tally_once'),
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
