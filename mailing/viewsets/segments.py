"""Segments at the desk: conditions that are checked as they are saved, and how many people they hold now."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, Panel
from wagtail.admin.viewsets.model import ModelViewSet

from mailing import segments
from mailing.models import MailingList, Segment, Subscription
from records.viewsets import KeptWhileNamed


class AttributeSelect(forms.Select):
    """What there is to choose from now: fields are declared while the site runs. One that is gone is still named."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        known = segments.attributes()
        gone = [each for each in value if each and each not in dict(known)]
        self.choices = [("", "—"), *known, *((each, _("%(name)s (gone)") % {"name": each}) for each in gone)]
        return super().optgroups(name, value, attrs)


class SegmentForm(WagtailAdminModelForm):
    """Says beside each condition what is wrong with it."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        for form in self.formsets["conditions"].forms:
            if form.cleaned_data.get("DELETE") or not form.has_changed() or form.errors:
                continue
            for sentence in segments.problems(form.instance):
                form.add_error(_blamed(form.instance), sentence)
                valid = False
        return bool(valid)


def _blamed(condition: Any) -> str:
    """The box of the form beside which a problem is said."""
    kind = segments.kinds().get(condition.attribute)
    if kind is None:
        return "attribute"
    return "value" if condition.comparison in segments.COMPARISONS[kind] else "comparison"


class HeldPanel(Panel):
    """How many people of each list the segment holds, as it was saved last."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "mailing/segment_held.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"held": held(self.instance) if self.instance.pk else None}


def held(segment: Segment) -> list[tuple[MailingList, int, int]]:
    """Each list with how many of its people are in the segment, and how many there are."""
    live = Subscription.objects.live()
    return [
        (each, segments.narrow(live.filter(mailing_list=each), segment).count(), live.filter(mailing_list=each).count())
        for each in MailingList.objects.order_by("name")
    ]


class SegmentViewSet(ModelViewSet):
    model = Segment
    name = "segments"
    url_prefix = "mailing/segments"
    icon = "list-ul"
    index_results_template_name = "mailing/segments_results.html"
    menu_label = _("Segments")
    list_display = ["name", "match"]
    search_fields = ["name"]
    copy_view_enabled = False
    delete_view_class = KeptWhileNamed

    def get_edit_handler(self) -> Any:
        conditions = [
            FieldPanel("attribute", widget=AttributeSelect),
            FieldPanel("comparison"),
            FieldPanel(
                "value",
                help_text=_("A date as 2026-03-01, a number as 12.5, yes or no, the code of a language, or words."),
            ),
        ]
        panels = [
            FieldPanel("name"),
            FieldPanel("match"),
            InlinePanel(
                "conditions",
                conditions,
                heading=_("Conditions"),
                label=_("Condition"),
                min_num=1,
                help_text=_(
                    "“Is not” holds also for people of whom it is not known. What people do with their mail is no "
                    "condition: nobody is chosen by what they opened or followed."
                ),
            ),
            HeldPanel(heading=_("People it holds now")),
        ]
        return ObjectList(panels, base_form_class=SegmentForm).bind_to_model(self.model)
