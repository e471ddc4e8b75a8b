from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("home", "0009_fields_of_contact_pages")]

    operations = [
        migrations.RemoveField(
            model_name='formpage',
            name='name_asked',
        ),
        migrations.RemoveField(
            model_name='formpage',
            name='phone_asked',
        ),
    ]
