"""Who receives personal data? Floors above put this screen into their menus."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from records.models import Recipient
from records.viewsets.deleting import KeptWhileNamed


class RecipientViewSet(ModelViewSet):
    """Companies that receive personal data. Floors above put it into their menus."""

    model = Recipient
    name = "recipients"
    url_prefix = "recipients"
    icon = "group"
    menu_label = _("Recipients")
    index_results_template_name = "records/recipients_results.html"
    list_display = ["name", "country", "url"]
    list_filter = ["country"]
    search_fields = ["name"]
    ordering = "name"
    copy_view_enabled = False
    delete_view_class = KeptWhileNamed
    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("country"),
        FieldPanel("url"),
        FieldPanel("policy_url"),
        FieldPanel("role"),
        FieldPanel("email"),
        FieldPanel("safeguard"),
        FieldPanel("asks"),
        FieldPanel("words"),
    ]


class RecipientChooserViewSet(ChooserViewSet):
    model = Recipient
    icon = "group"
    choose_one_text = _("Choose a recipient")
    choose_another_text = _("Choose another recipient")
    edit_item_text = _("Edit this recipient")
    creation_tab_label = _("New recipient")
    form_fields = ["name", "address", "country", "url", "policy_url"]
