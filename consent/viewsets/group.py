"""The groups that visitors choose among: one form for a group, what it is for, and its words in every language."""

from typing import Any

from cookie_consent.models import CookieGroup
from django.db.models import Count, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from consent import changes
from consent.forms import GroupForm
from consent.viewsets.words import translations
from records.viewsets import KeptWhileNamed

# What django-cookie-consent calls them, in English alone: our catalogues say it in other languages.
CALLED = (_("Cookie Group"), _("Cookie Groups"))


class GroupIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[CookieGroup]:
        services, cookies = Count("services", distinct=True), Count("cookie", distinct=True)
        groups: QuerySet[CookieGroup] = super().get_base_queryset()
        return groups.annotate(service_count=services, cookie_count=cookies)


class GroupDeleteView(KeptWhileNamed):
    @property
    def confirmation_message(self) -> str:
        count = self.object.cookie_set.count()
        sentences = [super().confirmation_message]
        if count:
            sentence = ngettext(
                "The %(count)d cookie in it is deleted as well.",
                "The %(count)d cookies in it are deleted as well.",
                count,
            )
            sentences.append(sentence % {"count": count})
        if changes.was_published(group=self.object.varname):
            sentences.append(gettext("What people decided about it stays on record, with what they were shown."))
        return " ".join(sentences)


def _refusal(group: CookieGroup) -> str:
    return gettext("cannot refuse it") if group.is_required else gettext("are asked")


class CookieGroupViewSet(ModelViewSet):
    model = CookieGroup
    name = "consent_groups"
    url_prefix = "consent/groups"
    icon = "folder"
    index_results_template_name = "consent/admin/groups.html"
    menu_label = _("Groups")
    list_display = [
        "name",
        Column("varname", label=_("Key")),
        Column("refusal", label=_("Visitors"), accessor=_refusal),
        Column("service_count", label=_("Services")),
        Column("cookie_count", label=_("Cookies")),
    ]
    ordering = "ordering"
    sort_order_field = "ordering"
    search_fields = ["name", "varname", "description"]
    copy_view_enabled = False
    index_view_class = GroupIndexView
    delete_view_class = GroupDeleteView

    def get_edit_handler(self) -> Any:
        what = [
            FieldPanel("name", heading=_("Name")),
            FieldPanel("description", heading=_("Description"), help_text=_("What it is for, in a sentence or two.")),
        ]
        rules = [
            FieldPanel(
                "varname",
                heading=_("Key"),
                help_text=_("Short and lasting, such as analytics: decisions name it. It stays once it was published."),
            ),
            FieldPanel(
                "is_required",
                heading=_("Cannot be refused"),
                help_text=_("Only for what the site cannot work without. Visitors are told, and not asked."),
            ),
            FieldPanel("basis", help_text=_("What visitors can refuse rests on consent (GDPR Art. 6(1)(a)).")),
            FieldPanel("purposes", help_text=_("Those of its services are added by themselves.")),
            FieldPanel("sites", help_text=_("None chosen: every site.")),
        ]
        panels = [
            MultiFieldPanel(what, heading=_("What visitors read")),
            *translations(name=_("Name"), description=_("Description")),
            MultiFieldPanel(rules, heading=_("What it is")),
        ]
        return ObjectList(panels, base_form_class=GroupForm).bind_to_model(self.model)
