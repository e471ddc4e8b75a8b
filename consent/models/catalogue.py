"""The draft that editors work on: details of django-cookie-consent's groups and cookies, and services behind them."""

import re

from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from consent import vocabulary
from consent.fields import ChoicesField, LinesField
from records.models import Recipient, country_code, web_address
from records.registry import Basis

origin = RegexValidator(
    r"^(https?|wss?)://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?$",
    _("An origin is a scheme and a host, such as https://www.example.org or https://*.example.org."),
)
host = RegexValidator(r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$", _("A host, such as www.example.org."))
# "session", "P2Y", "P30D", "PT30M": ISO 8601 with one unit.
lifetime = RegexValidator(
    r"^(session|unlimited|P[0-9]{1,3}[DWMY]|PT[0-9]{1,4}[HMS])$",
    _("How long it is kept: session, PT30M (minutes), PT24H (hours), P7D, P6M, P2Y or unlimited."),
)
integrity = RegexValidator(r"^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$", _("Such as sha384-…, as the vendor gives it."))


class GroupDetail(models.Model):
    """What django-cookie-consent's group does not say."""

    group = models.OneToOneField(CookieGroup, on_delete=models.CASCADE, primary_key=True, related_name="detail")
    purposes = ChoicesField(_("purposes"), among=vocabulary.purposes)
    basis = models.CharField(_("legal basis"), max_length=40, choices=vocabulary.bases, default=Basis.CONSENT)
    sites = models.ManyToManyField(Site, blank=True, verbose_name=_("sites"), help_text=_("None chosen: every site."))
    # {"ru": {"name": …, "description": …}}: in the site's own language they are the group's.
    texts = models.JSONField(_("translations"), default=dict, blank=True)

    class Meta:
        verbose_name = _("details of a group")
        verbose_name_plural = _("details of groups")

    def __str__(self) -> str:
        return str(self.group)


class Service(models.Model):
    """A third party's software that runs only for visitors who allowed it."""

    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Short and lasting, such as visit-count."))
    name = models.CharField(_("name"), max_length=100)
    vendor = models.ForeignKey(
        Recipient,
        on_delete=models.PROTECT,
        verbose_name=_("vendor"),
        related_name="services",
        help_text=_("The company that receives the data."),
    )
    group = models.ForeignKey(CookieGroup, on_delete=models.PROTECT, verbose_name=_("group"), related_name="services")
    description = models.TextField(_("what it does"))
    texts = models.JSONField(_("translations"), default=dict, blank=True)
    purposes = ChoicesField(_("purposes"), among=vocabulary.purposes)
    data = ChoicesField(_("what it learns"), among=vocabulary.observed)
    account = models.CharField(
        _("your number with the vendor"),
        max_length=100,
        blank=True,
        validators=[RegexValidator(r"^[\w.:/-]+$", _("Letters, digits and . : / - _ only."))],
        help_text=_("Put in place of {account} in the script's address and code."),
    )
    script_url = models.CharField(_("address of its script"), max_length=500, blank=True, validators=[web_address])
    integrity = models.CharField(
        _("fingerprint of the script"),
        max_length=200,
        blank=True,
        validators=[integrity],
        help_text=_("Subresource Integrity: the browser runs no other script. For scripts that never change."),
    )
    module = models.TextField(
        _("first-party module"),
        blank=True,
        help_text=_("JavaScript that this site serves itself and runs once the service is allowed."),
    )
    script_origins = LinesField(_("scripts from"), each=[origin], help_text=_("One origin a line."))
    connect_origins = LinesField(_("connects to"), each=[origin])
    img_origins = LinesField(_("images from"), each=[origin])
    frame_origins = LinesField(_("frames from"), each=[origin])
    style_origins = LinesField(_("style sheets from"), each=[origin])
    font_origins = LinesField(_("fonts from"), each=[origin])
    embeds = LinesField(_("embeds it covers"), each=[host], help_text=_("Hosts, one a line: www.youtube.com."))
    consent_mode = ChoicesField(_("Google Consent Mode"), among=vocabulary.consent_mode)
    gpc = models.BooleanField(
        _("sells or shares data"),
        default=False,
        help_text=_("A visitor's Global Privacy Control signal then refuses the service's whole group."),
    )
    policy_url = models.CharField(
        _("the vendor's privacy policy"), max_length=500, blank=True, validators=[web_address]
    )
    countries = LinesField(_("countries"), each=[country_code], length=2, help_text=_("Where the data goes: DE, US."))
    safeguard = models.CharField(
        _("safeguard"), max_length=20, choices=vocabulary.Safeguard.choices, default=vocabulary.Safeguard.UNKNOWN
    )
    responsible = models.CharField(
        _("who is responsible"),
        max_length=20,
        choices=vocabulary.Responsible.choices,
        default=vocabulary.Responsible.VENDOR,
    )
    preset = models.CharField(_("made from"), max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if "{account}" in f"{self.script_url}{self.module}" and not self.account:
            raise ValidationError({"account": _("The script's address or code asks for it: {account}.")})


class CookieDetail(models.Model):
    """What django-cookie-consent's cookie does not say."""

    cookie = models.OneToOneField(Cookie, on_delete=models.CASCADE, primary_key=True, related_name="detail")
    service = models.ForeignKey(
        Service,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("set by"),
        related_name="cookies",
        help_text=_("Left empty: this site itself."),
    )
    lifetime = models.CharField(_("kept for"), max_length=10, blank=True, validators=[lifetime])
    party = models.CharField(
        _("whose"), max_length=10, choices=vocabulary.Party.choices, default=vocabulary.Party.FIRST
    )
    match = models.CharField(
        _("the name is"), max_length=10, choices=vocabulary.Match.choices, default=vocabulary.Match.EXACT
    )
    storage = models.CharField(
        _("kind"), max_length=10, choices=vocabulary.Storage.choices, default=vocabulary.Storage.COOKIE
    )
    texts = models.JSONField(_("translations"), default=dict, blank=True)

    class Meta:
        verbose_name = _("details of a cookie")
        verbose_name_plural = _("details of cookies")

    def __str__(self) -> str:
        return str(self.cookie)

    def clean(self) -> None:
        super().clean()
        if self.match == vocabulary.Match.REGEX:
            try:
                re.compile(self.cookie.name)
            except re.error as error:
                problem = _("The name is no regular expression: %(error)s.") % {"error": error}
                raise ValidationError({"match": problem}) from None
