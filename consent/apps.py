from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from cookie_consent.models import Cookie, CookieGroup
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Revision
        from wagtail.signals import page_published

        from consent import catalogue, compatibility, decide, signal_handlers
        from consent.models import Snapshot
        from consent.proof import checked
        from policies import expansion, viewsets
        from records import promises

        expansion.provide("services", catalogue.for_policy)
        viewsets.count_consents(decide.counted)
        promises.register("consent.proof", checked.promised)
        for model in (Cookie, CookieGroup, Snapshot):
            post_save.connect(compatibility.forget_groups, sender=model)
            post_delete.connect(compatibility.forget_groups, sender=model)
        page_published.connect(signal_handlers.page_published, dispatch_uid="consent.published")
        post_save.connect(signal_handlers.revision_scheduled, sender=Revision, dispatch_uid="consent.scheduled")
