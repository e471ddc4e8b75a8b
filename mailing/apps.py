from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_save


class MailingConfig(AppConfig):
    name = "mailing"
    verbose_name = "Mailing"

    def ready(self) -> None:
        from anymail.signals import tracking

        from mailing import letters, signal_handlers
        from mailing.checks import check_webhooks
        from policies.models import PolicyVersion, PolicyWithdrawal
        from records import post

        post_save.connect(signal_handlers.version_frozen, sender=PolicyVersion, dispatch_uid="mailing.frozen")
        post_save.connect(signal_handlers.version_withdrawn, sender=PolicyWithdrawal, dispatch_uid="mailing.withdrawn")
        tracking.connect(signal_handlers.came_back, dispatch_uid="mailing.came_back")
        checks.register(check_webhooks)
        post.carry(letters.write, hurry=signal_handlers.letter_waits)
