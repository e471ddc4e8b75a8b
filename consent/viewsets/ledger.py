"""How does the proof of consent stand, and who starts the sealer or the check right away?"""

from typing import Any

from celery import Task
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from kombu.exceptions import OperationalError
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from consent import tasks
from consent.proof.status import ledger_status
from consent.viewsets.reading import DECISIONS, ReadersItem
from policies.wording import instant


class LedgerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What is sealed, what waits, what was checked. The two buttons start what runs by itself a little later anyway."""

    permission_policy = DECISIONS
    permission_required = "view"
    page_title = _("Proof of consent")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "lock"
    template_name = "consent/admin_numbers/ledger.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "json":
            return JsonResponse(ledger_status(timezone.now()).metrics())
        return super().get(request, *args, **kwargs)

    @property
    def header_more_buttons(self) -> list[Button]:
        return [Button(_("The numbers as JSON"), url="?export=json", icon_name="code", priority=90)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status = ledger_status(timezone.now())
        return super().get_context_data(
            status=status,
            sealed=instant(status.sealed.sealed_at) if status.sealed else "",
            checked=instant(status.checked.ran_at) if status.checked else "",
            lag=round(status.lag.total_seconds()) if status.lag is not None else 0,
            places=[(place, instant(place.at)) for place in status.places],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == "verify":
            sentence = gettext("A worker is checking the ledger. Look again in a minute.")
            self._start(tasks.verify, sentence, anyway=True)
        else:
            self._start(tasks.seal, gettext("A worker is sealing what waits. Look again in a minute."))
        return redirect(request.path)

    def _start(self, task: Task, sentence: str, **how: bool) -> None:
        try:
            task.delay(**how)
        except OperationalError:
            messages.error(self.request, gettext("No worker could be asked: the broker is away. Try again later."))
        else:
            messages.success(self.request, sentence)


class LedgerViewSet(ViewSet):
    name = "consent_ledger"
    url_prefix = "consent/ledger"
    icon = "lock"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ReadersItem
    menu_label = _("Proof of consent")
    menu_order = 893

    def get_urlpatterns(self) -> list[Any]:
        return [path("", LedgerView.as_view(), name="index")]
