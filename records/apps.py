from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_save
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        from wagtail.models import UploadedFile

        from records import signal_handlers
        from records.registry.coverage import check_every_column_is_declared
        from records.subject_requests import erasing, filing

        autodiscover_modules("data_map")
        checks.register(check_every_column_is_declared)
        erasing.before_erasure(filing.make_way)
        post_save.connect(signal_handlers.upload_begun, sender=UploadedFile, dispatch_uid="records.upload_begun")
