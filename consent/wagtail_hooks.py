from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from consent.viewsets import ConsentViewSetGroup


@hooks.register("register_admin_viewset")
def register_consent() -> ViewSetGroup:
    return ConsentViewSetGroup()
