"""Statistics: their screen, their panel on the first page, and the right to see them."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from home.panels.statistics import VisitStatus
from home.viewsets.statistics import StatisticsViewSet


@hooks.register("register_admin_viewset")
def register_statistics() -> ViewSet:
    return StatisticsViewSet()


@hooks.register("construct_homepage_panels")
def visits_lately(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(VisitStatus())


@hooks.register("register_permissions")
def right_to_see_statistics() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="home", codename="view_tally")
