from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from records.panels import PromiseStatus, RequestStatus
from records.viewsets import (
    DataMapViewSet,
    DisclosureViewSet,
    HoldViewSet,
    ReadingViewSet,
    RecipientChooserViewSet,
    RequestViewSet,
    RopaViewSet,
    RunViewSet,
    log_disclosures,
    log_holds,
    log_requests,
)


@hooks.register("register_admin_viewset")
def register_data_map() -> ViewSet:
    return DataMapViewSet()


@hooks.register("register_admin_viewset")
def register_recipients() -> ViewSet:
    return RecipientChooserViewSet("recipient_chooser")


@hooks.register("register_admin_viewset")
def register_ropa() -> ViewSet:
    return RopaViewSet()


@hooks.register("register_admin_viewset")
def register_readings() -> ViewSet:
    return ReadingViewSet()


@hooks.register("register_admin_viewset")
def register_requests() -> ViewSet:
    return RequestViewSet()


@hooks.register("register_admin_viewset")
def register_retention() -> list[ViewSet]:
    return [RunViewSet(), HoldViewSet()]


@hooks.register("register_admin_viewset")
def register_disclosures() -> ViewSet:
    return DisclosureViewSet()


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    log_disclosures(actions)
    log_requests(actions)
    log_holds(actions)


@hooks.register("register_permissions")
def rights_that_no_screen_brings() -> QuerySet[Permission]:
    """Of rows that are read alone."""
    return Permission.objects.filter(
        content_type__app_label="records",
        codename__in=(
            "view_accessentry",
            "view_disclosure",
            "disclose",
            "approve_disclosureorder",
            "view_promisecheck",
            "view_retentionrun",
            "add_hold",
            "change_hold",
            "view_hold",
            "handle_subjectrequest",
            "view_subjectrequest",
        ),
    )


@hooks.register("construct_homepage_panels")
def show_promises(request: HttpRequest, panels: list[Any]) -> None:
    panels += [PromiseStatus(), RequestStatus()]
