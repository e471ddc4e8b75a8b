"""Several well-known services at once: looked for, ticked, and added to the draft together."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from consent import adding, cookie, presets
from consent.adding import Added
from consent.viewsets.preset import log_added, may_add, sections

LIFETIME = "P6M"  # of the choice: `told.LASTS` where no policy says otherwise
LONGEST = 100  # characters that somebody looks for


class PickView(WagtailAdminTemplateMixin, TemplateView):
    """Looking for further ones is posted too: what is ticked stays ticked."""

    page_title = _("Choose services")
    header_icon = "list-ul"
    template_name = "consent/admin/pick.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_add(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        services = {"url": reverse("consent_services:index"), "label": _("Services")}
        return [*self.breadcrumbs_items, services, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.POST.get("q", "")[:LONGEST]
        ticked = set(self.request.POST.getlist("service"))
        return super().get_context_data(
            words=words,
            kept=[each for each in _known(ticked) if each.key not in _keys(words)],
            ticked=ticked,
            sections=list(sections(words)),
            back=self._back(),
            **kwargs,
        )

    def _back(self) -> str:
        """Where somebody came from and goes on afterwards; the list of services for what is no page of this site."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return wanted if is_own else reverse("consent_services:index")

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") != "add":
            return self.get(request)
        chosen = request.POST.getlist("service")
        try:
            added = adding.add_several(chosen, own_cookie=cookie.NAME, lifetime=LIFETIME)
        except presets.NoSuchPreset:
            raise Http404 from None
        for each in added:
            log_added(each, request.user)
        messages.success(request, _said(added))
        if missing := [str(each.service) for each in added if each.account]:
            sentence = gettext(
                "Still missing: your number with the vendor of %(names)s. Write it on the service’s screen."
            )
            messages.warning(request, sentence % {"names": ", ".join(missing)})
        return redirect(self._back())


def _said(added: list[Added]) -> str:
    if not added:
        return gettext("No service was added. The draft has the cookie that remembers a visitor’s choice.")
    sentence = ngettext(
        "%(count)d service was added to the draft, with its cookies and texts: %(names)s.",
        "%(count)d services were added to the draft, with their cookies and texts: %(names)s.",
        len(added),
    )
    return sentence % {"count": len(added), "names": ", ".join(str(each.service) for each in added)}


def _known(keys: set[str]) -> Iterator[presets.Preset]:
    return (shipped for shipped in presets.load() if shipped.key in keys)


def _keys(words: str) -> set[str]:
    """Of the services that are shown."""
    return {row["shipped"].key for _category, _name, rows in sections(words) for row in rows}


def picking_paths() -> list[Any]:
    return [path("well-known/several/", PickView.as_view(), name="pick")]
