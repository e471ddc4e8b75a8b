"""What can an editor build a page from? Each block is one part of a text, and looks after its own headings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from consent.blocks import HtmlBlock, MapBlock

FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "hr", "image", "embed"]
SHORT = ["bold", "italic", "link", "document-link", "ol", "ul"]


class PictureBlock(blocks.StructBlock):
    """Whoever cannot see it is told what it shows, or that it only decorates: Wagtail's image block asks."""

    picture = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))
    width = blocks.ChoiceBlock(
        choices=[("text", _("As wide as the text")), ("wide", _("Wider than the text"))],
        default="text",
        label=_("Width"),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "home/blocks/picture.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(max_length=1000, label=_("Words"))
    who = blocks.CharBlock(required=False, max_length=100, label=_("Who said it"))
    role = blocks.CharBlock(required=False, max_length=100, label=_("What they are, or where it stands"))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "home/blocks/quote.html"


class CalloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=100, label=_("Title"))
    text = blocks.RichTextBlock(features=SHORT, label=_("Text"))
    kind = blocks.ChoiceBlock(
        choices=[("note", _("Good to know")), ("important", _("Important"))], default="note", label=_("Kind")
    )

    class Meta:
        icon = "warning"
        label = _("Call-out")
        template = "home/blocks/callout.html"


class Led(blocks.StructValue):
    """Leads to a page of this site, or elsewhere."""

    @property
    def address(self) -> str:
        page = self.get("page")
        return str(page.url if page and page.live else "") or str(self.get("url") or "")


class LinkedBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(required=False, label=_("Page it leads to"))
    url = blocks.URLBlock(required=False, max_length=500, label=_("Or address elsewhere"))

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if cleaned.get("page") and cleaned.get("url"):
            sentence = _("It can lead to one place only: a page, or an address.")
            raise blocks.StructBlockValidationError({"url": ValidationError(sentence)})
        return cleaned

    class Meta:
        value_class = Led


class CardBlock(LinkedBlock):
    title = blocks.CharBlock(max_length=80, label=_("Title"))
    text = blocks.TextBlock(required=False, max_length=300, label=_("Text"))
    picture = ImageChooserBlock(required=False, label=_("Picture"), help_text=_("Decorates; the words say it all."))

    class Meta:
        icon = "doc-empty"
        label = _("Card")
        form_layout = ["title", "text", "picture", "page", "url"]


class CardsBlock(blocks.StructBlock):
    """Side by side where there is room."""

    title = blocks.CharBlock(max_length=100, label=_("Title above them"))
    cards = blocks.ListBlock(CardBlock(), min_num=1, max_num=12, label=_("Cards"))

    class Meta:
        icon = "table"
        label = _("Cards in columns")
        template = "home/blocks/cards.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200, label=_("Question"))
    answer = blocks.RichTextBlock(features=SHORT, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(blocks.StructBlock):
    """Folded up, and found by a browser's search in the page all the same."""

    title = blocks.CharBlock(required=False, max_length=100, label=_("Title above them"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "home/blocks/questions.html"


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    label = blocks.CharBlock(required=False, max_length=100, label=_("Words of the link"))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        document = value.get("document")
        context["kind"] = document.file_extension.upper() if document else ""
        context["size"] = document.file_size if document else None  # as it was measured when somebody put it there
        return context

    class Meta:
        icon = "download"
        label = _("Download")
        template = "home/blocks/download.html"


class ButtonBlock(LinkedBlock):
    label = blocks.CharBlock(max_length=60, label=_("Words on the button"))

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        if not (self.is_deferred_validation or cleaned.get("page") or cleaned.get("url")):
            sentence = _("Say where it leads to: a page of this site, or an address.")
            raise blocks.StructBlockValidationError({"page": ValidationError(sentence)})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Button")
        template = "home/blocks/button.html"
        form_layout = ["label", "page", "url"]


SECTIONS = [
    ("text", blocks.RichTextBlock(features=FEATURES, label=_("Text"))),
    ("picture", PictureBlock()),
    ("quote", QuoteBlock()),
    ("callout", CalloutBlock()),
    ("cards", CardsBlock()),
    ("questions", QuestionsBlock()),
    ("download", DownloadBlock()),
    ("button", ButtonBlock()),
    ("embed", EmbedBlock(label=_("Video or post"))),
    ("map", MapBlock()),
    ("html", HtmlBlock()),
]
