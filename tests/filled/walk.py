"""Which addresses does the CMS have, and with what in them does each answer?"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Page, Revision, Site, TaskState, UploadedFile, Workflow, WorkflowState

from consent.models import Decision, Scan
from home.models import Attachment, Inquiry, Promotion, StandardPage
from mailing.models import Campaign, Subscriber
from policies.models import PolicyPage, PolicyVersion
from records.models import Disclosure, DisclosureOrder, SubjectRequest

CMS = "cms/"
FLOORS = {"cms", "home", "mailing", "consent", "policies", "records", "cookie_consent"}
# Screens of Wagtail's that ask about a row or a page of ours, or show what we add to them.
_ABOUT_OURS = {"wagtailadmin_home", "wagtailadmin_login", "wagtailadmin_explore", "wagtailsettings:edit"}
# What stands in a frame of a screen, and tests of its own look at.
_FRAMED = re.compile(r"preview|view_draft|revisions_view")


@dataclass(frozen=True)
class Address:
    """`name` is the url name, with the parts of the address where several patterns have one name."""

    name: str
    url: str
    view: Callable[..., Any]


def addresses() -> list[Address]:
    """Every pattern of the CMS, in the order of its name, filled in with what tests/filled/site.py has made."""
    seen: dict[str, list[tuple[tuple[str, ...], Callable[..., Any]]]] = {}
    for name, parts, view in patterns():
        seen.setdefault(name, []).append((parts, view))
    filled = [each for name, found in sorted(seen.items()) for each in _of_name(name, found)]
    return filled + _bulk()


def screens() -> list[Address]:
    """Those of `addresses` that are screens of ours, and what else of ours answers there: parts, files, data."""
    return [each for each in addresses() if is_ours(each.view, each.name, []) and not _FRAMED.search(each.name)]


def is_ours(view: Callable[..., Any], name: str, told: list[str]) -> bool:
    """Do we write the screen, or is a row of ours on it? `told` are the parts of its address that name a model."""
    module, model = getattr(getattr(view, "view_class", view), "__module__", ""), model_of(view)
    return (
        module.split(".")[0] in FLOORS
        or (model is not None and model._meta.app_label in FLOORS)
        or (name in _ABOUT_OURS and (not told or told[0] in FLOORS))
        or (name == "wagtailadmin_pages:add" and bool(told) and told[0] in FLOORS)
        or (name.startswith("wagtail_bulk_action(") and name[len("wagtail_bulk_action(") :].split(".")[0] in FLOORS)
    )


def patterns() -> Iterator[tuple[str, tuple[str, ...], Callable[..., Any]]]:
    """The url name, the parts of the address and the view of every pattern of the CMS."""
    return _walk(get_resolver().url_patterns)


def _of_name(name: str, found: list[tuple[tuple[str, ...], Callable[..., Any]]]) -> Iterator[Address]:
    for parts, view in found:
        label = name if len(found) == 1 else f"{name}({','.join(parts)})"
        values = {part: _value(name, part, view) for part in parts}
        try:
            url = reverse(name, kwargs=values)
        except NoReverseMatch as error:
            raise AssertionError(f"{label}: tests/filled/walk.py has no fitting {values}") from error
        yield Address(label, url + QUERIES.get(name, str)(), view)


def _bulk() -> list[Address]:
    """Acts on several rows at once: one pattern of Wagtail for all kinds of rows."""
    page, user = StandardPage.objects.order_by("pk").first(), User.objects.get(username="colleague")
    image, document = Image.objects.get(), Document.objects.get()
    kinds: dict[tuple[str, str], tuple[Model | None, tuple[str, ...]]] = {
        ("wagtailcore", "page"): (page, ("delete", "move", "publish", "unpublish")),
        ("auth", "user"): (user, ("assign_role", "delete", "set_active_state")),
        ("wagtailimages", "image"): (image, ("add_tags", "add_to_collection", "delete")),
        ("wagtaildocs", "document"): (document, ("add_tags", "add_to_collection", "delete")),
        ("home", "inquiry"): (Inquiry.objects.first(), ("assign", "close", "delete", "not_spam", "spam")),
        ("mailing", "campaign"): (Campaign.objects.order_by("pk").first(), ("delete",)),
        ("home", "promotion"): (Promotion.objects.order_by("pk").first(), ("delete",)),
    }
    return [
        Address(f"wagtail_bulk_action({app}.{model},{act})", _bulk_url(app, model, act, row), print)
        for (app, model), (row, acts) in kinds.items()
        for act in acts
    ]


def _bulk_url(app: str, model: str, act: str, row: Model | None) -> str:
    assert row
    return f"{reverse('wagtail_bulk_action', args=[app, model, act])}?id={row.pk}"


def _walk(patterns: Iterable[Any], path: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    for each in patterns:
        below = path + str(each.pattern)
        if isinstance(each, URLResolver):
            if below.startswith(CMS) or CMS.startswith(below):
                space = (each.namespace,) if each.namespace else ()
                yield from _walk(each.url_patterns, below, (*spaces, *space))
        elif isinstance(each, URLPattern) and below.startswith(CMS) and each.name and each.name not in LEFT_OUT:
            parts = tuple(each.pattern.regex.groupindex) if hasattr(each.pattern, "regex") else ()
            yield ":".join((*spaces, each.name)), parts, each.callback


LEFT_OUT = {"wagtail_bulk_action", "wagtailadmin_error_test"}  # filled in above; fails on purpose
QUERIES: dict[str, Callable[[], str]] = {
    "consent_published:compare": lambda: "?one=1&other=2",
    "wagtailadmin_choose_page_search": lambda: "?q=quay",
    "wagtailadmin_api:pages:find": lambda: "?html_path=/",
    "wagtailadmin_api:documents:find": lambda: f"?id={_first(Document)}",
    "wagtailadmin_api:images:find": lambda: f"?id={_first(Image)}",
}


def _value(name: str, part: str, view: Callable[..., Any]) -> Any:
    space = name.split(":")[0]
    for key in (f"{name}/{part}", f"{name.rpartition(':')[0]}/{part}", f"{space}/{part}", part):
        if key in VALUES:
            return VALUES[key]()
    model = model_of(view) or _of_neighbours(space)
    assert part == "pk", f"{name} asks for {part}: name one in tests/filled/walk.py"
    assert model, f"{name} asks for a pk of nobody knows what: name one in tests/filled/walk.py"
    return _first(model)


def _of_neighbours(space: str) -> type[Model] | None:
    """What the other screens of a name-space are about."""
    views = (view for name, _parts, view in patterns() if name.split(":")[0] == space)
    return next(filter(None, map(model_of, views)), None)


def model_of(view: Callable[..., Any]) -> type[Model] | None:
    """What a view says its rows are."""
    given, view_class = getattr(view, "view_initkwargs", {}), getattr(view, "view_class", None)
    said = [given.get(name) or getattr(view_class, name, None) for name in ("model", "model_class")]
    return next((each for each in said if isinstance(each, type) and issubclass(each, Model)), None)


def _first(model: type[Model]) -> Any:
    row = model._default_manager.order_by("pk").first()
    assert row, f"tests/filled/site.py makes no {model._meta.label}"
    return row.pk


def _quay() -> StandardPage:
    return StandardPage.objects.get(slug="quay")


def _campaign() -> Campaign:
    return Campaign.objects.get(title="Autumn")


def _state(row: Any) -> WorkflowState:
    return WorkflowState.objects.for_instance(row).get()


def _revision(row: Any) -> int:
    return int(Revision.objects.for_instance(row).order_by("pk")[0].pk)


VALUES: dict[str, Callable[[], Any]] = {
    "page_id": lambda: _quay().pk,
    "page_pk": lambda: _quay().pk,
    "parent_page_id": lambda: _quay().pk,
    "page_to_move_id": lambda: _quay().pk,
    "destination_id": lambda: Page.objects.get(slug="here").pk,
    "revision_id": lambda: _revision(_quay()),
    "revision_id_a": lambda: "earliest",
    "revision_id_b": lambda: "latest",
    "content_type_app_name": lambda: "home",
    "content_type_model_name": lambda: "standardpage",
    "app_label": lambda: "home",
    "model_name": lambda: "standardpage",
    "app_name": lambda: "home",
    "action_name": lambda: "approve",
    "task_state_id": lambda: _state(_quay()).current_task_state_id,
    "task_id": lambda: TaskState.objects.order_by("pk")[0].task_id,
    "workflow_state_id": lambda: _state(_quay()).pk,
    "workflow_pk": lambda: _first(Workflow),
    "collection_id": lambda: Collection.objects.get(name="Ships").pk,
    "document_id": lambda: _first(Document),
    "doc_id": lambda: _first(Document),
    "image_id": lambda: _first(Image),
    "uploaded_file_id": lambda: _first(UploadedFile),
    "first_run/pk": lambda: UploadedFile.objects.get(for_content_type__model="policypage").pk,
    "filter_spec": lambda: "width-100",
    "redirect_id": lambda: _first(Redirect),
    "object_id": lambda: str(_quay().pk),
    "session_id": lambda: 1,
    "version": lambda: "a",
    "number": lambda: Decision.objects.order_by("seq")[0].pk,
    "uidb64": lambda: "MQ",
    "token": lambda: "set-password",
    "inquiries:file/pk": lambda: _first(Attachment),
    "subscribers/pk": lambda: _first(Subscriber),
    "disclosures/pk": lambda: _first(DisclosureOrder),
    "disclosures:read/pk": lambda: _first(Disclosure),
    "subject_requests/pk": lambda: _first(SubjectRequest),
    "consent_found/number": lambda: _first(Scan),
    "policies_withdraw/version_pk": lambda: PolicyVersion.objects.order_by("-number")[0].pk,
    "policies_end/page_pk": lambda: PolicyPage.objects.get().pk,
    "policies_urgent/page_pk": lambda: PolicyPage.objects.get().pk,
    "policies_urgent/revision_pk": lambda: _revision(PolicyPage.objects.get()),
    "wagtailadmin_collections/pk": lambda: Collection.objects.get(name="Ships").pk,
    "second_steps/pk": lambda: User.objects.get(username="colleague").pk,
    "wagtailusers_users/pk": lambda: User.objects.get(username="colleague").pk,
    "wagtailadmin_pages:convert_alias/page_id": lambda: Page.objects.get(slug="quay-alias").pk,
    "wagtailadmin_tag_model_autocomplete/app_name": lambda: "taggit",
    "wagtailadmin_tag_model_autocomplete/model_name": lambda: "tag",
    "wagtailadmin_workflows/app_label": lambda: "wagtailcore",
    "wagtailadmin_workflows/model_name": lambda: "groupapprovaltask",
    "wagtaildocs_chooser/pk": lambda: str(_first(Document)),
    "wagtailimages_chooser/pk": lambda: str(_first(Image)),
    "wagtailadmin_api:pages/pk": lambda: _quay().pk,
    "wagtailadmin_api:documents/pk": lambda: _first(Document),
    "wagtailadmin_api:images/pk": lambda: _first(Image),
    "wagtailadmin_pages/pk": lambda: _quay().pk,
    "campaigns/pk": lambda: _campaign().pk,
    "campaigns/task_state_id": lambda: _state(_campaign()).current_task_state_id,
    "campaigns/workflow_state_id": lambda: _state(_campaign()).pk,
    "campaigns/revision_id": lambda: _revision(_campaign()),
    "simple_translation/pk": lambda: str(_campaign().pk),
    "simple_translation/app_label": lambda: "mailing",
    "simple_translation/model_name": lambda: "campaign",
    "wagtailsettings/app_name": lambda: "records",
    "wagtailsettings/model_name": lambda: "controller",
    "wagtailsettings/pk": lambda: _first(Site),
    "statistics/section": lambda: "visits",
    "statistics/table": lambda: "time",
    "mail_results/pk": lambda: Campaign.objects.get(title="Spring").pk,
}
