"""What does the site look like, and by which clock does it tell the time?"""

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string

from home.colours import DAY, NIGHT, READABLE, Shades, least

colour = RegexValidator(r"\A#[0-9a-f]{6}\Z", _("Write a colour as # and six hexadecimal digits: #12545c."))


def zone(name: str) -> None:
    if name and name not in zoneinfo.available_timezones():
        raise ValidationError(_("No such time zone. Write one of the IANA database: Europe/Berlin."))


@register_setting(icon="view")
class Appearance(BaseSiteSetting):
    """Logo, colours and time zone of one site. Who owns it is `records.Controller`."""

    logo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    share_image = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for shared links"),
        help_text=_("Shown where somebody shares a page that has no picture of its own. 1200 by 630 pixels."),
    )
    accent = models.CharField(
        _("accent colour"), max_length=7, blank=True, validators=[colour], help_text=_("Of links and buttons, by day.")
    )
    accent_dark = models.CharField(
        _("accent colour, dark"), max_length=7, blank=True, validators=[colour], help_text=_("The same, by night.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[zone],
        help_text=_("By which pages, mail and receipts tell the time: Europe/Berlin. Empty: as the operator set it."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "logo",
                    help_text=_(
                        "At the head of pages and mails, in place of the name. Mailboxes show no SVG, so a mail then "
                        "has the name."
                    ),
                ),
                FieldPanel("share_image"),
            ],
            heading=_("Pictures"),
        ),
        MultiFieldPanel([FieldPanel("accent"), FieldPanel("accent_dark")], heading=_("Colours")),
        FieldPanel("time_zone"),
    ]

    class Meta:
        verbose_name = _("appearance")

    def __str__(self) -> str:
        return str(_("appearance"))

    def clean(self) -> None:
        super().clean()
        pale = _("On the site's light paper")
        dark = _("On the site's dark paper")
        found = {
            "accent": _unreadable(self.accent, DAY, pale),
            "accent_dark": _unreadable(self.accent_dark, NIGHT, dark),
        }
        if wrong := {name: sentence for name, sentence in found.items() if sentence}:
            raise ValidationError(wrong)


def _unreadable(accent: str, papers: Shades, where: Any) -> str:
    """What is wrong with a colour of links, in a sentence; a colour that is none has been told of already."""
    try:
        colour(accent)
    except ValidationError:
        return ""
    found = least(accent, papers)
    if found >= READABLE:
        return ""
    return _("%(where)s its contrast is %(found).2f to 1, and links need %(least).1f to 1. Choose a %(way)s one.") % {
        "where": where,
        "found": found,
        "least": READABLE,
        "way": _("darker") if papers is DAY else _("lighter"),
    }
