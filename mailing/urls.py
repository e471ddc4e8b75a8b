from django.urls import path

from mailing import views

app_name = "mailing"
urlpatterns = [
    path("join/", views.join, name="join"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("preferences/", views.ask, name="preferences_ask"),
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("preferences/<str:token>/my-mail.json", views.preferences_json, name="preferences_json"),
    path("view/<str:token>/", views.web_version, name="view"),
    path("why/<str:token>/", views.why, name="why"),
    path("go/<str:token>/", views.go, name="go"),
    path("archive/", views.archive, name="archive"),
    path("archive/<int:pk>/", views.archived, name="archived"),
]
