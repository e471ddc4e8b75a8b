"""Who answers for the site, and who else receives personal data?"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from records.registry.vocabulary import Receiver

web_address = URLValidator(schemes=["http", "https"])
# ISO 3166-1
country_code = RegexValidator("^[A-Z]{2}$", _("Write the two capital letters of the country: DE, US, RU."))


@register_setting(icon="user")
class Controller(BaseSiteSetting):
    """The owner of the site, who answers for the data on it (GDPR Art. 4(7), `dpv:DataController`)."""

    name = models.CharField(_("name"), max_length=200, help_text=_("The person or company that owns this site."))
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), help_text=_("Where visitors reach you about their data."))

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("address"), FieldPanel("phone"), FieldPanel("email")],
            heading=_("Shown in the footer of every page and mail"),
        )
    ]

    class Meta:
        verbose_name = _("site owner")

    def __str__(self) -> str:
        return self.name or str(_("site owner"))


class Recipient(models.Model):
    """Somebody other than the owner who receives personal data (GDPR Art. 4(9), `dpv:Recipient`)."""

    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("The company, as its own papers say."))
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    country = models.CharField(
        _("country"), max_length=2, blank=True, validators=[country_code], help_text=_("Two letters: DE, US, RU.")
    )
    url = models.CharField(_("website"), max_length=500, blank=True, validators=[web_address])
    policy_url = models.CharField(_("its privacy policy"), max_length=500, blank=True, validators=[web_address])
    role = models.CharField(
        _("what it does for the site"),
        max_length=20,
        choices=Receiver.choices,
        blank=True,
        help_text=_("Where the data map says that somebody in this role receives data, this company is named."),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Told when somebody whose data it received asks for erasure.")
    )
    safeguard = models.CharField(
        _("safeguard of a transfer"),
        max_length=200,
        blank=True,
        help_text=_("For a country outside the EEA: adequacy decision, standard contractual clauses …"),
    )

    asks = models.BooleanField(
        _("subscribers are asked"),
        default=False,
        help_text=_("Whoever gets mail may then agree, on the page of their preferences, that it gets their data."),
    )
    words = models.CharField(
        _("what it would use the data for"),
        max_length=300,
        blank=True,
        help_text=_("A sentence, shown beside the tick and kept with each consent."),
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.asks and not self.words.strip():
            raise ValidationError({"words": _("Nobody can agree to what they are not told: say what it is used for.")})
