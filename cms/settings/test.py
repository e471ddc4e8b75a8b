"""The test run: the real engines, a quick password hasher, files in memory."""

from cms import env
from cms.settings.dev import *  # noqa: F403

DEBUG = False
TWO_FACTOR = "off"  # tests that are about it switch it on
ACTION_LOG = env.flag("ACTION_LOG", False)  # tests that are about it switch it on
INQUIRY_REPLY_ADDRESS = INQUIRY_MAILBOX = ""  # tests that are about them set them
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # finds static files when asked, not at every start
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
