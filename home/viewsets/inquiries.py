"""The editor's side: what came in through forms, who takes care of it, and what is answered."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from home.models import Inquiry
from home.viewsets.inquiry_acts import AssignView, NoteView, SpamView, StateView
from home.viewsets.inquiry_answering import AnswerView
from home.viewsets.inquiry_export import ExportView
from home.viewsets.inquiry_files import FileView
from home.viewsets.inquiry_list import InquiryIndexView
from home.viewsets.inquiry_rights import ReadAndDelete as ReadAndDelete
from home.viewsets.inquiry_screen import InquiryDeleteView, InquiryInspectView


class InquiryViewSet(ModelViewSet):
    model = Inquiry
    name = "inquiries"
    url_prefix = "inquiries"
    icon = "comment"
    menu_label = _("Inquiries")
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = InquiryIndexView
    index_template_name = "home/inquiry_index.html"
    index_results_template_name = "home/inquiry_index_results.html"
    inspect_view_enabled = True
    inspect_view_class = InquiryInspectView
    inspect_template_name = "home/inquiry_inspect.html"
    delete_view_class = InquiryDeleteView
    list_per_page = 50
    ordering = "-received_at"
    form_fields = ["page"]  # of forms that ReadAndDelete never shows

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("answer/<int:pk>/", AnswerView.as_view(), name="answer"),
            path("assign/<int:pk>/", AssignView.as_view(), name="assign"),
            path("state/<int:pk>/", StateView.as_view(), name="state"),
            path("note/<int:pk>/", NoteView.as_view(), name="note"),
            path("spam/<int:pk>/", SpamView.as_view(), name="spam"),
            path("file/<int:pk>/", FileView.as_view(), name="file"),
            path("export/", ExportView.as_view(), name="export"),
        ]
