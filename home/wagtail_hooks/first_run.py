"""The guide for the first run: its screens, and the next step on the CMS's first page."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from home.panels.first_run import FirstRun
from home.viewsets.first_run import FirstRunViewSet


@hooks.register("register_admin_viewset")
def register_first_run() -> ViewSet:
    return FirstRunViewSet()


@hooks.register("construct_homepage_panels")
def show_first_run(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(FirstRun())
