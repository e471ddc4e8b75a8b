from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from cookie_consent.models import Cookie, CookieGroup
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Revision
        from wagtail.signals import page_published

        from consent import catalogue, compatibility, decide, promised, signal_handlers
        from consent.models import Snapshot
        from consent.proof import checked
        from policies import expansion, viewsets
        from records import action_log, promises
        from records.subject_requests import floors

        # Browsers ask for these by themselves, and a screen is an entry of its own.
        action_log.leave_out("consent:module", "consent:reports", "consent:screen", "consent:snapshot")
        expansion.provide("services", catalogue.for_policy)
        viewsets.count_consents(decide.counted)
        promises.register("consent.proof", checked.promised)
        promises.register("consent.findings", promised.met)
        promises.register("consent.pasted", promised.pasted, heavy=True)
        floors.shows_consents(_("What you chose about cookies in this browser"), "consent:decisions")
        for model in (Cookie, CookieGroup, Snapshot):
            post_save.connect(compatibility.forget_groups, sender=model)
            post_delete.connect(compatibility.forget_groups, sender=model)
        page_published.connect(signal_handlers.page_published, dispatch_uid="consent.published")
        post_save.connect(signal_handlers.revision_scheduled, sender=Revision, dispatch_uid="consent.scheduled")
