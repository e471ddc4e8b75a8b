"""What Wagtail stores of pages, files and their search index."""

from django.utils.translation import gettext_lazy as _

from records import cms_history
from records.accounts import WHY_KEPT, of_account
from records.registry import Basis, Category, Datum, Keep, OnErase, Purpose, Subject, nothing_personal, register

UNTIL_CONTENT = _("until the page, file or account it belongs to is deleted")

nothing_personal("taggit.Tag", "id", "name", "slug")
nothing_personal("taggit.TaggedItem", "id", "tag", "content_type", "object_id")
nothing_personal("wagtailcore.Collection", "id", "path", "depth", "numchild", "name")
nothing_personal("wagtailcore.CollectionViewRestriction", "id", "restriction_type", "password", "collection")
nothing_personal("wagtailcore.CollectionViewRestriction_groups", "id", "collectionviewrestriction", "group")
nothing_personal("wagtailcore.GroupCollectionPermission", "id", "group", "collection", "permission")
nothing_personal("wagtailcore.GroupPagePermission", "id", "group", "page", "permission")
nothing_personal("wagtailcore.GroupSitePermission", "id", "group", "site", "permission")
nothing_personal("wagtailcore.Locale", "id", "language_code")
register(
    "wagtailcore.Page",
    title=_("Pages"),
    personal={
        "owner": Datum(Category.ACCOUNT),
        "locked_by": Datum(Category.ACCOUNT),
    },
    other=[
        "id",
        "path",
        "depth",
        "numchild",
        "translation_key",
        "locale",
        "latest_revision",
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "title",
        "draft_title",
        "slug",
        "content_type",
        "url_path",
        "latest_revision_created_at",
        "alias_of",
        "show_in_menus",
        "seo_title",
        "search_description",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=UNTIL_CONTENT,
    find_by=of_account("owner", "locked_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.PageViewRestriction", "id", "restriction_type", "password", "page")
nothing_personal("wagtailcore.PageViewRestriction_groups", "id", "pageviewrestriction", "group")
nothing_personal(
    "wagtailcore.ReferenceIndex",
    "id",
    "content_type",
    "base_content_type",
    "object_id",
    "to_content_type",
    "to_object_id",
    "model_path",
    "content_path",
    "content_path_hash",
)
register(
    "wagtailcore.Revision",
    title=_("Revisions of pages"),
    personal={
        "user": Datum(Category.ACCOUNT),
    },
    other=[
        "id",
        "content_type",
        "base_content_type",
        "object_id",
        "created_at",
        "object_str",
        "content",
        "approved_go_live_at",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=365,
        since="created_at",
        only=cms_history.unneeded_revisions(),
        rows=_("Earlier drafts of pages, which nothing needs any more"),
        start=_("from the day they were saved"),
        erase=cms_history.erase_revisions,
    ),
    until=_("while it is the newest, live, planned, approved or a version of a policy"),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.Site", "id", "hostname", "port", "site_name", "root_page", "is_default_site")
register(
    "wagtailcore.UploadedFile",
    title=_("Uploads under way"),
    personal={
        "uploaded_by_user": Datum(Category.ACCOUNT),
    },
    other=["id", "for_content_type", "file"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=1,
        since="begun__at",
        rows=_("Uploads that nobody finished"),
        start=_("from when they began"),
        erase=cms_history.erase_uploads,
    ),
    find_by=of_account("uploaded_by_user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtaildocs.Document",
    title=_("Documents"),
    personal={
        "uploaded_by_user": Datum(Category.ACCOUNT),
    },
    other=["id", "collection", "title", "file", "created_at", "file_size", "file_hash"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=UNTIL_CONTENT,
    find_by=of_account("uploaded_by_user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal(
    "wagtailembeds.Embed",
    "id",
    "url",
    "max_width",
    "hash",
    "type",
    "html",
    "title",
    "author_name",
    "provider_name",
    "thumbnail_url",
    "width",
    "height",
    "last_updated",
    "cache_until",
)
register(
    "wagtailimages.Image",
    title=_("Pictures"),
    personal={
        "uploaded_by_user": Datum(Category.ACCOUNT),
    },
    other=[
        "id",
        "collection",
        "title",
        "file",
        "description",
        "width",
        "height",
        "created_at",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
        "file_size",
        "file_hash",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=UNTIL_CONTENT,
    find_by=of_account("uploaded_by_user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailimages.Rendition", "id", "filter_spec", "file", "width", "height", "focal_point_key", "image")
nothing_personal(
    "wagtailredirects.Redirect",
    "id",
    "old_path",
    "site",
    "is_permanent",
    "redirect_page",
    "redirect_page_route_path",
    "redirect_link",
    "automatically_created",
    "created_at",
)
nothing_personal(
    "wagtailsearch.IndexEntry",
    "id",
    "content_type",
    "object_id",
    "title_norm",
    "autocomplete",
    "title",
    "body",
    "title_text",
    "body_text",
)
nothing_personal("simple_translation.SimpleTranslation", "id")
