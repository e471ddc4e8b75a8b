"""The clauses that the site acts on: freezing a version writes what they say as terms."""

from django.core.exceptions import ValidationError
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from policies.blocks.prose import FEATURES, anchor, has_words
from records.periods import UNITS, Period, stated
from records.registry import Basis, Ground, Purpose, Span, Subject, Then, kept, spans


# Choices are functions, so that a new word in the vocabulary is no migration.
def kept_holdings() -> list[tuple[str, str]]:
    """What visitors gave first, then what counts for a time without being deleted, the accounts of the CMS last."""
    rules = [
        (Subject.STAFF in entry.subjects, key, str(keep.rows or entry.title)) for key, (entry, keep) in kept().items()
    ]
    visitors = [(key, title) for staff, key, title in rules if not staff]
    accounts = [(key, title) for staff, key, title in rules if staff]
    counts = [(key, _how_long(span)) for key, span in spans().items()]
    return [*visitors, *counts, *accounts]


def _how_long(span: Span) -> str:
    said = gettext("%(what)s: how long they are kept") if span.deleted else gettext("%(what)s: how long it counts")
    return said % {"what": span.title}


def units() -> list[tuple[str, object]]:
    return [*UNITS]


def ends() -> list[tuple[str, object]]:
    """For data sets: what counts for a time is asked for again, whatever stands here."""
    return [(end, label) for end, label in Then.choices if end != Then.ASK]


def purposes() -> list[tuple[str, object]]:
    return [*Purpose.choices]


def bases() -> list[tuple[str, object]]:
    return [*Basis.choices]


def subjects() -> list[tuple[str, object]]:
    return [*Subject.choices]


def grounds() -> list[tuple[str, object]]:
    return [*Ground.choices]


def _words(help_text: object) -> blocks.RichTextBlock:
    return blocks.RichTextBlock(required=False, features=FEATURES, label=_("Words"), help_text=help_text)


def _introduction() -> blocks.RichTextBlock:
    return _words(_("Stands above. Left empty, Candor writes a sentence."))


class RetentionBlock(blocks.StructBlock):
    holding = blocks.ChoiceBlock(
        choices=kept_holdings,
        required=False,
        label=_("Data set"),
        help_text=_("What is kept, or counts, this long. Without one, the clause is words alone and deletes nothing."),
    )
    number = blocks.IntegerBlock(min_value=1, max_value=999, label=_("Kept for"))
    unit = blocks.ChoiceBlock(choices=units, default="year", label=_("Unit"))
    then = blocks.ChoiceBlock(choices=ends, default=Then.DELETE.value, label=_("What then"))
    text = _words(_("Left empty, Candor writes the sentence. {period} stands for the period."))
    anchor = anchor()

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """The words and the period that the site acts on must be one."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (problem := _contradiction(cleaned)):
            raise blocks.StructBlockValidationError({"text": ValidationError(problem)})
        return cleaned

    class Meta:
        icon = "history"
        label = _("Retention")
        group = _("Terms the site acts on")


def _contradiction(value: blocks.StructValue) -> str:
    words = value["text"].source
    if not has_words(words):
        return "" if value["holding"] else gettext("Choose the data set, or write the words.")
    period, said = Period(value["number"], value["unit"]), stated(words)
    if said and _length(period) not in map(_length, said):
        sentence = gettext("The words say %(said)s, but the period is %(period)s: make them one, or write {period}.")
        return sentence % {"said": ", ".join(other.words() for other in said), "period": period.words()}
    return ""


def _length(period: Period) -> tuple[int, int]:
    """In months and days: twelve months are a year and seven days a week, but a month is no number of days."""
    months, days = {"year": (12, 0), "month": (1, 0), "week": (0, 7), "day": (0, 1)}[period.unit]
    return period.number * months, period.number * days


class PurposeBlock(blocks.StructBlock):
    purpose = blocks.ChoiceBlock(choices=purposes, label=_("Purpose"))
    words = blocks.CharBlock(
        required=False, max_length=500, label=_("In your words"), help_text=_("Left empty, the purpose's own name.")
    )
    basis = blocks.ChoiceBlock(choices=bases, required=False, label=_("Legal basis"))


class PurposesBlock(blocks.StructBlock):
    text = _introduction()
    items = blocks.ListBlock(PurposeBlock(), min_num=1, label=_("Purposes"))
    anchor = anchor()

    class Meta:
        icon = "crosshairs"
        label = _("Purposes")
        group = _("Terms the site acts on")


class DataBlock(blocks.StructBlock):
    text = _introduction()
    subjects = blocks.MultipleChoiceBlock(
        choices=subjects,
        default=[Subject.VISITOR.value, Subject.SUBSCRIBER.value],
        widget=CheckboxSelectMultiple,
        label=_("Whose data"),
        help_text=_("The table is written from the data map when the version is frozen."),
    )
    anchor = anchor()

    class Meta:
        icon = "table"
        label = _("Data table")
        group = _("Terms the site acts on")


class ServicesBlock(blocks.StructBlock):
    text = _introduction()
    anchor = anchor()

    class Meta:
        icon = "cogs"
        label = _("Services and cookies")
        group = _("Terms the site acts on")


class GroundBlock(blocks.StructBlock):
    ground = blocks.ChoiceBlock(choices=grounds, label=_("Ground"))
    words = blocks.CharBlock(
        required=False, max_length=500, label=_("In your words"), help_text=_("Left empty, the ground's own name.")
    )


class GroundsBlock(blocks.StructBlock):
    text = _introduction()
    items = blocks.ListBlock(GroundBlock(), min_num=1, label=_("Grounds"))
    anchor = anchor()

    class Meta:
        icon = "group"
        label = _("Disclosure grounds")
        group = _("Terms the site acts on")


class ContactBlock(blocks.StructBlock):
    text = _words(_("Left empty, Candor writes it from Settings › Site owner. {owner}, {email}, {phone} stand for it."))
    anchor = anchor()

    class Meta:
        icon = "mail"
        label = _("Contact and owner")
        group = _("Terms the site acts on")


class DefinitionBlock(blocks.StructBlock):
    term = blocks.CharBlock(max_length=100, label=_("Term"))
    meaning = blocks.RichTextBlock(features=["bold", "italic", "link"], label=_("Meaning"))


class DefinitionsBlock(blocks.StructBlock):
    text = _introduction()
    items = blocks.ListBlock(DefinitionBlock(), min_num=1, label=_("Definitions"))
    anchor = anchor()

    class Meta:
        icon = "openquote"
        label = _("Definitions")
        group = _("Terms the site acts on")
