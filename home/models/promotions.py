"""What is promoted on the site, to whom by which rules, and how often it was seen: counted, never by whom."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from home.models.pages import languages, own_language
from records.models.parties import web_address


class Slot(models.TextChoices):
    """Where a page has room for a promotion. The room is kept, so nothing moves when one appears."""

    TOP = "top", _("below the header")
    END = "end", _("below the text")
    HOME = "home", _("on the home page")


class Promotion(models.Model):
    title = models.CharField(_("title"), max_length=80)
    slot = models.CharField(_("place"), max_length=10, choices=Slot.choices, default=Slot.END)
    language = models.CharField(_("language"), max_length=12, choices=languages, default=own_language)
    text = models.CharField(_("text"), max_length=200, blank=True)
    image = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    link_page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("page it leads to")
    )
    link_url = models.CharField(_("or address"), max_length=500, blank=True, validators=[web_address])
    label = models.CharField(_("words of the link"), max_length=40)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of those that fit, one of weight 20 is shown twice as often as one of 10."),
    )
    cap = models.PositiveSmallIntegerField(
        _("at most so often a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("To one visitor. It is counted in their browser, and only if they allow that."),
    )
    rules = StreamField(
        [
            ("section", blocks.PageChooserBlock(label=_("On this page and those below it"))),
            ("source", blocks.CharBlock(label=_("Came from this site"), max_length=100)),
            ("returning", blocks.BooleanBlock(label=_("Has been here before"), required=False, default=True)),
            ("topic", blocks.CharBlock(label=_("Has read articles about"), max_length=100)),
        ],
        verbose_name=_("shown where"),
        blank=True,
    )

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("slot"), FieldPanel("language")]),
        FieldPanel("text"),
        FieldPanel("image"),
        MultiFieldPanel(
            [PageChooserPanel("link_page"), FieldPanel("link_url"), FieldPanel("label")], heading=_("Link")
        ),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("weight"), FieldPanel("cap")]),
        FieldPanel("rules"),
    ]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if bool(self.link_page_id) == bool(self.link_url):
            raise ValidationError({"link_url": _("Say where it leads to: a page of this site, or an address.")})
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It ends before it starts.")})


class PromotionCount(models.Model):
    """How often one promotion was seen, or followed, on one day. Nothing says by whom."""

    class Act(models.TextChoices):
        SEEN = "seen", _("seen")
        FOLLOWED = "followed", _("followed")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField(_("day"))
    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    targeted = models.BooleanField(_("chosen by what the visitor did"), default=False)
    number = models.PositiveBigIntegerField(_("number"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("count of a promotion")
        verbose_name_plural = _("counts of promotions")
        constraints = [
            models.UniqueConstraint(fields=["promotion", "day", "act", "targeted"], name="promotion_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.day} {self.act}"
