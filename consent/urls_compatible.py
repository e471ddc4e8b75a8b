"""The names of django-cookie-consent, which its templates and scripts reverse."""

from django.urls import path

from consent.views import compatible

urlpatterns = [
    path("", compatible.groups, name="cookie_consent_cookie_group_list"),
    path("accept/", compatible.accept, name="cookie_consent_accept"),
    path("decline/", compatible.decline, name="cookie_consent_decline"),
    path("status/", compatible.status, name="cookie_consent_status"),
]
