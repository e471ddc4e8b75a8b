"""A material version was frozen, or one was withdrawn: a worker is told, so that people are. A mail provider says what
became of a message: the row is told."""

from typing import Any

from anymail.signals import AnymailTrackingEvent
from django.utils import timezone

from mailing import returns, tasks
from mailing.models import Return
from mailing.returns import providers
from policies.models import PolicyVersion, PolicyWithdrawal
from records.tasks import hint


def version_frozen(sender: Any, instance: PolicyVersion, **kwargs: Any) -> None:
    if instance.material or instance.ends:
        hint(tasks.announce, instance.pk)


def version_withdrawn(sender: Any, instance: PolicyWithdrawal, **kwargs: Any) -> None:
    hint(tasks.announce, instance.version_id)


def letter_waits() -> None:
    hint(tasks.send_letters)


def came_back(sender: Any, event: AnymailTrackingEvent, **kwargs: Any) -> None:
    report = providers.read(event)
    if report:
        returns.receive(report, source=Return.Source.WEBHOOK, now=timezone.now())
