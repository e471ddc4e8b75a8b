"""The policy page an editor writes."""

from collections import Counter
from datetime import datetime, timedelta
from http import HTTPMethod
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.locks import BaseLock, ScheduledForPublishLock
from wagtail.models import DraftStateMixin, Page, Revision, Site, TaskState
from wagtail.url_routing import RouteResult
from wagtail.utils.decorators import cached_classmethod

from policies import clauses
from policies.blocks import ClausesBlock
from policies.models.versions import PolicyRendition, PolicyVersion, PolicyVersionQuerySet

GRACE = timedelta(minutes=1)  # an instant that passes while the form is on its way means now


class CopyAsDraft(CopyForm):
    """The copy of a policy is a policy of its own: it has no version until somebody publishes it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields.pop("publish_copies", None)


class PolicyPage(RoutablePageMixin, Page):
    """Where a policy is written. Publishing or scheduling freezes a version; visitors read frozen versions only."""

    body = StreamField(ClausesBlock(), verbose_name=_("clauses"))
    change_note = models.CharField(
        _("what changed"), max_length=300, blank=True, help_text=_("One sentence for visitors, shown in the history.")
    )
    material = models.BooleanField(
        _("material change"),
        default=False,
        help_text=_(
            "It changes what people agreed to. People who asked are told before it takes force, and consents about "
            "cookies are asked for again from then on."
        ),
    )
    translates = models.PositiveIntegerField(
        _("translation of version"),
        null=True,
        blank=True,
        help_text=_("On a translated page only. Left empty: the newest version."),
    )

    live: bool
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("change_note"),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    # They belong to what was frozen from the page that is copied.
    exclude_fields_in_copy = ["go_live_at", "change_note", "material", "translates"]
    copy_form_class = CopyAsDraft
    template = "policies/policy_page.html"

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    @property
    def key(self) -> UUID:
        """What its versions are kept under: one key for all languages, and for an alias that of its original."""
        page: Page = self
        while page.alias_of_id:  # an alias may be made of an alias
            page = page.alias_of
        return page.translation_key

    @property
    def versions(self) -> PolicyVersionQuerySet:
        return PolicyVersion.objects.filter(policy=self.key)

    @property
    def language(self) -> str:
        return str(self.locale.language_code)

    @property
    def original(self) -> "PolicyPage":
        """The page in the authoritative language: that of the first version, else that of the site."""
        first = self.versions.order_by("number").select_related("page").first()
        if first:
            return first.page
        site_language = PolicyPage.objects.filter(
            translation_key=self.key, locale__language_code=settings.LANGUAGE_CODE
        )
        return site_language.first() or self

    @property
    def serving_site(self) -> Site:
        return self.get_site() or Site.objects.get(is_default_site=True)

    def written(self) -> clauses.Text:
        """Its clauses with everything expanded as of now. Raises ValidationError as `clauses.text` does."""
        return clauses.text(self.title, self.body, language=self.language, site=self.serving_site)

    def clean(self) -> None:
        super().clean()
        twice = sorted(name for name, count in Counter(clauses.own_anchors(self.body)).items() if count > 1)
        if twice:
            raise ValidationError({"body": _("Two clauses share an anchor: %s.") % ", ".join(twice)})
        if self.expire_at:
            raise ValidationError({"expire_at": _("A policy does not expire: a newer version supersedes it.")})
        if self._date_has_passed(timezone.now()):
            sentence = _("This instant has passed: name one to come, or none to publish at once.")
            raise ValidationError({"go_live_at": sentence})

    def _date_has_passed(self, now: datetime) -> bool:
        """Not one that merely stayed from a version frozen for it, that passes while the form is sent, or that passed
        before somebody approved: there is no form then, and the version takes force with the approval."""
        date = self.go_live_at
        if date is None or date > now - GRACE or self.alias_of_id:
            return False
        approved = TaskState.objects.filter(revision=self.latest_revision_id, status=TaskState.STATUS_APPROVED)
        frozen = self.versions.filter(effective_from__range=(date, date + GRACE))
        return not (frozen.exists() or approved.exists())

    @cached_classmethod
    def get_edit_handler(cls) -> Any:
        """Wagtail asks the page for its editor; the panels live upstairs, so they are named, not imported."""
        return import_string("policies.panels.edit_handler")().bind_to_model(cls)

    def clean_for_publishing(self) -> None:
        """What the editor's form checks before it publishes; the other ways to publish check less. Raises
        ValidationError."""
        self.full_clean()
        try:
            self.body.stream_block.clean(self.body)
        except ValidationError as error:
            sentence = _("A policy needs at least one clause, and each clause a text and a valid anchor.")
            raise ValidationError({"body": sentence}) from error

    def get_latest_revision_as_object(self) -> "PolicyPage":
        """The newest draft. One that was frozen already starts the next: without the date, the note and the mark that
        belong to the frozen version."""
        draft: PolicyPage = super().get_latest_revision_as_object()
        if draft.latest_revision_id and is_frozen(draft.latest_revision_id):
            draft.start_anew()
        return draft

    def start_anew(self) -> None:
        self.go_live_at, self.change_note, self.material, self.translates = None, "", False, None

    def save_revision(self, *arguments: Any, overwrite_revision: Revision | None = None, **options: Any) -> Revision:
        """Autosave may rewrite the newest draft, but not the text of a frozen version."""
        if overwrite_revision and is_frozen(overwrite_revision.pk):
            overwrite_revision = None
        revision: Revision = super().save_revision(*arguments, overwrite_revision=overwrite_revision, **options)
        return revision

    def delete(self, *arguments: Any, **options: Any) -> Any:
        """Refused for a published policy. Wagtail takes the page from its tree first, so it is all or nothing."""
        with transaction.atomic():
            return super().delete(*arguments, **options)

    def get_lock(self) -> BaseLock | None:
        """A pending version locks nobody out: an urgent fix does not wait for it, or cost it."""
        lock: BaseLock | None = super().get_lock()
        if isinstance(lock, ScheduledForPublishLock):
            return super(DraftStateMixin, self).get_lock()
        return lock

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Serves a version whose instant has come even while Wagtail's own marker still says draft."""
        if not self.live and self._has_text(timezone.now()):
            self.live = True  # in memory, for this request; the worker writes the marker
        return super().route(request, path_components)

    def _has_text(self, at: Any) -> bool:
        if self.versions.filter(page=self.alias_of_id or self).effective_by(at).exists():
            return True
        return PolicyRendition.objects.filter(page=self, effective_from__lte=at).exists()

    def get_route_paths(self) -> list[str]:
        """What else a redirect must lead to when the page gets another address: everything that may be cited."""
        numbers = list(self.versions.order_by("number").values_list("number", flat=True))
        paths = ["/", "/history/", "/upcoming/", "/feed/", "/timemap/"]
        paths += [f"/v/{number}/{form}" for number in numbers for form in ("", "text/", "json/")]
        return paths + [f"/compare/{old}-{new}/" for old, new in pairwise(numbers)]

    def get_cached_paths(self) -> list[str]:
        """What a cache in front must forget when a version is frozen."""
        return ["/", "/history/", "/upcoming/", "/feed/", "/timemap/"]

    @path("")
    def in_force(self, request: HttpRequest) -> HttpResponse:
        return _answer("in_force", request, self)

    @path("history/")
    def history(self, request: HttpRequest) -> HttpResponse:
        return _answer("history", request, self)

    @path("upcoming/")
    def upcoming(self, request: HttpRequest) -> HttpResponse:
        return _answer("upcoming", request, self)

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        return _answer("feed", request, self)

    @path("timemap/")
    def timemap(self, request: HttpRequest) -> HttpResponse:
        return _answer("timemap", request, self)

    @path("v/<int:number>/")
    def version(self, request: HttpRequest, number: int) -> HttpResponse:
        return _answer("version", request, self, number)

    @path("v/<int:number>/text/")
    def version_text(self, request: HttpRequest, number: int) -> HttpResponse:
        return _answer("version_text", request, self, number)

    @path("v/<int:number>/json/")
    def version_json(self, request: HttpRequest, number: int) -> HttpResponse:
        return _answer("version_json", request, self, number)

    @path("compare/<int:old>-<int:new>/")
    def compare(self, request: HttpRequest, old: int, new: int) -> HttpResponse:
        return _answer("compare", request, self, old, new)


def is_frozen(revision_id: int) -> bool:
    """Is this revision the source of a version or of a rendition?"""
    frozen = (model.objects.filter(revision=revision_id) for model in (PolicyVersion, PolicyRendition))
    return any(found.exists() for found in frozen)


def _answer(view: str, *arguments: Any) -> HttpResponse:
    """Wagtail asks the page to answer; the answers live upstairs in policies.views, so they are named, not imported."""
    response: HttpResponse = import_string(f"policies.views.{view}")(*arguments)
    return response
