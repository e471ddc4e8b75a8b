"""The clauses that hold words alone."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

FEATURES = ["bold", "italic", "link", "ol", "ul"]


def anchor() -> blocks.CharBlock:
    return blocks.CharBlock(
        required=False,
        max_length=60,
        validators=[validate_slug],
        label=_("Anchor"),
        help_text=_("The end of a link to this clause, such as #retention. Left empty, Candor makes a lasting one."),
    )


def has_words(html: str) -> bool:
    return bool(strip_tags(html).strip())


class SectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"))
    numbered = blocks.BooleanBlock(required=False, default=True, label=_("Numbered"))
    anchor = anchor()

    class Meta:
        icon = "title"
        label = _("Section")
        group = _("Words")


class ClauseBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=FEATURES, label=_("Text"))
    anchor = anchor()

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuses a text without a word, which Wagtail takes for one; a draft may have gaps."""
        cleaned = super().clean(value)
        if self.is_deferred_validation or has_words(cleaned["text"].source):
            return cleaned
        missing = self.child_blocks["text"].field.error_messages["required"]
        raise blocks.StructBlockValidationError({"text": ValidationError(missing, code="required")})

    class Meta:
        icon = "pilcrow"
        label = _("Clause (1.1)")
        group = _("Words")


class SubclauseBlock(ClauseBlock):
    class Meta:
        icon = "list-ol"
        label = _("Sub-clause (1.1.1)")


class TextBlock(ClauseBlock):
    class Meta:
        icon = "doc-full"
        label = _("Text without a number")
