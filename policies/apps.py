from django.apps import AppConfig
from django.db.models.signals import post_save
from wagtail.signals import page_published


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        from wagtail.models import Locale, Revision

        from policies import naming, promised, signal_handlers, wording
        from policies.models import PolicyRendition, PolicyVersion, PolicyWithdrawal
        from records import disclosures, promises, terms

        terms.name_versions(wording.versions)
        disclosures.named_in_texts(naming.named)
        promises.register("policies.chain", promised.unaltered, heavy=True)
        promises.register("policies.linked", promised.linked, heavy=True)
        page_published.connect(signal_handlers.policy_published, dispatch_uid="policies.published")
        post_save.connect(signal_handlers.languages_changed, sender=Locale, dispatch_uid="policies.languages")
        post_save.connect(signal_handlers.revision_scheduled, sender=Revision, dispatch_uid="policies.scheduled")
        for model in (PolicyVersion, PolicyRendition, PolicyWithdrawal):
            post_save.connect(signal_handlers.policy_changed, sender=model, dispatch_uid=f"policies.{model.__name__}")
            post_save.connect(signal_handlers.act_logged, sender=model, dispatch_uid=f"policies.log.{model.__name__}")
