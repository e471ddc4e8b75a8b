from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from cookie_consent.models import Cookie, CookieGroup
        from django.db.models.signals import post_delete, post_save

        from consent import catalogue, compatibility, decide
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
