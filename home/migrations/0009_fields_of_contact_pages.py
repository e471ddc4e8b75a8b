"""What each contact page asked becomes fields of its form, in the page's own language; drafts and history follow."""

from django.db import migrations
from django.utils import translation
from django.utils.translation import gettext

CATEGORIES = {"name": "pd:Name", "email": "pd:EmailAddress", "phone": "pd:TelephoneNumber", "message": "pd:Communication"}


def asked(of):
    """(key, label, why, required) of each field."""
    yield "name", gettext("Your name"), "", of["name_asked"]
    yield "email", gettext("Your e-mail address"), gettext("We answer to it."), "required"
    yield "phone", gettext("Your telephone number"), gettext("If you would rather be called."), of["phone_asked"]
    yield "message", gettext("Your message"), "", "required"


def fields(of, language):
    with translation.override(language):
        found = [each for each in asked(of) if each[3] != "no"]
    return [
        {
            "sort_order": number,
            "key": key,
            "kind": key,
            "label": label,
            "why": why,
            "required": how == "required",
            "options": "",
            "category": CATEGORIES[key],
            "purpose": "",
            "shown_publicly": False,
        }
        for number, (key, label, why, how) in enumerate(found)
    ]


def make(apps, schema_editor):
    page_model, field, revision = (
        apps.get_model("home", "FormPage"),
        apps.get_model("home", "Field"),
        apps.get_model("wagtailcore", "Revision"),
    )
    for page in page_model.objects.select_related("locale"):
        of, language = {"name_asked": page.name_asked, "phone_asked": page.phone_asked}, page.locale.language_code
        field.objects.bulk_create(field(page=page, **each) for each in fields(of, language))
        for row in revision.objects.filter(object_id=str(page.pk), base_content_type__model="page").iterator():
            draft = {"name_asked": row.content.get("name_asked"), "phone_asked": row.content.get("phone_asked")}
            row.content["fields"] = [
                {"pk": None, "page": page.pk, **each} for each in fields({**of, **_said(draft)}, language)
            ]
            row.save(update_fields=["content"])


def _said(draft):
    return {name: how for name, how in draft.items() if how}


class Migration(migrations.Migration):
    dependencies = [("home", "0008_form_pages")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=True)]
