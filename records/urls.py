from django.urls import path

from records.views import my_data, promises

app_name = "records"
urlpatterns = [
    path("my-data/", my_data.start, name="my_data"),
    path("my-data/<str:token>/", my_data.opened, name="my_data_link"),
    path("promises/", promises.page, name="promises"),
    path("promises.json", promises.as_json, name="promises_json"),
]
