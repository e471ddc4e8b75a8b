"""What became of a campaign: numbers, a chart, every row, and the rows of which nobody knows."""

from mailing.viewsets.results.again import log_results
from mailing.viewsets.results.overview import ResultsView
from mailing.viewsets.results.screens import ResultsViewSet

__all__ = ["ResultsView", "ResultsViewSet", "log_results"]
