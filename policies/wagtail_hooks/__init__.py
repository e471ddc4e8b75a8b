"""Registers what the policies add to the CMS, by noun."""

from policies.wagtail_hooks import guards

__all__ = ["guards"]
