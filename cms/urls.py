"""Every address of the site; the apps below own theirs."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve as serve_file
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from cms import views
from consent.views import gpc
from home.views import appearance, crawlers
from home.views.promotions import count
from home.views.replies import take_reply
from mailing.views.webhooks import take

urlpatterns = [
    path("healthz/", views.healthz, name="healthz"),
    path("readyz/", views.readyz, name="readyz"),
    path(".well-known/gpc.json", gpc, name="gpc"),
    path("cms/sign-in/", include("cms.two_factor.urls")),
    # For programs, in no language.
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("appearance/<str:name>.css", appearance.style, name="appearance"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Providers of mail report here, in no language.
    path("mail/webhooks/<slug:provider>/tracking/", take, name="mail_webhook"),
    path("mail/webhooks/<slug:provider>/inbound/", take_reply, name="reply_webhook"),
    path("promotions/count/", count, name="promotion_count"),
]

# What visitors read: in the site's own language at these addresses, in another below /ru/.
urlpatterns += i18n_patterns(
    path("consent/", include("consent.urls")),
    path("cookies/", include("consent.urls_compatible")),
    path("mail/", include("mailing.urls")),
    path("", include("records.urls")),
    path("", include("home.urls")),
    # Public pages are the same bytes for everybody and carry no token; `records.http.guarded` checks who posts.
    re_path(wagtail_urls.serve_pattern, csrf_exempt(serve), name="public_page"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

if settings.SERVE_MEDIA:
    media = re_path(r"^media/(?P<path>.*)$", serve_file, {"document_root": settings.MEDIA_ROOT})
    urlpatterns.insert(0, media)
