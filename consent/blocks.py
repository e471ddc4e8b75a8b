"""Content that may come from others: raw HTML and maps for the streams of any page, and the form that asks about it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm

from consent.enforce import publishing

HEIGHTS = [("300", _("Low")), ("450", _("Middling")), ("600", _("High"))]  # CSS pixels


class HtmlBlock(blocks.RawHTMLBlock):
    """HTML as it was pasted. What nobody declared can be kept in a draft, and not be published."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        sentences = [] if self.is_deferred_validation else publishing.problems_everywhere(str(cleaned or ""))
        if sentences:
            raise ValidationError(sentences)
        return cleaned

    class Meta:
        icon = "code"
        label = _("HTML")


class MapBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=100, label=_("What the map shows"))
    address = blocks.URLBlock(
        max_length=2000, label=_("Address of the map"), help_text=_("The one in the code for embedding, behind src=.")
    )
    height = blocks.ChoiceBlock(choices=HEIGHTS, default="450", label=_("Height"))

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        frame = format_html('<iframe src="{}"></iframe>', cleaned.get("address") or "")
        sentences = [] if self.is_deferred_validation else publishing.problems_everywhere(frame)
        if sentences:
            raise blocks.StructBlockValidationError({"address": ValidationError(sentences)})
        return cleaned

    class Meta:
        icon = "site"
        label = _("Map")
        template = "consent/blocks/map.html"


class PageForm(WagtailAdminPageForm):
    """Shows beside its field what stands in the way of publishing, so that nobody loses what they wrote."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation:
            return cleaned
        site = (self.parent_page or self.instance).get_site()
        for name, sentences in publishing.problems(self.instance, site, cleaned).items():
            self.add_error(name, sentences)
        return cleaned
