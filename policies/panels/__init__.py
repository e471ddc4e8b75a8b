"""What the CMS shows of a policy: the editor's tabs, its publish button, and how things stand on the dashboard."""

from policies.panels.dashboard import Line, PolicyStatus, add_status
from policies.panels.editor import edit_handler
from policies.panels.publishing import PublishVersion, Scheduling

__all__ = ["Line", "PolicyStatus", "PublishVersion", "Scheduling", "add_status", "edit_handler"]
