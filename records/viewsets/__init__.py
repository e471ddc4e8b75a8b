"""The admin screens of this floor, by noun; and how every floor's screens delete."""

from records.viewsets.data_map import DataMapViewSet
from records.viewsets.deleting import KeptWhileNamed, KeptWhileUsed
from records.viewsets.disclosures import DisclosureViewSet, log_disclosures
from records.viewsets.holds import HoldViewSet, log_holds
from records.viewsets.readings import ReadingViewSet
from records.viewsets.recipients import RecipientChooserViewSet, RecipientViewSet
from records.viewsets.requests import RequestViewSet, log_requests
from records.viewsets.ropa import RopaViewSet
from records.viewsets.runs import RunViewSet

__all__ = [
    "DataMapViewSet",
    "DisclosureViewSet",
    "HoldViewSet",
    "KeptWhileNamed",
    "KeptWhileUsed",
    "ReadingViewSet",
    "RecipientChooserViewSet",
    "RecipientViewSet",
    "RequestViewSet",
    "RopaViewSet",
    "RunViewSet",
    "log_disclosures",
    "log_holds",
    "log_requests",
]
