"""Promotions at the desk: a list with what each led to, an editor with a preview, and the counts of every day."""

from home.viewsets.promotions.screens import PromotionViewSet

__all__ = ["PromotionViewSet"]
