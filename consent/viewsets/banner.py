"""The banner's words as an editor wants them, in every language, and what Google's tags do before a choice."""

from typing import Any

from cookie_consent.models import CookieGroup
from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.functional import cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from consent import facts, wording
from consent.forms import place
from consent.models import Banner
from consent.models.banner import TEXT, plain, room
from consent.viewsets.words import lazy_name
from policies.states import language_name

_LANGUAGES = wording.languages()  # once: forms and the panels that show them are made when the process starts


class WhoeverChangesGroups(ModelPermissionPolicy):
    """A banner has no rights of its own: its words belong to the groups that visitors are asked about."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(super().user_has_permission(user, "change"))

    def users_with_any_permission(self, actions: Any) -> Any:
        return super().users_with_any_permission(["change"])


register_permission_policy(Banner, WhoeverChangesGroups(Banner, auth_model=CookieGroup))


class Word(forms.CharField):
    def __init__(self, key: str, language: str) -> None:
        attributes = {"lang": language, "dir": "auto"}
        long = room(key) >= TEXT
        widget = AdminAutoHeightTextInput(attrs=attributes) if long else forms.TextInput(attrs=attributes)
        super().__init__(required=False, max_length=room(key), widget=widget)

    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class _BannerForm(WagtailAdminModelForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for language, words in wording.words().items():
            own = self.instance.own(language)
            for key, shipped in words.items():
                name = place(key, language)
                self.initial.setdefault(name, own.get(key, ""))
                self.fields[name].help_text = gettext("Left empty: %(words)s") % {"words": shipped}
        self._choose_site()

    def _choose_site(self) -> None:
        """Once: a site has one banner, and it stays that site's."""
        site: Any = self.fields["site"]
        if self.instance.pk:
            site.disabled = True
            return
        site.queryset = without_banner()
        if site.queryset.count() == 1:
            self.initial["site"] = site.queryset.get()

    def clean_site(self) -> Site:
        """Who adds the same site's at the same moment waits here, and then reads that it has one."""
        site: Site = self.cleaned_data["site"]
        return Site.objects.select_for_update().get(pk=site.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        typed = {
            language: {key: text for key in wording.WORDS if (text := cleaned.get(place(key, language)))}
            for language in _LANGUAGES
        }
        self.instance.texts = {language: words for language, words in typed.items() if words}
        for language, key, sentence in self.instance.problems():
            self.add_error(place(key, language), sentence)
        return cleaned


def _with_words(form: Any) -> Any:
    """The form with a field for each word in each language."""
    fields = {place(key, language): Word(key, language) for language in _LANGUAGES for key in wording.WORDS}
    return type(form)("BannerForm", (form,), {"__module__": form.__module__, **fields})


BannerForm = _with_words(_BannerForm)


def without_banner() -> QuerySet[Site]:
    """Sites that say the shipped words."""
    sites: QuerySet[Site] = Site.objects.filter(consent_banner=None).order_by("-is_default_site", "hostname", "pk")
    return sites


class BannerIndexView(generic.IndexView):
    @cached_property
    def add_url(self) -> str | None:
        return self.get_add_url() if without_banner().exists() else None

    def get_base_queryset(self) -> QuerySet[Banner]:
        banners: QuerySet[Banner] = super().get_base_queryset()
        return banners.select_related("site")


class BannerDeleteView(generic.DeleteView):
    @property
    def confirmation_message(self) -> str:
        return gettext(
            "The shipped words stand in their place again, and Google's tags wait for permission, once that is "
            "published."
        )


def _own_words(banner: Banner) -> str:
    """How many in which language."""
    counts = {language: len(banner.own(language)) for language in wording.languages()}
    return ", ".join(f"{language_name(language)} {count}" for language, count in counts.items() if count)


class BannerViewSet(ModelViewSet):
    model = Banner
    name = "consent_banner"
    url_prefix = "consent/banner"
    icon = "comment"
    menu_label = _("Banner")
    list_display = [
        "site",
        Column("own", label=_("Own words"), accessor=_own_words),
        Column("google", label=_("Google's tags"), accessor="get_consent_mode_display"),
    ]
    ordering = "site__hostname"
    copy_view_enabled = False
    index_view_class = BannerIndexView
    delete_view_class = BannerDeleteView
    index_results_template_name = "consent/admin/banners.html"

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()

    def get_edit_handler(self) -> Any:
        google = FieldPanel(
            "consent_mode",
            heading=_("Before a visitor has chosen, Google's tags"),
            widget=forms.RadioSelect,
            help_text=_(
                "Visitors who have not chosen, and those who refuse, stay unknown to Google only where its tags wait. "
                "If they load at once, Google receives each visitor's address and page before anybody has agreed."
            ),
        )
        panels = [
            FieldPanel("site"),
            *(_in(language) for language in _LANGUAGES),
            MultiFieldPanel([google], heading=_("Google Consent Mode")),
        ]
        return ObjectList(panels, base_form_class=BannerForm).bind_to_model(self.model)


def _title(key: str) -> str:
    return capfirst(facts.word(key))


_word = lazy(_title, str)


def _in(language: str) -> MultiFieldPanel:
    return MultiFieldPanel(
        [FieldPanel(place(key, language), heading=_word(key)) for key in wording.WORDS],
        heading=lazy_name(language),
        classname="" if language == _LANGUAGES[0] else "collapsed",
    )
