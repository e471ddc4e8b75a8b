from django.urls import path

from home.views import entries, token

app_name = "home"
urlpatterns = [
    path("entries/<str:token>/", entries.take_down, name="entry"),
    path("forms/token/", token, name="form_token"),
]
