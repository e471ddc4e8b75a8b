"""Forms that editors build, field by field: what is asked, why, and whether it must be given."""

from http import HTTPMethod
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from consent.blocks import PageForm
from home.models.pages import FEATURES, READING
from records.registry import Category, Purpose


class FormPage(Page):
    introduction = RichTextField(_("text above the form"), features=FEATURES, blank=True)
    button = models.CharField(_("words on the button"), max_length=60, blank=True, help_text=_("Empty: “Send”."))
    thanks = models.CharField(_("thanks"), max_length=300, help_text=_("Shown once a message has arrived."))
    purpose = models.CharField(
        _("what it is asked for"), max_length=40, choices=Purpose.choices, default=Purpose.COMMUNICATION
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

    base_form_class = PageForm
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
        _("which data that is"), max_length=40, choices=Category.choices, default=Category.MESSAGE
    )
    purpose = models.CharField(
        _("what for"), max_length=40, choices=Purpose.choices, blank=True, help_text=_("Empty: as the form.")
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
    def choices(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, self.options.splitlines()))))

    def clean(self) -> None:
        super().clean()
        if self.shown_publicly and self.required:
            # What must be given is not given freely (GDPR Art. 7(4)).
            raise ValidationError({"shown_publicly": _("What is shown publicly cannot be demanded: make it optional.")})
