"""Production: every secret comes from the environment and none has a default."""

from cms import env
from cms.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.listing("SECRET_KEY_FALLBACKS", "")  # links in mails outlive a change of key
SITE_URL = WAGTAILADMIN_BASE_URL = env.origin("SITE_URL")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATABASES = {"default": env.database(env.secret("DATABASE_URL"))}
REDIS_URL = env.secret("REDIS_URL")
CACHES = env.caches(REDIS_URL)
CELERY_BROKER_URL = REDIS_URL

# The suppression list is hashes under this key: it never changes, or nobody on the list is found any more.
MAIL_SUPPRESSION_KEY = env.secret("MAIL_SUPPRESSION_KEY")
# What is stored of people is sealed under keys that these master keys wrap; the newest comes first. Whoever loses them
# loses the data.
RECORDS_KEYS = env.keys("RECORDS_KEYS", required=True)
# People are found by hashes under this key: it never changes.
RECORDS_INDEX_KEY = env.hexadecimal("RECORDS_INDEX_KEY")
# Each provider's own settings go in here as JSON, such as {"MAILGUN_API_KEY": "…"}: django-anymail's documentation.
ANYMAIL = env.mapping("ANYMAIL")
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD") if EMAIL_HOST_USER else ""
EMAIL_USE_SSL = EMAIL_PORT == 465  # TLS from the first byte (RFC 8314); other ports begin plain and change over
EMAIL_USE_TLS = not EMAIL_USE_SSL and env.flag("EMAIL_USE_TLS", True)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL")

# nginx stands in front; it alone says how the visitor came and from which address.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
RATELIMIT_IP_META_KEY = "HTTP_X_REAL_IP"
SECURE_SSL_REDIRECT = True
MIDDLEWARE.insert(0, "cms.views.probes")  # noqa: F405 - before the redirect and the check of the host name
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # X-Frame-Options: SAMEORIGIN, for the CMS shows drafts in a frame

LOGGING["formatters"]["line"]["()"] = "cms.logs.Discreet"  # type: ignore[index]  # noqa: F405
