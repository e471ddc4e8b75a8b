"""Into which groups do sites usually sort their services, and what do they tell visitors about each?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.registry import Basis


@dataclass(frozen=True, kw_only=True)
class UsualGroup:
    """Name and description are lazy: they are written down in every language of the content."""

    name: Any
    description: Any
    required: bool = False
    basis: Basis = Basis.CONSENT


GROUPS: Mapping[str, UsualGroup] = {
    "essential": UsualGroup(
        name=_("Essential"),
        description=_("What the site cannot work without: remembering your choice, keeping out misuse."),
        required=True,
        basis=Basis.INTEREST,
    ),
    "preferences": UsualGroup(
        name=_("Preferences"),
        description=_("Remembers how you like the site to look and work, and lets you write to us in a chat."),
    ),
    "analytics": UsualGroup(
        name=_("Statistics"),
        description=_("Counts visits and shows us which pages are read and where the site does not work."),
    ),
    "marketing": UsualGroup(
        name=_("Advertising"),
        description=_("Shows you advertising by what you read here and elsewhere, and counts what it leads to."),
    ),
    "media": UsualGroup(
        name=_("Videos, maps and posts"),
        description=_("Shows content of other sites in our pages. Those sites then learn which page you read."),
    ),
}
