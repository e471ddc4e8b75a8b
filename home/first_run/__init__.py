"""What is still missing before visitors can read the policy? Told by the data itself: nothing is ticked off by hand."""

from home.first_run.guide import Described, described
from home.first_run.progress import ADVISED, LATER, STEPS, Progress, Step, default_site, is_published, of_site
from home.first_run.rights import may_follow, may_set_up
from home.first_run.sites import AlreadyThere, set_up

__all__ = [
    "ADVISED",
    "LATER",
    "STEPS",
    "AlreadyThere",
    "Described",
    "Progress",
    "Step",
    "default_site",
    "described",
    "is_published",
    "may_follow",
    "may_set_up",
    "of_site",
    "set_up",
]
