"""The admin screens of this floor, by noun; and how every floor's screens delete."""

from records.viewsets.data_map import DataMapViewSet
from records.viewsets.deleting import KeptWhileNamed, KeptWhileUsed
from records.viewsets.recipients import RecipientChooserViewSet, RecipientViewSet
from records.viewsets.ropa import RopaViewSet

__all__ = [
    "DataMapViewSet",
    "KeptWhileNamed",
    "KeptWhileUsed",
    "RecipientChooserViewSet",
    "RecipientViewSet",
    "RopaViewSet",
]
