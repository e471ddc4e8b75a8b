from django.urls import path

from mailing import views

app_name = "mailing"
urlpatterns = [
    path("join/", views.join, name="join"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
