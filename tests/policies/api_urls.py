"""The site with Wagtail's API v3 beside it, which Candor does not mount."""

from django.urls import path
from wagtail.api.v3.urls import api

from cms.urls import urlpatterns as site

urlpatterns = [path("api/v3/", api.urls), *site]
