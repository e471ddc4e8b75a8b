from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        from records.registry.coverage import check_every_column_is_declared

        autodiscover_modules("data_map")
        checks.register(check_every_column_is_declared)
