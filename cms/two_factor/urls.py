from django.urls import path

from cms.two_factor import views

app_name = "two_factor"
# Before Wagtail's own: whoever is here has given a password, and is nobody yet.
urlpatterns = [
    path("code/", views.CodeView.as_view(), name="code"),
    path("set-up/", views.SetUpView.as_view(), name="set_up"),
    path("leave/", views.leave, name="leave"),
]
