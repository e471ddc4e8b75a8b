from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from consent import viewsets
from consent.panels import ConsentStatus
from consent.viewsets import findings, reading


@hooks.register("register_admin_viewset")
def register_consent() -> list[ViewSet]:
    return viewsets.registered()


@hooks.register("register_permissions")
def rights_to_read() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="consent", codename="view_decision")


@hooks.register("register_log_actions")
def log_reading(actions: Any) -> None:
    reading.log_reading(actions)
    findings.log_found(actions)


@hooks.register("construct_homepage_panels")
def show_consent(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ConsentStatus())
