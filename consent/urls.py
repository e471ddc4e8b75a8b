from django.urls import path, re_path

from consent import views
from consent.views.embedding import embed
from consent.views.once import once
from consent.views.reports import reports
from consent.views.screens import screen
from consent.views.showing import showing

app_name = "consent"
urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("decide/", views.decide_view, name="decide"),
    path("once/", once, name="once"),
    path("csp/", reports, name="reports"),
    path("shown/", showing, name="shown"),
    path("screen/", screen, name="screen"),
    path("decisions/", views.decisions, name="decisions"),
    path("decisions.json", views.decisions_json, name="decisions_json"),
    path("receipt/<uuid:pk>/", views.receipt, name="receipt"),
    path("receipt/<uuid:pk>.json", views.receipt_json, name="receipt_json"),
    path("seals.json", views.seals, name="seals"),
    re_path(r"^snapshot/(?P<sha256>[0-9a-f]{64})\.json$", views.snapshot, name="snapshot"),
    re_path(r"^module/(?P<sha256>[0-9a-f]{64})/(?P<key>[-\w]+)\.js$", views.module, name="module"),
    re_path(r"^embed/(?P<sha256>[0-9a-f]{64})/(?P<key>[-\w]+)/$", embed, name="embed"),
]
