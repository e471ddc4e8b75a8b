"""Addresses as somebody may have added them who follows anymail's documentation alone."""

from django.urls import include, path

urlpatterns = [path("anymail/", include("anymail.urls"))]
