"""Who may do what in the CMS? Four roles, as groups of Wagtail; docs/operators.md says what each is for."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERY = ("add", "change", "delete", "view")


def on(model, *acts):
    """The codenames of rights on one model, each with its app: "mailing.add_campaign"."""
    app, name = model.split(".")
    return [f"{app}.{act}_{name}" for act in acts]


CATALOGUE = [
    *on("cookie_consent.cookiegroup", *EVERY),
    *on("cookie_consent.cookie", *EVERY),
    *on("consent.service", *EVERY),
]
TRANSLATE = ["simple_translation.submit_translation"]
RIGHTS = {
    # Pages and what is on them. Nothing that visitors gave.
    "Editor": [
        *CATALOGUE,
        *on("records.recipient", "add", "view"),
        *on("home.appearance", "change"),
        *on("home.promotion", "view"),
        *on("home.tally", "view"),
        *on("wagtailredirects.redirect", "add", "change", "delete"),
        *TRANSLATE,
    ],
    # Mail to many: its texts, its lists, and who reads it. Who the readers are is seen, not changed.
    "Marketer": [
        *on("mailing.campaign", *EVERY, "publish", "send"),
        *on("mailing.mailinglist", *EVERY),
        *on("mailing.segment", *EVERY),
        *on("mailing.field", *EVERY),
        *on("mailing.subscriber", "view"),
        *on("mailing.suppression", "view"),
        *on("mailing.delivery", "view"),
        *on("mailing.audienceimport", "add"),
        *on("home.promotion", *EVERY),
        *on("home.tally", "view"),
    ],
    # What the law asks of the site, and the evidence that it was done.
    "Privacy officer": [
        *CATALOGUE,
        *TRANSLATE,
        *on("consent.snapshot", "add", "view"),
        *on("consent.decision", "view"),
        *on("records.recipient", *EVERY),
        *on("records.controller", "change"),
        *on("records.retentionrun", "view"),
        *on("records.accessentry", "view"),
        *on("records.promisecheck", "view"),
        *on("records.hold", "add", "change", "view"),
        *on("records.subjectrequest", "change", "view", "handle"),
        *on("records.disclosure", "view"),
        *on("records.disclosureorder", "add", "view", "approve"),
        "records.disclose",
        *on("home.inquiry", "view", "export"),
        *on("home.publicentry", "delete", "view", "moderate"),
        *on("home.tally", "view"),
        *on("mailing.subscriber", "change", "delete", "view"),
        *on("mailing.suppression", "add", "delete", "view"),
        *on("mailing.delivery", "view"),
        *on("mailing.campaign", "view"),
    ],
    # People who write.
    "Support": [
        *on("home.inquiry", "view", "answer"),
        *on("home.answertemplate", *EVERY),
        *on("home.tally", "view"),
        *on("home.publicentry", "view", "moderate"),
        *on("records.subjectrequest", "view"),
    ],
}
# On every page. Wagtail knows no rights for one kind of page: a policy is published by who may publish pages.
PAGES = {
    "Editor": ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    "Privacy officer": ["change_page", "publish_page"],
}
# In every collection.
FILES = {
    "Editor": [
        *on("wagtailimages.image", "add", "change", "choose"),
        *on("wagtaildocs.document", "add", "change", "choose"),
    ],
    "Privacy officer": [*on("wagtailimages.image", "choose"), *on("wagtaildocs.document", "choose")],
}
# Of a model whose drafts are approved. Wagtail makes it only once all migrations have run.
APPROVAL = ("mailing", "campaign", "publish_campaign", "Can publish campaign")


def make_roles(apps, schema_editor):
    _make_permissions(apps, schema_editor.connection.alias)
    give(apps, schema_editor)


def give(apps, schema_editor):
    """Adds what is missing, and takes nothing away: a group of that name keeps what a site gave it."""
    Group = apps.get_model("auth", "Group")
    for name, rights in RIGHTS.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(*(_right(apps, each) for each in ["wagtailadmin.access_admin", *rights]))
        _give_pages(apps, group, PAGES.get(name, []))
        _give_files(apps, group, FILES.get(name, []))


def _make_permissions(apps, alias):
    """Django makes them only once all migrations have run."""
    for config in apps.get_app_configs():
        config.models_module = True  # what it looks at first, and what a past state of an app does not have
        create_permissions(config, verbosity=0, using=alias, apps=apps)
        config.models_module = None
    app, model, codename, name = APPROVAL
    kind, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
    Permission = apps.get_model("auth", "Permission")
    Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})


def _right(apps, name):
    """Raises DoesNotExist for a right that no app has: the name is wrong, or a dependency is missing."""
    app, codename = name.split(".")
    return apps.get_model("auth", "Permission").objects.get(content_type__app_label=app, codename=codename)


def _give_pages(apps, group, codenames):
    root = apps.get_model("wagtailcore", "Page").objects.filter(depth=1).first()
    for codename in codenames if root else []:
        right = _right(apps, f"wagtailcore.{codename}")
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page=root, permission=right
        )


def _give_files(apps, group, rights):
    root = apps.get_model("wagtailcore", "Collection").objects.filter(depth=1).first()
    for right in rights if root else []:
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
            group=group, collection=root, permission=_right(apps, right)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("simple_translation", "0001_initial"),
        ("cookie_consent", "0004_cookie_natural_key"),
        ("records", "0013_salts_unlogged"),
        ("policies", "0007_how_long_a_choice_counts"),
        ("consent", "0007_beside_embeds"),
        ("mailing", "0008_delivery_sent"),
        ("home", "0010_asked_in_fields"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop, elidable=False)]
