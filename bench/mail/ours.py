"""A campaign from the hint to the last row, by real workers, measured from outside."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import psutil

from bench.mail.audience import campaign
from cms.demo.processes import Processes
from cms.places import CHECKOUT


@contextlib.contextmanager
def workers(processes: Processes, *, port: int, pool: str, count: int) -> Iterator[psutil.Process]:
    """One Celery worker with `count` processes or threads, for the queue of mail."""
    name = f"worker-{pool}-{count}-{port}"
    command = ["-m", "celery", "-A", "cms", "worker", "--queues", "mail", "--pool", pool, "--concurrency", str(count)]
    environment = {
        "EMAIL_PORT": str(port),
        "MAIL_CONNECTIONS": str(count),
        "MAIL_PER_CONNECTION": "0",
        "MAIL_JOURNAL": str(processes.logs / f"journal-{name}"),
        "PYTHONPATH": str(CHECKOUT),
    }
    worker = processes.python(name, *command, "--loglevel", "INFO", env=environment)
    from cms.celery import app

    processes.wait(name, lambda: app.control.inspect(timeout=0.5).ping(), seconds=90)
    try:
        yield psutil.Process(worker)
    finally:
        processes.stop(name)


def send(news: Any, worker: psutil.Process, *, count: int, seconds: float = 600) -> dict[str, float]:
    """Sends a new campaign to the whole list; messages, seconds, CPU of the worker's processes, its largest memory."""
    from django.utils import timezone

    from mailing import campaigns, tasks
    from mailing.models import Campaign, Delivery

    made = campaign(news)
    campaigns.schedule(campaign=made, send_at=timezone.now(), now=timezone.now())
    campaigns.start(made.pk, now=timezone.now())
    before, largest = cpu(worker), 0
    started = time.monotonic()
    for _hint in range(count):
        tasks.deliver.apply_async((made.pk,))
    while Campaign.objects.get(pk=made.pk).state != Campaign.State.SENT:
        if time.monotonic() - started > seconds:
            raise SystemExit(f"not sent after {seconds} s: {states(made)}")
        largest = max(largest, memory(worker))
        time.sleep(0.05)
    took = time.monotonic() - started
    sent = Delivery.objects.filter(campaign=made, state=Delivery.State.SENT).count()
    if set(states(made)) != {"sent"}:
        raise SystemExit(f"not all sent: {states(made)}")
    return {"messages": sent, "seconds": took, "cpu": cpu(worker) - before, "memory": largest}


def states(made: Any) -> dict[str, int]:
    from django.db.models import Count

    return dict(made.deliveries.values_list("state").annotate(n=Count("pk")))


def family(worker: psutil.Process) -> list[psutil.Process]:
    return [worker, *worker.children(recursive=True)]


def cpu(worker: psutil.Process) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in family(worker))


def memory(worker: psutil.Process) -> int:
    """The largest process of the worker (bytes that are its own)."""
    with contextlib.suppress(psutil.Error):
        return max(each.memory_info().rss for each in family(worker))
    return 0


def edition(key: int) -> Any:
    """A campaign as it is made out to its readers."""
    from django.utils import timezone

    from mailing import compose
    from mailing.models import Campaign

    return compose.edition(Campaign.objects.get(pk=key), language="en", now=timezone.now())


def environment(home: str) -> None:
    os.environ["MAIL_JOURNAL"] = home
    sys.path[0] = str(CHECKOUT)
