"""Statistics in the CMS: how many people come, what they read, and what became of consent, mail and inquiries."""

from home.viewsets.statistics.screens import StatisticsViewSet

__all__ = ["StatisticsViewSet"]
