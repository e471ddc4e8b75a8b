from django.urls import path

from records.views import promises

app_name = "records"
urlpatterns = [
    path("promises/", promises.page, name="promises"),
    path("promises.json", promises.as_json, name="promises_json"),
]
