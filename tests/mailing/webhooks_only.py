"""The site's addresses and those of the webhooks."""

from django.urls import path

from cms import urls
from mailing.views import webhooks

urlpatterns = [
    path("mail/webhooks/<slug:provider>/tracking/", webhooks.take, name="mail_webhook"),
    *urls.urlpatterns,
]
