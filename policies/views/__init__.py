"""What a policy page answers. Its routes in models/pages.py name these functions."""

from policies.views.archive import history, upcoming
from policies.views.comparison import compare
from policies.views.feeds import feed
from policies.views.machine_readable import version_json, version_text
from policies.views.memento import timemap
from policies.views.reading import in_force, version

__all__ = ["compare", "feed", "history", "in_force", "timemap", "upcoming", "version", "version_json", "version_text"]
