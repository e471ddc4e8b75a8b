"""The first run: the steps from an empty database to a published policy, each with where it is done."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Site

from home import first_run
from home.first_run import Progress, may_follow, may_set_up
from home.models import Appearance
from home.models.appearance import zone
from home.viewsets.first_run_policy import CheckView, PolicyView, editor
from records.models import Controller

NAME = "first_run"


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("First steps")
    header_icon = "list-ol"
    template_name = "home/first_run/guide.html"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_follow(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = first_run.default_site()
        progress = first_run.of_site(site, now=timezone.now()) if site else None
        steps = first_run.described(progress, self.request.user) if progress else []
        count = len(first_run.STEPS)
        return super().get_context_data(
            progress=progress,
            steps=steps[:count],
            later=steps[count:],
            done=sum(1 for step in steps[:count] if step.is_done),
            all=count,
            policy_url=_address(progress),
            **kwargs,
        )


def _address(progress: Progress | None) -> str:
    """Where visitors read the policy; "" before they can."""
    return progress.policy.url or "" if progress and progress.policy and progress.is_published else ""


class SiteForm(forms.Form):
    name = forms.CharField(
        label=_("Who owns the site"),
        max_length=200,
        help_text=_("The person or company that answers for it, as in the register: it stands in the policy."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Where people reach you about their data: on every page and in the policy."),
    )
    address = forms.CharField(label=_("Postal address"), max_length=300, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    tagline = forms.CharField(
        label=_("Your site in a sentence"),
        max_length=200,
        required=False,
        help_text=_("Stands below the name on the home page. You can change it there at any time."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        required=False,
        validators=[zone],
        help_text=_("By which pages and mail tell the time: Europe/Berlin. Empty: as the operator set it."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The home page and the contact form are made in each. More can be added later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        self.fields["languages"].choices = others  # type: ignore[attr-defined]
        if not others:
            del self.fields["languages"]


class SiteView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    page_title = _("Your site")
    header_icon = "site"
    template_name = "home/first_run/site.html"
    form_class = SiteForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_set_up(request.user):
            raise PermissionDenied
        if self.site is None:
            messages.error(request, gettext("There is no default site. Make one under Settings › Sites."))
            return redirect(guide_url())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def site(self) -> Site | None:
        return first_run.default_site()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, guide_crumb(), {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict[str, Any]:
        """What is known already: asking must not make rows, so settings are looked up, not made."""
        names = ("name", "email", "address", "phone")
        found = Controller.objects.filter(site=self.site).values(*names).first() or {}
        zones = Appearance.objects.filter(site=self.site).values_list("time_zone", flat=True).first()
        return {**found, "time_zone": zones or ""}

    def form_valid(self, form: SiteForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            first_run.set_up(
                site=self.site,
                owner={name: said[name] for name in ("name", "address", "phone", "email")},
                tagline=said["tagline"],
                languages=said.get("languages", []),
                time_zone=said["time_zone"],
                by=editor(self.request.user),
            )
        except first_run.AlreadyThere:
            sentence = gettext("The site has a home page and an owner already. Nothing was changed.")
            messages.info(self.request, sentence)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        else:
            sentence = gettext("%(name)s has a home page and a contact form. Next: the privacy policy.")
            messages.success(self.request, sentence % {"name": said["name"]})
        return redirect(guide_url())


def guide_url() -> str:
    return reverse(f"{NAME}:index")


def guide_crumb() -> dict[str, Any]:
    return {"url": guide_url(), "label": _("First steps")}


class GuideMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_follow(request.user)


class FirstRunViewSet(ViewSet):
    name = NAME
    url_prefix = "first-run"
    icon = "list-ol"
    menu_label = _("First steps")
    menu_order = 10
    add_to_settings_menu = True
    menu_item_class = GuideMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", GuideView.as_view(), name="index"),
            path("site/", SiteView.as_view(), name="site"),
            path("policy/", PolicyView.as_view(), name="policy"),
            path("policy/<int:pk>/", CheckView.as_view(), name="check"),
        ]
