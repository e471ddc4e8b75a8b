from django.db import migrations

from records.sealing import key_required

BEFORE = key_required("home_inquiry", "name", "email", "phone", "message")


class Migration(migrations.Migration):
    dependencies = [("home", "0009_fields_of_contact_pages")]

    operations = [
        migrations.RemoveField(
            model_name="formpage",
            name="name_asked",
        ),
        migrations.RemoveField(
            model_name="formpage",
            name="phone_asked",
        ),
        migrations.RunSQL(sql=BEFORE.reverse_sql, reverse_sql=BEFORE.sql),
        key_required("home_inquiry", "name", "email", "phone", "message", "answers"),
        key_required("home_attachment", "name", "content"),
        key_required("home_note", "text"),
        key_required("home_incomingmessage", "sender", "subject", "text", "message_id"),
        key_required("home_publicentry", "email"),
    ]
