"""Pages and settings: written by editors, about nobody."""

from records.registry import nothing_personal

nothing_personal("home.HomePage", *("page_ptr", "tagline", "picture", "link_page", "link_label", "body", "sections"))
nothing_personal("home.StandardPage", "page_ptr", "introduction", "body", "sections")
nothing_personal("home.ArticleIndexPage", "page_ptr", "introduction")
nothing_personal("home.ArticlePage", "page_ptr", "date", "introduction", "picture", "body")
nothing_personal("home.ArticleTag", "id", "tag", "content_object")
nothing_personal("home.PublicEntriesPage", "page_ptr", "introduction", "form")
nothing_personal("home.Appearance", "id", "site", "logo", "share_image", "accent", "accent_dark", "time_zone")
nothing_personal(
    "home.FormPage",
    *("page_ptr", "introduction", "button", "thanks", "purpose", "keep_days"),
    *("confirms", "confirmation_text", "mailing_list", "moderated"),
)
nothing_personal(
    "home.Field",
    *("id", "sort_order", "page", "key", "label", "kind", "required", "why", "options"),
    *("category", "purpose", "shown_publicly"),
)
nothing_personal("home.AnswerTemplate", "id", "key", "title", "language", "subject", "text")
