"""What a policy page answers. Its routes in models/pages.py name these functions."""

from policies.views.reading import history, in_force, version

__all__ = ["history", "in_force", "version"]
