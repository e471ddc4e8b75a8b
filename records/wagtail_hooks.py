from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from records.viewsets import DataMapViewSet, RecipientChooserViewSet, RopaViewSet


@hooks.register("register_admin_viewset")
def register_data_map() -> ViewSet:
    return DataMapViewSet()


@hooks.register("register_admin_viewset")
def register_recipients() -> ViewSet:
    return RecipientChooserViewSet("recipient_chooser")


@hooks.register("register_admin_viewset")
def register_ropa() -> ViewSet:
    return RopaViewSet()
