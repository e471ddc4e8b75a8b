from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from consent import catalogue
        from policies import expansion

        expansion.provide("services", catalogue.for_policy)
