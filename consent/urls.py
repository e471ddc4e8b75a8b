from django.urls import path, re_path

from consent import views

app_name = "consent"
urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("decide/", views.decide_view, name="decide"),
    re_path(r"^snapshot/(?P<sha256>[0-9a-f]{64})\.json$", views.snapshot, name="snapshot"),
]
