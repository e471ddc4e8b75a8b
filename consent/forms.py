"""How is a group, a cookie or a service edited in one form: its own row, the row of details, and every language?"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from cookie_consent.models import Cookie, CookieGroup
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Site

from consent import changes, wording
from consent.models import CookieDetail, GroupDetail, Service
from consent.vocabulary import Storage
from records.registry import Basis

_OTHERS = wording.languages()[1:]  # once: forms and the panels that show them are made when the process starts


def line(length: int) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(required=False, max_length=length)


def words() -> forms.Field:
    return forms.CharField(required=False, widget=AdminAutoHeightTextInput())


def translated(form: Any, **texts: Callable[[], forms.Field]) -> Any:
    """The form with a field of its own for each of these texts in every other language of the content."""
    more = {place(name, language): field() for name, field in texts.items() for language in others()}
    return type(form)(form.__name__, (form,), {"texts": tuple(texts), "__module__": form.__module__, **more})


def others() -> list[str]:
    return _OTHERS


def place(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"


class Translated(WagtailAdminModelForm):
    """Texts in other languages, kept in one field `texts` of the row that `self.told` answers."""

    texts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for language in others():
            for name in self.texts:
                known = self.told().texts.get(language) or {}
                self.initial.setdefault(place(name, language), known.get(name, ""))

    def told(self) -> Any:
        return self.instance

    def translations(self) -> dict[str, dict[str, str]]:
        """What was typed; a text left empty says the site's own words."""
        typed = {
            language: {name: self.cleaned_data.get(place(name, language), "") for name in self.texts}
            for language in others()
        }
        filled = {language: {name: text for name, text in row.items() if text} for language, row in typed.items()}
        return {language: row for language, row in filled.items() if row}


class Detailed(Translated):
    """A row of django-cookie-consent and our row beside it, saved together or not at all."""

    detail_model: ClassVar[type[Model]]
    owner: ClassVar[str]
    details: ClassVar[tuple[str, ...]]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        instance = options.get("instance")
        self.detail: Any = getattr(instance, "detail", None) or self.unwritten(instance)
        options["initial"] = self.details_now() | (options.get("initial") or {})
        super().__init__(*arguments, **options)

    def unwritten(self, instance: Any) -> Any:
        return self.detail_model()

    def details_now(self) -> dict[str, Any]:
        return forms.models.model_to_dict(self.detail, self.details)

    def told(self) -> Any:
        return self.detail

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name in self.details:
            if name in cleaned and name != "sites":
                setattr(self.detail, name, cleaned[name])
        self.detail.texts = self.translations()
        return cleaned

    def _post_clean(self) -> None:
        """After the row itself: the details are judged by their own model, too."""
        super()._post_clean()
        setattr(self.detail, self.owner, self.instance)
        refused = [name for name in self.details if name in self.errors]
        try:
            self.detail.full_clean(exclude=[self.owner, *refused], validate_unique=False)
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                self.add_error(name if name in self.fields else None, problems)

    def save(self, commit: bool = True) -> Any:
        assert commit, "the details need the row they belong to"
        with transaction.atomic():
            saved = super().save()
            setattr(self.detail, self.owner, saved)
            self.detail.save()
            if "sites" in self.cleaned_data:
                self.detail.sites.set(self.cleaned_data["sites"])
        return saved


class _GroupForm(Detailed):
    detail_model = GroupDetail
    owner = "group"
    details = ("purposes", "basis", "sites")

    purposes = GroupDetail._meta.get_field("purposes").formfield()
    basis = GroupDetail._meta.get_field("basis").formfield()
    sites = forms.ModelMultipleChoiceField(
        Site.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Sites")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["name"].required = True
        if Site.objects.count() < 2:
            del self.fields["sites"]

    def unwritten(self, instance: Any) -> GroupDetail:
        return GroupDetail(basis=Basis.INTEREST if instance and instance.is_required else Basis.CONSENT)

    def details_now(self) -> dict[str, Any]:
        sites = [*self.detail.sites.all()] if self.detail.pk else []
        return {"purposes": self.detail.purposes, "basis": self.detail.basis, "sites": sites}

    def clean_varname(self) -> str:
        return kept_key(self, "varname", published=lambda key: changes.was_published(group=key))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_required") and cleaned.get("basis") == Basis.CONSENT:
            self.add_error("basis", _("What cannot be refused does not rest on consent. Choose another legal basis."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.is_deletable = not self.instance.is_required  # to django-cookie-consent the same
        if not self.instance.pk:
            self.instance.ordering = (CookieGroup.objects.aggregate(last=Max("ordering"))["last"] or 0) + 1
        return super().save(commit)


class _CookieForm(Detailed):
    detail_model = CookieDetail
    owner = "cookie"
    details = ("service", "lifetime", "party", "match", "storage")

    service = CookieDetail._meta.get_field("service").formfield()
    lifetime = CookieDetail._meta.get_field("lifetime").formfield()
    party = CookieDetail._meta.get_field("party").formfield()
    match = CookieDetail._meta.get_field("match").formfield()
    storage = CookieDetail._meta.get_field("storage").formfield()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        service, group = cleaned.get("service"), cleaned.get("cookiegroup")
        if service and group and service.group != group:
            sentence = _("%(service)s belongs to the group %(group)s. Put its cookies there, too.")
            self.add_error("cookiegroup", sentence % {"service": service, "group": service.group})
        if cleaned.get("lifetime") and cleaned.get("storage") == Storage.LOCAL and cleaned["lifetime"] == "session":
            self.add_error("lifetime", _("Local storage outlives the session. If nothing ends it, write: unlimited."))
        return cleaned


class _ServiceForm(Translated):
    # Judged with the number in its place.
    FILLED: ClassVar[tuple[str, ...]] = (
        "script_url",
        *(f"{kind}_origins" for kind in ("script", "connect", "img", "frame", "style", "font")),
    )

    def clean_key(self) -> str:
        return kept_key(self, "key", published=lambda key: changes.was_published(service=key))

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), *self.FILLED}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        account = cleaned.get("account") or ""
        if not account and any("{account}" in str(cleaned.get(name)) for name in self.FILLED):
            self.add_error("account", _("The service's addresses ask for it: {account}."))
        for name in (name for name in self.FILLED if name in cleaned):
            self._check_filled(name, cleaned[name], account or "account.example")
        self._check_moved(cleaned.get("group"))
        return cleaned

    def _check_filled(self, name: str, value: Any, account: str) -> None:
        filled = value.replace("{account}", account) if isinstance(value, str) else _each(value, account)
        try:
            next(field for field in Service._meta.fields if field.name == name).clean(filled, self.instance)
        except ValidationError as error:
            self.add_error(name, error)

    def _check_moved(self, group: CookieGroup | None) -> None:
        """Its cookies move with it, so the other group must not tell of the same ones."""
        if not self.instance.pk or group is None or "group" not in self.changed_data:
            return
        for cookie in Cookie.objects.filter(detail__service=self.instance):
            if Cookie.objects.filter(cookiegroup=group, name=cookie.name, domain=cookie.domain).exists():
                sentence = _("%(group)s has a cookie %(cookie)s already. Delete one of the two first.")
                self.add_error("group", sentence % {"group": group, "cookie": cookie.name})

    def save(self, commit: bool = True) -> Any:
        self.instance.texts = self.translations()
        with transaction.atomic():
            service = super().save(commit)
            Cookie.objects.filter(detail__service=service).update(cookiegroup=service.group)
        return service


def _each(lines: Iterable[str], account: str) -> list[str]:
    return [line.replace("{account}", account) for line in lines]


def kept_key(form: Any, field: str, *, published: Callable[[str], bool]) -> str:
    """Raises ValidationError where another key would leave decisions speaking of something that is no longer there."""
    typed, known = str(form.cleaned_data[field]), form.initial.get(field)
    if known and typed != known and published(known):
        raise ValidationError(
            _("%(key)s was published under this key, and people's decisions name it: it stays. Make a new one instead.")
            % {"key": known}
        )
    return typed


GroupForm = translated(_GroupForm, name=line(100), description=words)
CookieForm = translated(_CookieForm, description=words)
ServiceForm = translated(_ServiceForm, description=words)
