"""Everything at the desk that is about people: who they are, which of them a segment holds, who is never written to,
how they come in. And what Wagtail's log says of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.log_actions import LogFormatter

from mailing.viewsets import exports, reasons
from mailing.viewsets.fields import FieldViewSet
from mailing.viewsets.imports import ImportViewSet
from mailing.viewsets.segments import SegmentViewSet
from mailing.viewsets.subscribers import SubscriberViewSet
from mailing.viewsets.suppressed import SuppressionViewSet

VIEWSETS = (SubscriberViewSet(), SegmentViewSet(), FieldViewSet(), SuppressionViewSet(), ImportViewSet())


class Imported(LogFormatter):
    label = _("Import subscribers")

    def format_message(self, entry: Any) -> str:
        words = {"people": entry.data["people"], "list": entry.data["list"]}
        sentence = ngettext(
            "Had %(people)d person imported to the list %(list)s",
            "Had %(people)d people imported to the list %(list)s",
            words["people"],
        )
        return sentence % words


def log_audience(actions: Any) -> None:
    """Looking somebody up is reading about a person: Wagtail's log keeps who did, and what was done for them."""
    actions.register_action("mailing.search", _("Search a subscriber"), _("Searched a subscriber by their address"))
    actions.register_action("mailing.read", _("Read a subscriber"), _("Read what is known of a subscriber"))
    actions.register_action("mailing.correct", _("Correct a subscriber"), _("Corrected what is known of a subscriber"))
    actions.register_action("mailing.erase", _("Erase a subscriber"), _("Erased a subscriber"))
    reasons.register(actions, "mailing.leave", _("Take a subscriber off lists"), _("Took a subscriber off lists"))
    reasons.register(actions, "mailing.suppress", _("Suppress an address"), _("Suppressed an address"))
    reasons.register(actions, "mailing.lift", _("Lift a suppression"), _("Lifted the suppression of an address"))
    actions.register_action("mailing.import")(Imported)
    actions.register_action("mailing.export")(exports.Exported)
