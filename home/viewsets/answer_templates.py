"""Words that many answers begin with: who may write them, and in which language are they?"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.admin.viewsets.model import ModelViewSet

from home.models import AnswerTemplate


class AnswerTemplateViewSet(ModelViewSet):
    model = AnswerTemplate
    name = "answer_templates"
    url_prefix = "answer-templates"
    icon = "doc-full"
    menu_label = _("Answer templates")
    index_results_template_name = "home/answer_templates_results.html"
    menu_order = 410
    add_to_settings_menu = True
    list_display = ["title", "language", "subject"]
    list_filter = ["language"]
    search_fields = ["title", "subject", "text"]
    ordering = "title"
    list_per_page = 50
    copy_view_enabled = True
    panels: list[Panel] = [
        FieldPanel("title"),
        FieldPanel("language"),
        FieldPanel("subject", help_text=_("Empty: the answer keeps the subject it would have without a template.")),
        FieldPanel(
            "text",
            help_text=_("Plain text. {name} becomes the name of whoever wrote, where they gave one."),
        ),
    ]
