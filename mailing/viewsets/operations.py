"""The screens for whoever runs the mail: the queue, the set-up check, and the results that campaigns lead to."""

from mailing.viewsets.queue import QueueViewSet
from mailing.viewsets.results import ResultsViewSet
from mailing.viewsets.set_up import SetUpViewSet

VIEWSETS = [QueueViewSet(), SetUpViewSet(), ResultsViewSet()]
