"""Registers what the policies add to the CMS, by noun."""

from policies.wagtail_hooks import acts, desk, guards, log

__all__ = ["acts", "desk", "guards", "log"]
