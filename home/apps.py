from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        from wagtail.models import Page, get_page_models
        from wagtail.signals import page_published, page_slug_changed, post_page_move

        from home import appearance, entries, signal_handlers
        from home.models import Appearance, PublicEntry
        from mailing.compose import letterhead
        from records import action_log
        from records.models import Controller
        from records.subject_requests import erasing

        for signal in (post_save, post_delete):
            signal.connect(signal_handlers.entry_changed, sender=PublicEntry, dispatch_uid="home.entry_changed")
            for settings in (Appearance, Controller):
                uid = f"home.look_changed.{settings.__name__}"
                signal.connect(signal_handlers.look_changed, sender=settings, dispatch_uid=uid)
        for signal in (page_slug_changed, post_page_move):
            signal.connect(signal_handlers.page_changed, dispatch_uid="home.page_changed")
        # By sender: a listener to the end of every row would make each deletion load what it deletes.
        for model in {Page, *get_page_models()}:
            for signal in (post_save, post_delete):
                signal.connect(
                    signal_handlers.page_changed, sender=model, dispatch_uid=f"home.page_changed.{model.__name__}"
                )
        page_published.connect(signal_handlers.page_published, dispatch_uid="home.page_published")
        action_log.leave_out("appearance", "robots")  # fetched by browsers and programs, read by nobody
        letterhead.dressed_by(appearance.in_mail)
        erasing.before_erasure(entries.before_erasure)
        action_log.leave_out("promotion_count")  # counted without anybody, so not noted with somebody
