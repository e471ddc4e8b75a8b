"""What a campaign is made of. Each block becomes a section of the mail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StaticBlock,
    StreamBlock,
    StructBlock,
    URLBlock,
)
from wagtail.images.blocks import ImageBlock

FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul"]


class ButtonBlock(StructBlock):
    label = CharBlock(max_length=60, label=_("Words on the button"))
    page = PageChooserBlock(required=False, label=_("Page of this site"))
    url = URLBlock(required=False, label=_("Or another address"))

    class Meta:
        icon = "link"
        label = _("Button")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            raise ValidationError(_("Choose a page of this site, or write another address: one of the two."))
        return cleaned


class ColumnBlock(StructBlock):
    image = ImageBlock(required=False, label=_("Image"))
    text = RichTextBlock(features=FEATURES, label=_("Text"))

    class Meta:
        icon = "doc-full"
        label = _("Column")


class MailBlocks(StreamBlock):
    """The sections of a mail, from the top."""

    heading = CharBlock(max_length=120, icon="title", label=_("Heading"))
    text = RichTextBlock(features=FEATURES, icon="pilcrow", label=_("Text"))
    image = ImageBlock(icon="image", label=_("Image"))
    button = ButtonBlock()
    columns = ListBlock(ColumnBlock(), min_num=2, max_num=2, icon="grip", label=_("Two columns"))
    divider = StaticBlock(icon="horizontalrule", label=_("Line across"))
