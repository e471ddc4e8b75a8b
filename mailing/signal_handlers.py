"""A material version was frozen, or one was withdrawn: a worker is told, so that people are."""

from typing import Any

from mailing import tasks
from policies.models import PolicyVersion, PolicyWithdrawal
from records.tasks import hint


def version_frozen(sender: Any, instance: PolicyVersion, **kwargs: Any) -> None:
    if instance.material or instance.ends:
        hint(tasks.announce, instance.pk)


def version_withdrawn(sender: Any, instance: PolicyWithdrawal, **kwargs: Any) -> None:
    hint(tasks.announce, instance.version_id)
