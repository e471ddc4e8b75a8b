from django.urls import path

from records import views

app_name = "records"
urlpatterns = [
    path("promises/", views.page, name="promises"),
    path("promises.json", views.as_json, name="promises_json"),
]
