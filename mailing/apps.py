from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class MailingConfig(AppConfig):
    name = "mailing"
    verbose_name = "Mailing"

    def ready(self) -> None:
        from anymail.signals import tracking

        from mailing import audience, letters, outgoing, promised, signal_handlers
        from mailing.audience import erasing as forgetting
        from mailing.checks import check_webhooks
        from policies.models import PolicyVersion, PolicyWithdrawal
        from records import action_log, disclosures, post, promises
        from records.subject_requests import erasing, floors

        post_save.connect(signal_handlers.version_frozen, sender=PolicyVersion, dispatch_uid="mailing.frozen")
        post_save.connect(signal_handlers.version_withdrawn, sender=PolicyWithdrawal, dispatch_uid="mailing.withdrawn")
        tracking.connect(signal_handlers.came_back, dispatch_uid="mailing.came_back")
        checks.register(check_webhooks)
        action_log.leave_out("mail_webhook")  # providers call, not visitors
        promises.register("mailing.consent", promised.with_consent, heavy=True)
        promises.register("mailing.purpose", promised.with_purpose, heavy=True)
        promises.register("mailing.linked", promised.linked, heavy=True)
        post.carry(
            letters.write,
            hurry=signal_handlers.letter_waits,
            on_its_way=letters.on_its_way,
            rows=letters.stored,
            history=letters.history,
        )
        disclosures.consents(outgoing.agreed, covers=outgoing.COVERED)
        floors.stops_mail(audience.stop_promotions)
        erasing.before_erasure(forgetting.before)
        floors.shows_consents(_("What you agreed to about our mail"), "mailing:preferences_ask")
