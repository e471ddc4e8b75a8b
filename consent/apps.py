from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "consent"
    verbose_name = "Consent"

    def ready(self) -> None:
        from consent import catalogue, decide
        from policies import expansion, viewsets

        expansion.provide("services", catalogue.for_policy)
        viewsets.count_consents(decide.counted)
