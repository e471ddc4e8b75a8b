"""Forms that editors build, field by field: what is asked, why, and whether it must be given."""

import itertools
from http import HTTPMethod
from typing import Any

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from home.blocks import FEATURES
from home.models.form_editor import FormPageForm
from home.models.pages import READING
from records.registry import Category, Purpose


def asked() -> list[tuple[str, Any]]:
    """What a person can be asked for. What a site records by itself is not among it."""
    told = ("NAME", "EMAIL", "PHONE", "MESSAGE", "LOCATION", "LANGUAGE", "PICTURE", "PREFERENCE")
    return [(Category[each].value, Category[each].label) for each in told]


def purposes() -> list[tuple[str, Any]]:
    told = ("COMMUNICATION", "SERVICE", "PERSONALISATION", "PAYMENT", "MEASUREMENT", "PROMOTION", "LEGAL", "SECURITY")
    return [(Purpose[each].value, Purpose[each].label) for each in told]


FEWEST = 2  # that one chooses between
LONGEST = 200  # characters of one of them


class FormPage(Page):
    introduction = RichTextField(_("text above the form"), features=FEATURES, blank=True)
    button = models.CharField(_("words on the button"), max_length=60, blank=True, help_text=_("Empty: “Send”."))
    thanks = models.CharField(_("thanks"), max_length=300, help_text=_("Shown once a message has arrived."))
    purpose = models.CharField(
        _("what it is asked for"), max_length=40, choices=purposes, default=Purpose.COMMUNICATION
    )
    keep_days = models.PositiveIntegerField(
        _("deleted after (days)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(36_500)],
        help_text=_(
            "Where it is needed for less time than the policy says. Never longer: the policy's period ends it."
        ),
    )
    confirms = models.BooleanField(
        _("confirm by mail"), default=False, help_text=_("Whoever gave an address gets a mail that it has arrived.")
    )
    confirmation_text = models.TextField(
        _("text of that mail"), max_length=5000, blank=True, help_text=_("Plain text. Empty: the thanks.")
    )
    mailing_list = models.ForeignKey(
        "mailing.MailingList",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("newsletter offered"),
        help_text=_("A tick below the form, never ticked before. Whoever ticks it is asked again by mail."),
    )
    moderated = models.BooleanField(
        _("approve before it is public"),
        default=True,
        help_text=_("What visitors publish through this form is shown once somebody of yours has approved it."),
    )

    base_form_class = FormPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        InlinePanel("fields", heading=_("Fields"), label=_("Field"), help_text=_("Ask for no more than you need.")),
        MultiFieldPanel([FieldPanel("button"), FieldPanel("thanks")], heading=_("Sending")),
        MultiFieldPanel([FieldPanel("confirms"), FieldPanel("confirmation_text")], heading=_("Confirmation")),
        FieldPanel("mailing_list"),
        MultiFieldPanel(
            [FieldPanel("purpose"), FieldPanel("keep_days"), FieldPanel("moderated")], heading=_("What becomes of it")
        ),
    ]
    allowed_http_methods = [*READING, HTTPMethod.POST]
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("form page")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.give_keys()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        self.give_keys()
        return super().save_revision(*args, **kwargs)

    def give_keys(self) -> None:
        """Names each field that has no name yet, and says of each which data it is where its kind says it."""
        fields = self.fields.all()
        taken = {field.key for field in fields if field.keeps_key}
        for field in fields:
            if not field.keeps_key:
                field.key = field.key_beside(taken)
                taken.add(field.key)
            if field.category == Category.MESSAGE:
                field.category = CATEGORIES.get(field.kind, Category.MESSAGE)

    @cached_property
    def asks(self) -> list["Field"]:
        """Its fields as a visitor meets them: read once for each answer."""
        return list(self.fields.all())

    @property
    def can_publish(self) -> bool:
        """Does it ask for something that may be shown, and for the address by which that is taken down?"""
        has_address = any(field.kind == Field.Kind.EMAIL and field.required for field in self.asks)
        return has_address and any(field.shown_publicly for field in self.asks)

    @property
    def all_purposes(self) -> list[Purpose]:
        """What the form and its fields are for, each once."""
        said = [self.purpose, *(field.purpose for field in self.asks if field.purpose)]
        return [Purpose(each) for each in dict.fromkeys(said)]

    @property
    def purposes_in_words(self) -> list[str]:
        return [str(each.label) for each in self.all_purposes]

    @property
    def only_answers(self) -> bool:
        """Is it for nothing but an answer? Then the page can say so in so many words."""
        offers = self.mailing_list_id is not None or any(field.shown_publicly for field in self.asks)
        return self.all_purposes == [Purpose.COMMUNICATION] and not offers

    @property
    def takes_files(self) -> bool:
        return any(field.kind == Field.Kind.FILE for field in self.asks)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return self.serve(request)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Named, not imported: the answers live upstairs in views, which read these models.
        response: HttpResponse = import_string("home.views.form")(request, self)
        return response


class Field(Orderable):
    """One thing that a form asks. Whatever is answered under `key` stays readable when the label changes."""

    class Kind(models.TextChoices):
        """The first four become columns of an inquiry, and are asked once in a form."""

        NAME = "name", _("name")
        EMAIL = "email", _("e-mail address")
        PHONE = "phone", _("telephone number")
        MESSAGE = "message", _("message")
        LINE = "line", _("one line")
        LINES = "lines", _("several lines")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        URL = "url", _("web address")
        CHOICE = "choice", _("one of a list")
        RADIO = "radio", _("one of a few, all shown")
        CHECKS = "checks", _("several of a few")
        TICK = "tick", _("a tick")
        FILE = "file", _("a file")

    LISTS = (Kind.CHOICE, Kind.RADIO, Kind.CHECKS)
    COLUMNS = (Kind.NAME, Kind.EMAIL, Kind.PHONE, Kind.MESSAGE)

    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("key"), max_length=50, blank=True, editable=False)
    label = models.CharField(_("label"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.LINE)
    required = models.BooleanField(_("must be given"), default=False)
    why = models.CharField(
        _("why it is asked"), max_length=200, blank=True, help_text=_("Shown below the label: “We answer to it.”")
    )
    options = models.TextField(_("what can be chosen"), max_length=5000, blank=True, help_text=_("One on each line."))
    category = models.CharField(
        _("which data that is"),
        max_length=40,
        choices=asked,
        default=Category.MESSAGE,
        help_text=_("So the policy names it. Of a name, an address or a number it is set for you."),
    )
    purpose = models.CharField(
        _("what for"), max_length=40, choices=purposes, blank=True, help_text=_("Empty: as the form.")
    )
    shown_publicly = models.BooleanField(
        _("shown publicly"),
        default=False,
        help_text=_("Whoever fills it in may agree, with a tick of its own, that it appears on a public page."),
    )

    panels = [
        FieldRowPanel([FieldPanel("label"), FieldPanel("kind")]),
        FieldPanel("why"),
        FieldPanel("options"),
        FieldRowPanel([FieldPanel("required"), FieldPanel("shown_publicly")]),
        FieldRowPanel([FieldPanel("category"), FieldPanel("purpose")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("field of a form")
        verbose_name_plural = _("fields of forms")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="field_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def keeps_key(self) -> bool:
        """A name once given stays, whatever becomes of the label: answers are read by it. What is a column of an
        inquiry has the name of the column, and nothing else has."""
        return bool(self.key) and (self.key == self.kind if self.kind in self.COLUMNS else self.key not in self.COLUMNS)

    def key_beside(self, taken: set[str]) -> str:
        """A name that no other field of the page has. Only a draft asks for the same column twice."""
        if self.kind in self.COLUMNS and self.kind not in taken:
            return self.kind
        wished = slugify(anyascii(self.label))[:40].strip("-") or self.kind
        names = itertools.chain([wished], (f"{wished}-{number}" for number in itertools.count(2)))
        return next(name for name in names if name not in taken and name not in RESERVED)

    @property
    def choices(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, self.options.splitlines()))))

    def clean(self) -> None:
        super().clean()
        if self.shown_publicly and self.required:
            # What must be given is not given freely (GDPR Art. 7(4)).
            raise ValidationError({"shown_publicly": _("What is shown publicly cannot be demanded: make it optional.")})
        if self.shown_publicly and self.kind in (self.Kind.EMAIL, self.Kind.PHONE, self.Kind.FILE):
            said = _("A %(kind)s is never shown publicly.") % {"kind": self.get_kind_display()}
            raise ValidationError({"shown_publicly": said})
        if self.kind in self.LISTS and len(self.choices) < FEWEST:
            raise ValidationError({"options": _("Write two at least, each on a line of its own.")})
        if any(len(each) > LONGEST for each in self.choices):
            raise ValidationError({"options": _("Each line has %(most)d characters at most.") % {"most": LONGEST}})


CATEGORIES: dict[str, Category] = {
    Field.Kind.NAME: Category.NAME,
    Field.Kind.EMAIL: Category.EMAIL,
    Field.Kind.PHONE: Category.PHONE,
}
# Fields of the page that no editor made (home/forms.py).
RESERVED = {*Field.COLUMNS, "homepage", "token", "words", "newsletter"}
