"""What a form page answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from home import inquiries
from home.forms import PageForm
from home.models import FormPage
from records.http import guarded


@guarded(limit=64 * 1024, rate="20/m")
def form(request: HttpRequest, page: FormPage) -> HttpResponse:
    """GET shows the form, or with ?sent the thanks; POST stores one inquiry and answers 303."""
    filled = PageForm(request.POST or None, page=page)
    if request.method == "POST" and filled.is_valid():
        inquiries.receive(page=page, now=timezone.now(), **filled.cleaned_data)
        response = redirect(f"{page.url}?sent")
        response.status_code = 303
        return response
    context = {**page.get_context(request), "form": filled, "sent": "sent" in request.GET}
    return TemplateResponse(request, "home/form_page.html", context, status=422 if filled.errors else 200)
