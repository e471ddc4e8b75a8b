"""What every environment shares. Reads no secret; dev, test and production add theirs."""

from pathlib import Path

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from kombu import Queue  # type: ignore[attr-defined]

from cms import env

BASE_DIR = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "cms",
    "cms.two_factor",
    "home",
    "mailing",
    "consent",
    "policies",
    "records",
    "cookie_consent",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "anymail",
    "django_otp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "records.middleware.actions",
    "django.middleware.http.ConditionalGetMiddleware",
    "consent.middleware.enforcement",
    "consent.middleware.choices_in_templates",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.languages.language_of_the_path",
    "cms.clock.clock_of_the_site",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "cms.two_factor.middleware.SecondStep",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "cms.refusals.Refusals",
    "records.middleware.Readings",
    "consent.middleware.gates",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "wagtailadmin_login"
WAGTAILADMIN_USER_LOGIN_FORM = "cms.two_factor.forms.SignInForm"
# A code besides the password: "required" of whoever may read personal data, "offered" to all, or "off".
TWO_FACTOR = env.one_of("TWO_FACTOR", "required", ("required", "offered", "off"))
TWO_FACTOR_HOURS = env.number("TWO_FACTOR_HOURS", 12)  # then the code is asked for again
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = env.text("SITE_LANGUAGE", "en")
SPOKEN = {  # all that pages are translated to
    "en": _("English"),
    "ru": _("Russian"),
    "de": _("German"),
    "fr": _("French"),
    "es": _("Spanish"),
    "ar": _("Arabic"),
}
LANGUAGES = env.chosen(SPOKEN, env.listing("SITE_LANGUAGES", "en,ru"), own=LANGUAGE_CODE)
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
FORMAT_MODULE_PATH = "cms.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("SITE_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", BASE_DIR / "var" / "static"))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", BASE_DIR / "var" / "media"))
SERVE_MEDIA = False  # nginx does; only the demo, which has none, serves uploads itself
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Nothing a visitor writes on a public page is larger. Files are measured apart: home/uploads.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long policy's editor sends several a clause

# Public pages set no session and no CSRF cookie; their forms are guarded by `records.http.guarded`.
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"

WAGTAIL_SITE_NAME = "Candor"
WAGTAILADMIN_BASE_URL = SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no third party before consent, editors included
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S"  # a policy takes force at a second; the picker drops what is not here
# A cache in front that understands PURGE forgets a policy's pages as soon as a version is frozen.
FRONTEND_CACHE_URL = env.text("FRONTEND_CACHE_URL", "")
if FRONTEND_CACHE_URL:
    WAGTAILFRONTENDCACHE = {
        "default": {"BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend", "LOCATION": FRONTEND_CACHE_URL}
    }
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# django-cookie-consent gives the inventory of groups and cookies; decisions are recorded by `consent.decide`.
COOKIE_CONSENT_LOG_ENABLED = False
COOKIE_CONSENT_SUCCESS_URL = reverse_lazy("consent:preferences")
# Keys of the proof of consent by id, the newest first: "2026=<64 hexadecimal digits>". None: made from SECRET_KEY.
CONSENT_PROOF_KEYS = env.keys("CONSENT_PROOF_KEYS")
# A browser's "Do Not Track" (DNT: 1) then counts like Global Privacy Control.
CONSENT_HONOUR_DNT = env.flag("CONSENT_HONOUR_DNT", False)
# What browsers are told to hold to: "decided", "strict", "report" (they only tell) or "off"; docs/operators.md.
CONSENT_CSP = env.one_of("CONSENT_CSP", "decided", ("decided", "strict", "report", "off"))
# Sources of this site's own in that header: "img-src https://media.example; font-src https://fonts.example".
CONSENT_CSP_SOURCES = env.sources("CONSENT_CSP_SOURCES")
# Only for sites whose own scripts and allowed services use no string as code (W3C Trusted Types).
CONSENT_TRUSTED_TYPES = env.flag("CONSENT_TRUSTED_TYPES", False)
# A cookie that is neither essential nor consented to: "drop" it, or only "log" that an answer would have set it.
CONSENT_SET_COOKIE = env.one_of("CONSENT_SET_COOKIE", "drop", ("drop", "log"))
# Seconds for which nginx keeps a page for all visitors with the same choice; 0 for none.
PAGE_CACHE_SECONDS = env.number("PAGE_CACHE_SECONDS", 60)
# Seals are written down outside the database too, where one of these is set; further places are functions like these.
CONSENT_ANCHOR_FILE = env.text("CONSENT_ANCHOR_FILE", "")
CONSENT_ANCHOR_EMAIL = env.listing("CONSENT_ANCHOR_EMAIL", "")
_PLACES = {"consent.proof.anchors.file": CONSENT_ANCHOR_FILE, "consent.proof.anchors.mail": CONSENT_ANCHOR_EMAIL}
CONSENT_ANCHORS = [place for place, target in _PLACES.items() if target]

# Tombstones are appended here, outside the database: after a restore, they say who had been erased since the backup.
ERASURES_FILE = env.text("ERASURES_FILE", "")

RATELIMIT_FAIL_OPEN = True  # the limits live in Valkey; the site answers without it
RATELIMIT_IP_META_KEY = "REMOTE_ADDR"

EMAIL_TIMEOUT = 60  # seconds; a server that looks through each message takes its time after the last byte
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Candor <no-reply@localhost>")

# "smtp": this site speaks to the mail server itself, message after message over one connection. "backend": Django's
# EMAIL_BACKEND does, such as one of django-anymail's for a provider's programming interface.
MAIL_TRANSPORT = env.one_of("MAIL_TRANSPORT", "smtp", ("smtp", "backend"))
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
MAIL_CONNECTIONS = env.number("MAIL_CONNECTIONS", 4)  # to the mail server at once, from each machine
MAIL_PER_CONNECTION = env.number("MAIL_PER_CONNECTION", 100)  # messages, then a new connection; 0: never
# Messages a second, over all machines: "all=50,gmail=20,microsoft=5,yahoo=5,other=20". What is not named has no limit.
MAIL_RATES = env.rates("MAIL_RATES", ("all", "gmail", "microsoft", "yahoo", "other"))
# What is about to leave is written down here first. It must outlive the worker, and be this machine's own.
MAIL_JOURNAL = Path(env.text("MAIL_JOURNAL", BASE_DIR / "var" / "mail-journal"))
# Bounces go to bounces+<token>@example.org where this is bounces@example.org; else to the sender.
MAIL_RETURN_ADDRESS = env.text("MAIL_RETURN_ADDRESS", "")
MAIL_RETURN_MAILBOX = env.secret("MAIL_RETURN_MAILBOX", "")  # imaps://name:password@host/INBOX, read by a worker
# Replies to answers from the inbox go to replies+<token>@example.org where this is replies@example.org; else to the
# site's owner. From there they come back by INQUIRY_MAILBOX, a pipe to `receive_reply`, or a provider's webhook.
INQUIRY_REPLY_ADDRESS = env.text("INQUIRY_REPLY_ADDRESS", "")
INQUIRY_MAILBOX = env.secret("INQUIRY_MAILBOX", "")  # imaps://name:password@host/INBOX, read by a worker every minute
MAIL_DKIM_SELECTORS = env.listing("MAIL_DKIM_SELECTORS", "")  # looked up by the page that checks the set-up
MAIL_COMPLAINTS = env.number("MAIL_COMPLAINTS", 10)  # per 10,000 messages of a campaign; above, it is paused

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300  # seconds
CELERY_TASK_SOFT_TIME_LIMIT = 270  # seconds
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Mail waits for mail servers: it has a queue of its own, which a worker of its own may serve. A worker that names none
# serves both.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("mail")]  # type: ignore[no-untyped-call]
CELERY_TASK_ROUTES = {"mailing.tasks.*": {"queue": "mail"}}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30  # seconds that a worker told to stop at once has for what it holds
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that finds the broker away goes on: rows are the queue, and beat finds them again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,  # else each such request waits six seconds
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "visibility_timeout": 3600,
}

# Reading or taking out one person's data in the CMS asks for a reason first, which the log of readings keeps.
ACCESS_REASONS = env.flag("ACCESS_REASONS", False)

EXPIRE_EVERY = env.number("EXPIRE_EVERY", 3600)  # seconds

# What visitors' browsers ask for is put on record, without saying who they are; docs/operators.md.
RECORDS_KEY_DAYS = env.number("RECORDS_KEY_DAYS", 730)  # a master key in use for longer breaks a promise; 0: none does
ACTION_LOG = env.flag("ACTION_LOG", True)
# Entries go here while Valkey is away. It must outlive the process, and be this machine's own.
ACTION_SPOOL = Path(env.text("ACTION_SPOOL", BASE_DIR / "var" / "action-spool"))
# nginx writes here which kept pages it gave out; empty where it does not.
ACTION_HITS = env.text("ACTION_HITS", "")
ACTION_STREAM_MOST = 500_000  # entries that wait in Valkey, 300 bytes each; then they go to the spool
ACTION_SPOOL_MOST = 512 * 1024 * 1024  # bytes of a file there; then they are counted as lost

# What runs by itself. Seconds; every task is safe to run twice.
CELERY_BEAT_SCHEDULE = {
    # A sign of life for /readyz/: it passes only where beat, broker and worker all work.
    "heartbeat": {"task": "cms.tasks.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    # Wagtail's own marker (page.live, menus, search); the policy in force does not wait for it.
    "publish-scheduled": {"task": "policies.tasks.publish_scheduled", "schedule": 60.0, "options": {"expires": 60}},
    # Deletes what the retention periods say; writes one evidence row per data set.
    "expire": {"task": "records.tasks.expire", "schedule": float(EXPIRE_EVERY), "options": {"expires": EXPIRE_EVERY}},
    # Checks each promise once an hour and tells the owner of what broke; asks each minute whether an hour is over, so
    # that a restarted beat never puts it off.
    "watch-promises": {"task": "records.tasks.watch", "schedule": 60.0, "options": {"expires": 60}},
    # Takes up requests about people's data whose hint was lost or whose receipt has left; empties what had its time.
    "tend-requests": {"task": "records.tasks.tend_requests", "schedule": 10.0, "options": {"expires": 10}},
    # Writes visitors' actions from Valkey and the spool into the table.
    "drain-actions": {"task": "records.tasks.drain_actions", "schedule": 5.0, "options": {"expires": 5}},
    # Makes the action log's months ahead and destroys the salts of days that are over.
    "tend-actions": {"task": "records.tasks.tend_actions", "schedule": 600.0, "options": {"expires": 600}},
    # Sums up yesterday, today so far and every day that was missed; what is final stays when the log's rows go.
    "tally-actions": {"task": "home.tasks.tally", "schedule": 3600.0, "options": {"expires": 3600}},
    # Puts every new decision under a signed seal, and anchors the seals.
    "seal-consents": {"task": "consent.tasks.seal", "schedule": 60.0, "options": {"expires": 60}},
    # Looks hourly whether the ledger was checked within a day, so that a restarted beat never puts it off.
    "verify-consents": {"task": "consent.tasks.verify", "schedule": 3600.0, "options": {"expires": 3600}},
    # Takes up mail whose first hint was lost, and settles what workers that are gone left behind.
    "pump-mail": {"task": "mailing.tasks.pump", "schedule": 5.0, "options": {"expires": 5}},
    "read-returned-mail": {"task": "mailing.tasks.read_returns", "schedule": 300.0, "options": {"expires": 300}},
    # Puts what people replied by mail below their inquiry.
    "read-replies": {"task": "home.tasks.read_replies", "schedule": 60.0, "options": {"expires": 60}},
    # Hourly, so that a restarted beat never puts it off; what is known is not asked again.
    "look-up-providers": {"task": "mailing.tasks.look_up_providers", "schedule": 3600.0, "options": {"expires": 3600}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    # Two lines for every saved page, about work done on the spot.
    "loggers": {"django_tasks": {"level": "WARNING"}, "modelsearch": {"level": "WARNING"}},
}
