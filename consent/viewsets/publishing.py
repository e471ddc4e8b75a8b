"""What visitors see, how the draft differs from it, who is asked again, and the button that publishes it."""

from typing import Any

import rfc8785
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import log
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from consent import asking, catalogue, changes, doubts, facts, told
from consent.asking import Asked
from consent.changes import GroupChanges
from consent.models import Decision, Snapshot
from policies.states import language_name

PUBLISH = "consent.add_snapshot"
SNAPSHOTS = ModelPermissionPolicy(Snapshot)
READ = ["add", "view"]
PER_PAGE = 20
IN_BANNER = {"title", "introduction", "reminder", "accept", "refuse", "choose"}


class ChangedMeanwhile(Exception):
    """The draft, or what is published, is no longer what the editor was shown."""


class OfSite(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen about one site's configurations; `?site=` names another than the default one."""

    permission_policy = SNAPSHOTS
    any_permission_required = READ

    @cached_property
    def sites(self) -> list[Site]:
        return list(Site.objects.order_by("-is_default_site", "hostname", "pk"))

    @cached_property
    def site(self) -> Site:
        wanted = self.request.GET.get("site", "")
        chosen = {"pk": wanted} if wanted.isdecimal() else {"is_default_site": True}
        found: Site = get_object_or_404(Site, **chosen)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sites = self.sites if len(self.sites) > 1 else []
        return super().get_context_data(site=self.site, sites=sites, **kwargs)


class PublishView(OfSite):
    page_title = _("Publish")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "upload"
    template_name = "consent/admin/publish.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        content, earlier = catalogue.proposed(self.site)
        page, snapshots = _page(self.site, self.request)
        latest = catalogue.latest_of(self.site.pk)
        groups = changes.of_groups(earlier, content)
        asked = _who(self.site, groups, {group.key for group in groups if group.material})
        return super().get_context_data(
            latest=latest,
            changed=catalogue.unpublished_changes(self.site),
            groups=[(group, asked.chosen.get(group.key, 0)) for group in groups],
            site_changes=changes.of_site(earlier, content),
            asked=asked,
            asks=[group.name for group in groups if group.material],
            doubts=doubts.of(content, self.site),
            seen=f"{latest.sha256 if latest else ''}:{changes.fingerprint(content)}",
            banner=_preview(content),
            page=page,
            snapshots=snapshots,
            numbers=range(latest.number if latest else 0, 0, -1),
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            may_publish=self.request.user.has_perm(PUBLISH),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        here = redirect(request.get_full_path())
        try:
            self._publish(request)
        except ChangedMeanwhile:
            sentence = gettext(
                "Somebody changed or published something since you looked. Nothing was published: look "
                "again, and publish then."
            )
            messages.warning(request, sentence)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return here

    def _publish(self, request: HttpRequest) -> None:
        """All or nothing, and only what the editor was shown."""
        before, _colon, fingerprint = request.POST.get("seen", "").partition(":")
        content, earlier = catalogue.proposed(self.site)
        groups = changes.of_groups(earlier, content)
        again = {group.key for group in groups if group.may_ask} & set(request.POST.getlist("ask_again"))
        now, editor = timezone.now(), request.user.get_username()
        with transaction.atomic():
            asked = _who(self.site, groups, again | {group.key for group in groups if group.material})
            snapshot, keys = catalogue.publish(site=self.site, now=now, by=editor, ask_again=again)
            published = catalogue.content_of(snapshot)
            if snapshot.sha256 == before:
                sentence = gettext("Nothing has changed since the last publication: nobody is asked again.")
                messages.info(request, sentence)
                return
            shown = (published["previous"] or "", changes.fingerprint(published)) == (before, fingerprint)
            if not shown or (snapshot.published_at, snapshot.published_by) != (now, editor):
                raise ChangedMeanwhile
            log(snapshot, "wagtail.publish", user=request.user, data={"asked_again": keys})
        messages.success(request, _said(snapshot, published, keys, asked))


def _who(site: Site, groups: list[GroupChanges], anew: set[str]) -> Asked:
    now = timezone.now()
    standing = {group.key: group.since for group in groups if group.since is not None and not group.removed}
    return asking.who(site.pk, standing, anew, at=now, asked_again_since=told.asked_again_since(site.pk, now))


def _said(snapshot: Snapshot, content: catalogue.Content, keys: list[str], asked: Asked) -> str:
    done = gettext("Published as configuration %(number)d.") % {"number": snapshot.number}
    if not keys or not asked.again:
        nobody = gettext("Nobody is asked again.")
        return f"{done} {nobody}"
    sentence = ngettext(
        "%(people)d person is asked again about: %(groups)s.",
        "%(people)d people are asked again about: %(groups)s.",
        asked.again,
    )
    if asked.at_most:
        sentence = ngettext(
            "At most %(people)d person is asked again about: %(groups)s.",
            "At most %(people)d people are asked again about: %(groups)s.",
            asked.again,
        )
    names = ", ".join(facts.name(group) for group in content["groups"] if group["key"] in keys)
    return f"{done} {sentence % {'people': asked.again, 'groups': names}}"


def _preview(content: catalogue.Content) -> list[dict[str, Any]]:
    """What visitors will read, by language."""
    return [
        {
            "language": language_name(language),
            "code": language,
            "words": words,
            "others": [(facts.word(key), text) for key, text in words.items() if key not in IN_BANNER],
            "groups": [
                {"required": group["required"], **group["texts"][language], "services": group["services"]}
                for group in content["groups"]
            ],
        }
        for language, words in content["banner"]["words"].items()
    ]


def _page(site: Site, request: HttpRequest) -> tuple[Any, list[dict[str, Any]]]:
    """The configurations that were published, newest first, with the decisions made about each."""
    found = Snapshot.objects.filter(site_id=site.pk).order_by("-number")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    about = Decision.objects.filter(snapshot__in=[row.pk for row in page]).values_list("snapshot")
    made = dict(about.annotate(made=Count("pk")).order_by())
    return page, [
        {"row": row, "made": made.get(row.pk, 0), "readable": catalogue.is_readable(row)} for row in page.object_list
    ]


class DraftView(OfSite):
    """The draft as the JSON that publishing would write."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        content, _earlier = catalogue.proposed(self.site)
        return HttpResponse(rfc8785.dumps(content), content_type="application/json")


class CompareView(OfSite):
    """What differs between any two configurations of a site."""

    page_title = _("Compare")
    header_icon = "history"
    template_name = "consent/admin/compare.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        publish = {"url": reverse("consent_published:index"), "label": _("Publish")}
        return [*self.breadcrumbs_items, publish, {"url": "", "label": self.page_title}]

    def get_page_subtitle(self) -> str:
        return gettext("%(earlier)d and %(later)d") % {"earlier": self.pair[0].number, "later": self.pair[1].number}

    @cached_property
    def pair(self) -> list[Snapshot]:
        """The earlier one first, whichever way they were named."""
        wanted = [self.request.GET.get(name, "") for name in ("one", "other")]
        found = [self._numbered(number) for number in wanted]
        return sorted(found, key=lambda snapshot: snapshot.number)

    def _numbered(self, number: str) -> Snapshot:
        value = int(number) if number.isdecimal() and len(number) < 9 else 0
        return get_object_or_404(Snapshot, site_id=self.site.pk, number=value)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        readable = all(catalogue.is_readable(snapshot) for snapshot in self.pair)
        before, after = (catalogue.content_of(snapshot) for snapshot in self.pair)
        groups = changes.of_groups(before, after) if readable else []
        return super().get_context_data(
            earlier=self.pair[0],
            later=self.pair[1],
            readable=readable,
            groups=[(group, 0) for group in groups if group.changes or group.added or group.removed or group.material],
            site_changes=changes.of_site(before, after) if readable else [],
            **kwargs,
        )


class PublishMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(SNAPSHOTS.user_has_any_permission(request.user, READ))


class PublishedViewSet(ViewSet):
    name = "consent_published"
    url_prefix = "consent/published"
    icon = "upload"
    menu_label = _("Publish")
    menu_item_class = PublishMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", PublishView.as_view(), name="index"),
            path("draft.json", DraftView.as_view(), name="draft"),
            path("compare/", CompareView.as_view(), name="compare"),
        ]
