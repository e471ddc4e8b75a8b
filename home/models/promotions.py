"""What is promoted on the site, to whom by which rules, and how often it was seen: counted, never by whom."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page, PreviewableMixin

from home.models.pages import languages, own_language
from records.models.parties import web_address

PERSONAL = {"returning", "topic", "read"}  # rules about what this browser has seen before
RULES_IN_WORDS = _(
    "All of them must hold. Place, language and dates are known from the page alone. What the visitor did before "
    "(has been here before, has read, and “at most so often a day”) is kept in their browser, and only if they allow "
    "“Promotions that fit you” in the cookie settings; the site never learns it. Without that permission, a promotion "
    "with such a rule is not shown, unless you tick the box below. Where somebody came from is then known on the first "
    "page alone."
)


class Slot(models.TextChoices):
    """Where a page has room for a promotion. The room is kept, so nothing moves when one appears."""

    TOP = "top", _("below the header")
    END = "end", _("below the text")
    HOME = "home", _("on the home page")


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ON = "on", _("on")
    OVER = "over", _("over")


def topics() -> list[tuple[str, str]]:
    """The topics that articles have now."""
    used = Tag.objects.filter(home_articletag_items__isnull=False).distinct().order_by("name")
    return [(name, name) for name in used.values_list("name", flat=True)]


class ReadTopic(blocks.StructBlock):
    topic = blocks.ChoiceBlock(choices=topics, label=_("Topic"))
    times = blocks.IntegerBlock(label=_("At least so many times"), min_value=1, max_value=20, default=1)

    class Meta:
        label = _("Has read articles about")
        icon = "tag"


class ReadSection(blocks.StructBlock):
    page = blocks.PageChooserBlock(label=_("This page or one below it"))
    times = blocks.IntegerBlock(label=_("At least so many times"), min_value=1, max_value=20, default=1)

    class Meta:
        label = _("Has read pages of a section")
        icon = "doc-full"


RULES = [
    ("section", blocks.PageChooserBlock(label=_("On this page and those below it"), icon="folder-open-inverse")),
    (
        "source",
        blocks.CharBlock(
            label=_("Came from"),
            icon="link-external",
            max_length=100,
            help_text=_("The name of a site, such as news.example, or the utm_source of a link, such as newsletter."),
            validators=[RegexValidator(r"^[\w.-]+$", _("Write a name alone: news.example, or newsletter."))],
        ),
    ),
    (
        "returning",
        blocks.StaticBlock(
            label=_("Has been here before"), icon="history", admin_text=_("On an earlier day of the last 30.")
        ),
    ),
    ("topic", ReadTopic()),
    ("read", ReadSection()),
]


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def in_state(self, state: str, now: datetime) -> "PromotionQuerySet":
        """Those that at `now` wait for their first day, are on, or are over."""
        over = Q(ends_at__isnull=False, ends_at__lte=now)
        waiting = Q(starts_at__isnull=False, starts_at__gt=now)
        states = {State.OVER: over, State.WAITING: waiting & ~over, State.ON: ~waiting & ~over}
        return self.filter(states[State(state)])


class Promotion(PreviewableMixin, models.Model):
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
        RULES,
        verbose_name=_("shown where and to whom"),
        blank=True,
        block_counts={"section": {"max_num": 1}, "source": {"max_num": 1}, "returning": {"max_num": 1}},
    )
    by_place = models.BooleanField(
        _("without consent: show by place alone"),
        default=False,
        help_text=_("Who has not allowed it sees this promotion too, where place, language and dates fit."),
    )

    objects = PromotionQuerySet.as_manager()
    panels = [
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("text"), FieldPanel("image")],
            heading=_("What it says"),
            help_text=_("Plain text: it is shown as it is typed."),
        ),
        MultiFieldPanel(
            [PageChooserPanel("link_page"), FieldPanel("link_url"), FieldPanel("label")],
            heading=_("Where it leads"),
            help_text=_("Another site’s address may be linked to. Nothing is loaded from there before somebody goes."),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("slot"), FieldPanel("language")]),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("weight"), FieldPanel("cap")]),
            ],
            heading=_("Where, when and how often"),
        ),
        MultiFieldPanel([HelpPanel(RULES_IN_WORDS), FieldPanel("rules"), FieldPanel("by_place")], heading=_("Rules")),
    ]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        wrong = dict(self._wrong())
        if wrong:
            raise ValidationError(wrong)

    def _wrong(self) -> Any:
        if bool(self.link_page_id) == bool(self.link_url):
            yield "link_url", _("Say where it leads to: a page of this site, or an address; one of the two.")
        if self.image is not None and not self.image.description:
            yield "image", _("This picture has no description. Write one with the picture: some people hear it.")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            yield "ends_at", _("It ends before it starts.")
        if self.by_place and not self.is_personal:
            yield "by_place", _("Nothing here waits for consent. Take the tick off, or add a rule above.")

    @property
    def kinds(self) -> set[str]:
        """Of its rules."""
        return {block.block_type for block in self.rules}

    @property
    def is_personal(self) -> bool:
        """Is there something about it that only a browser with the visitor's permission can tell?"""
        return bool(self.kinds & (PERSONAL | {"source"}) or self.cap)

    def state(self, now: datetime) -> State:
        if self.ends_at and self.ends_at <= now:
            return State.OVER
        return State.WAITING if self.starts_at and self.starts_at > now else State.ON

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "home/promotion_preview.html"


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
