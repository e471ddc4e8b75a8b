"""Subscribers are found by the blind index of their address, as everybody else is."""

from django.db import connection, migrations

import records.sealed
from records import cipher

BATCH = 5000


def index(apps, schema_editor):
    subscribers = apps.get_model("mailing", "Subscriber").objects.filter(subject=None).order_by("pk")
    last = 0
    while rows := list(subscribers.filter(pk__gt=last).values_list("pk", "email")[:BATCH]):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mailing_subscriber s SET subject = n.subject "
                "FROM unnest(%s::bigint[], %s::bytea[]) n (id, subject) WHERE s.id = n.id",
                [[pk for pk, _email in rows], [cipher.blind("email", email) for _pk, email in rows]],
            )
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("mailing", "0003_engine")]

    operations = [
        migrations.AddField(
            "subscriber", "subject", records.sealed.BlindIndexField(db_index=True, kind="email", of="email")
        ),
        migrations.RunPython(index, migrations.RunPython.noop, elidable=True),
    ]
