"""A file that came with an inquiry is handed out as one: never shown in the page, and each reading is logged."""

import io

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views import View
from wagtail.log_actions import log

from home import inquiries
from home.models import Attachment
from home.viewsets.inquiry_rights import READ, ForThoseWho
from records import access_log
from records.sealed import Erased


class FileView(ForThoseWho, View):
    rights = (READ,)
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        rows = Attachment.objects.select_related("subject_key", "inquiry")
        file = get_object_or_404(rows, pk=pk, inquiry__in=inquiries.standing(timezone.now()))
        if isinstance(file.name, Erased):
            raise Http404
        log(file.inquiry, "home.read_file", user=request.user, data={"file": file.pk})
        access_log.note(holding="home.Attachment", act=access_log.Act.EXPORT, keys=[file.pk])
        # Whatever a visitor says it is, a browser is to save it and nothing else.
        content = io.BytesIO(file.content)
        answer = FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "no-store"
        return answer
