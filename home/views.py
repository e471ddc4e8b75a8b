"""What a contact page answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from home import inquiries
from home.forms import ContactForm
from home.models import ContactPage
from records.http import guarded


@guarded(limit=64 * 1024, rate="20/m")
def contact(request: HttpRequest, page: ContactPage) -> HttpResponse:
    """GET shows the form, or with ?sent the thanks; POST stores one inquiry and answers 303."""
    form = ContactForm(request.POST or None, page=page)
    if request.method == "POST" and form.is_valid():
        inquiries.receive(page=page, now=timezone.now(), **form.cleaned_data)
        response = redirect(f"{page.url}?sent")
        response.status_code = 303
        return response
    context = {**page.get_context(request), "form": form, "sent": "sent" in request.GET}
    return TemplateResponse(request, "home/contact_page.html", context, status=422 if form.errors else 200)
