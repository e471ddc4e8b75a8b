"""The policy's first draft: from our model, or from a file that is looked through before it is saved."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, Site, UploadedFile

from home import first_run
from home.first_run import model_policy
from home.models import HomePage
from policies import importing
from policies.importing import drafts
from policies.models import PolicyPage
from records import cms_history

FIRST_WORDS = 90  # characters of a clause in the outline
ENDS = (".txt", ".md", ".markdown", ".html", ".htm")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Plain text, Markdown or HTML; UTF-8; 1 MB at most. From Word: save it as plain text."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDS)}),
        error_messages={"empty": _("The file is empty: choose the one with your policy.")},
    )

    def clean_file(self) -> Any:
        """With what it says: read once, before anything is kept."""
        sent: Any = self.cleaned_data["file"]
        if not (sent.name or "").lower().endswith(ENDS):
            raise ValidationError(_("Choose a file that ends in .txt, .md or .html: the text of the policy alone."))
        if (sent.size or 0) > drafts.LARGEST:
            raise ValidationError(_("The file is larger than 1 MB: leave out everything but the text of the policy."))
        try:
            importing.read_file(sent.read(), name=sent.name or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return sent


class OfPolicy(WagtailAdminTemplateMixin):
    """For those who may add a page below the site's home page or, where the policy is there, change it."""

    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.site is None or not Page.objects.type(HomePage).filter(pk=self.site.root_page_id).exists():
            if not Page.objects.get(depth=1).permissions_for_user(request.user).can_add_subpage():
                raise PermissionDenied
            messages.info(request, gettext("First your site: the policy stands below its home page."))
            return redirect(reverse("first_run:index"))
        if not self._may(request):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @cached_property
    def site(self) -> Site | None:
        return first_run.default_site()

    @cached_property
    def policy(self) -> PolicyPage | None:
        assert self.site
        found: PolicyPage | None = PolicyPage.objects.child_of(self.site.root_page).filter(slug=drafts.SLUG).first()
        return found

    def _may(self, request: HttpRequest) -> bool:
        assert self.site
        if self.policy:
            return bool(self.policy.permissions_for_user(request.user).can_edit())
        return bool(self.site.root_page.permissions_for_user(request.user).can_add_subpage())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        guide = {"url": reverse("first_run:index"), "label": _("First steps")}
        return [*self.breadcrumbs_items, guide, {"url": "", "label": self.page_title}]

    def keep(self, draft: importing.Draft, request: HttpRequest) -> HttpResponse:
        """Saves the draft, or says why that is not possible."""
        try:
            page = drafts.save(draft.title, draft.body, site=self.site, slug=drafts.SLUG, by=editor(request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(reverse("first_run:policy"))
        read = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), gettext("Read and change it"))
        sentence = gettext("“%(title)s” is saved as a draft: nobody sees it until you publish it.")
        messages.success(request, sentence % {"title": page.title}, buttons=[read])
        return redirect(reverse("first_run:index"))


class PolicyView(OfPolicy, FormView):  # type: ignore[type-arg]
    page_title = _("Privacy policy")
    template_name = "home/first_run/policy.html"
    form_class = FileForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.site
        write = reverse("wagtailadmin_pages:add", args=["policies", "policypage", self.site.root_page_id])
        return super().get_context_data(policy=self.policy, write_url=write, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("way") != "model":
            return super().post(request, *args, **kwargs)
        if self.policy:
            messages.info(request, gettext("There is a policy already. Nothing was changed."))
            return redirect(reverse("wagtailadmin_pages:edit", args=[self.policy.pk]))
        assert self.site
        return self.keep(model_policy.written(self.site.root_page.locale.language_code), request)

    def form_valid(self, form: FileForm) -> HttpResponse:
        sent: Any = form.cleaned_data["file"]
        sent.seek(0)
        kept = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(PolicyPage),
            file=ContentFile(sent.read(), name=f"{uuid.uuid4()}{_end(sent.name or '')}"),
            uploaded_by_user=self.request.user,
        )
        return redirect(reverse("first_run:check", args=[kept.pk]))


def editor(user: Any) -> AbstractBaseUser:
    """Whoever is signed in: these screens are shown to nobody else."""
    assert isinstance(user, AbstractBaseUser)
    return user


def _end(name: str) -> str:
    """Of a file's name, in small letters: it tells what the text is written in."""
    return next(end for end in ENDS if name.lower().endswith(end))


class CheckView(OfPolicy, TemplateView):
    """What the file would become, and what needs a look; saved only when somebody says so."""

    page_title = _("Look through the file")
    template_name = "home/first_run/check.html"

    @cached_property
    def upload(self) -> UploadedFile:
        kind = ContentType.objects.get_for_model(PolicyPage)
        found: UploadedFile = get_object_or_404(UploadedFile, pk=self.kwargs["pk"], for_content_type=kind)
        return found

    @cached_property
    def draft(self) -> importing.Draft:
        with self.upload.file.open("rb") as file:
            return importing.read_file(file.read(drafts.LARGEST), name=self.upload.file.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.draft
        lines = [
            (number, part.plain[:FIRST_WORDS], len(part.plain) > FIRST_WORDS, part.period and part.period.words())
            for part, number in zip(draft.parts, draft.numbers, strict=True)
        ]
        count = len(draft.parts)
        found = ngettext("%(count)d part was read.", "%(count)d parts were read.", count) % {"count": count}
        return super().get_context_data(draft=draft, lines=lines, found=found, policy=self.policy, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft
        if request.POST.get("act") != "save":
            self._forget()
            messages.info(request, gettext("The file is forgotten. Nothing was saved."))
            return redirect(reverse("first_run:policy"))
        answer = self.keep(draft, request)
        self._forget()
        return answer

    def _forget(self) -> None:
        cms_history.erase_uploads([self.upload.pk], timezone.now())
