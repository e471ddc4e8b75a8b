from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from cms import desk


@hooks.register("insert_global_admin_css")
def looks_of_the_desk() -> str:
    """Of the panels on the CMS's first page, and of the pages where people sign in."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/desk.css"))


@hooks.register("construct_homepage_panels", order=1000)
def most_pressing_first(request: HttpRequest, panels: list[Any]) -> None:
    """After every floor has added its own."""
    desk.arrange(panels, request)
