import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_terms_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The company, as its own papers say.', max_length=200, unique=True, verbose_name='name')),
                ('address', models.CharField(blank=True, max_length=300, verbose_name='postal address')),
                ('country', models.CharField(blank=True, help_text='Two letters: DE, US, RU.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Write the two capital letters of the country: DE, US, RU.')], verbose_name='country')),
                ('url', models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='website')),
                ('policy_url', models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='its privacy policy')),
            ],
            options={
                'verbose_name': 'recipient',
                'verbose_name_plural': 'recipients',
            },
        ),
    ]
