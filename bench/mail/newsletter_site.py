"""The smallest site that django-newsletter runs on: its settings, its addresses, and one submission, timed.

Run as a program by the measurement, with NEWSLETTER_DATABASE, NEWSLETTER_PORT and the number of people: prints seconds,
seconds of CPU, and the size of a message, as JSON.
"""

import json
import os
import resource
import sys
import time
import warnings

warnings.simplefilter("ignore")

SECRET_KEY = "measured on a loopback address"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sites",
    "sorl.thumbnail",
    "newsletter",
]
SITE_ID = 1
USE_TZ = True
ROOT_URLCONF = "bench.mail.newsletter_site"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
NEWSLETTER_THUMBNAIL = "sorl-thumbnail"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("NEWSLETTER_PORT", "25"))
LOGGING_CONFIG = None
urlpatterns: list[object] = []


def _database() -> dict[str, object]:
    import dj_database_url

    return {"default": dict(dj_database_url.parse(os.environ["NEWSLETTER_DATABASE"]))}


DATABASES = _database() if "NEWSLETTER_DATABASE" in os.environ else {}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.mail.newsletter_site"
    import django

    django.setup()
    from django.core.management import call_command
    from django.urls import include, path

    sys.modules["bench.mail.newsletter_site"].urlpatterns[:] = [path("newsletter/", include("newsletter.urls"))]
    call_command("migrate", verbosity=0)
    print(json.dumps(_submit(int(sys.argv[1]))))


def _submit(people: int) -> dict[str, float]:
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription

    from bench.mail.letter import PARAGRAPHS, SUBJECT

    news = Newsletter.objects.create(title="News", slug="news", email="news@quay.example", sender="Quay Ltd")
    news.site.add(1)
    message = Message.objects.create(title=SUBJECT, slug="spring", newsletter=news)
    for place, paragraph in enumerate(PARAGRAPHS):
        Article.objects.create(title=f"Part {place + 1}", text=paragraph, post=message, sortorder=place)
    Subscription.objects.bulk_create(
        Subscription(
            newsletter=news,
            email_field=f"reader-{number:06}@mail.example",
            name_field=f"Reader {number}",
            subscribed=True,
            activation_code=f"{number:040}",
        )
        for number in range(people)
    )
    submission = Submission.from_message(message)
    submission.prepared = True
    started, used = time.monotonic(), _cpu()
    submission.submit()
    took, spent = time.monotonic() - started, _cpu() - used
    size = len(submission.get_message(submission.subscriptions.first()).message().as_bytes())
    return {"seconds": took, "cpu": spent, "bytes": size}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
