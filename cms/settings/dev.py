"""One machine, nothing secret: what `manage.py` uses unless told otherwise, the demo included."""

from pathlib import Path

from cms import env, places
from cms.settings.base import *  # noqa: F403

_running = places.addresses()  # a second terminal finds the demo's database here

DEBUG = env.flag("DEBUG", False)
TWO_FACTOR = env.one_of("TWO_FACTOR", "offered", ("required", "offered", "off"))
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = env.chosen(
    SPOKEN,  # noqa: F405
    env.listing("SITE_LANGUAGES", ",".join(SPOKEN)),  # noqa: F405
    own=LANGUAGE_CODE,  # noqa: F405
)
SECRET_KEY = "development only, on a loopback address: production has no default"  # noqa: S105
SITE_URL = WAGTAILADMIN_BASE_URL = env.text("SITE_URL", _running.get("SITE_URL", "http://localhost:8000"))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DATABASES = {"default": env.database(env.text("DATABASE_URL", _running.get("DATABASE_URL", places.NO_DATABASE)))}
REDIS_URL = env.text("REDIS_URL", _running.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
CACHES = env.caches(REDIS_URL)
CELERY_BROKER_URL = REDIS_URL

MAIL_SUPPRESSION_KEY = "development only"
RECORDS_KEYS = {"dev": "0123456789abcdef" * 4}
RECORDS_INDEX_KEY = "fedcba9876543210" * 4
MAIL_JOURNAL = Path(env.text("MAIL_JOURNAL", places.HOME / "mail-journal"))
# What comes to it is handed over by hand: manage.py receive_reply < mail.eml
INQUIRY_REPLY_ADDRESS = env.text("INQUIRY_REPLY_ADDRESS", "replies@harbour-lane.example")
ACTION_SPOOL = Path(env.text("ACTION_SPOOL", places.HOME / "action-spool"))
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", int(_running.get("EMAIL_PORT", "1025")))

MEDIA_ROOT = Path(env.text("MEDIA_ROOT", places.HOME / "media"))
SERVE_MEDIA = True
WHITENOISE_USE_FINDERS = True  # no collectstatic before the first page
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
