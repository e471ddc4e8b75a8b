"""How does a checked file become subscriptions? Batch by batch, each with its consent; a worker that dies loses none
and repeats none."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import addresses
from mailing.incoming import reading
from mailing.incoming.checking import batched, rows, standing
from mailing.incoming.reading import Unreadable
from mailing.incoming.values import Row
from mailing.models import AudienceImport, Subscriber, Subscription

State = AudienceImport.State
AT_ONCE = 500  # people a transaction
TRIES = 3  # a sign-up may come in between a look and a write


def queue(job: AudienceImport) -> bool:
    """A worker may write it from now on; False where somebody said so before, or nobody is to be imported."""
    with transaction.atomic():
        job = AudienceImport.objects.select_for_update(of=("self",)).defer("content").get(pk=job.pk)
        if job.state != State.CHECKED or not job.report["accepted"]:
            return False
        job.state, job.report = State.QUEUED, job.report | {"at": 0, "written": 0}
        job.save(update_fields=["state", "report"])
        return True


def discard(job: AudienceImport) -> bool:
    """Forgets a file that was checked and is not wanted; False where a worker has it, or it is done."""
    return bool(AudienceImport.objects.filter(pk=job.pk, state=State.CHECKED).delete()[0])


def waiting() -> QuerySet[AudienceImport]:
    """Imports that a worker is to write, the oldest first."""
    return AudienceImport.objects.filter(state=State.QUEUED).defer("content").order_by("pk")


def write(import_id: int, now: datetime) -> int:
    """Writes what is left of an import; returns how many people it brought in this turn.

    May be called again at any time: it goes on where the last call ended, and leaves it to another that is at it.
    """
    if not _is_free(import_id):
        return 0
    job = AudienceImport.objects.get(pk=import_id)
    try:
        table = reading.read(bytes(job.content))
        left_out: list[tuple[int, str]] = []
        people = rows(table, left_out, words=job.report["words"], now=now)
        ahead = (row for row in people if row.line > job.report["at"])
        written = sum(_batch(job.pk, some, now) for some in batched(ahead, AT_ONCE))
    except Unreadable:
        _end(job.pk, State.FAILED, [])
        return 0
    _end(job.pk, State.DONE, left_out)
    return written


def _is_free(import_id: int) -> bool:
    """Waits, and nobody is writing a batch of it: hints come every few seconds, and reading a file takes longer."""
    with transaction.atomic():
        rows = AudienceImport.objects.select_for_update(of=("self",), skip_locked=True)
        return rows.filter(pk=import_id, state=State.QUEUED).defer("content").first() is not None


def _batch(import_id: int, people: list[Row], now: datetime) -> int:
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _write(import_id, people, now)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
    return 0


def _write(import_id: int, people: list[Row], now: datetime) -> int:
    job = AudienceImport.objects.select_for_update(of=("self",)).defer("content").get(pk=import_id)
    if job.state != State.QUEUED:
        return 0
    refused = {line for line, _code in job.report["left_out"]}
    ahead = [row for row in people if row.line > job.report["at"] and row.line not in refused]
    late = standing(ahead, job.mailing_list)
    brought = [row for row in ahead if row.line not in late]
    _subscribe(job, brought, now)
    left_out = sorted([*job.report["left_out"], *map(list, late.items())])
    written = job.report["written"] + len(brought)
    at = max(job.report["at"], people[-1].line)
    job.report = job.report | {"at": at, "written": written, "left_out": left_out}
    job.save(update_fields=["report"])
    return len(brought)


def _subscribe(job: AudienceImport, people: list[Row], now: datetime) -> None:
    subscribers = _subscribers(people, now)
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=subscribers[row.line],
            mailing_list=job.mailing_list,
            statement=row.statement,
            locale=row.locale,
            source=Subscription.Source.IMPORT,
            source_note=row.source,
            requested_at=row.agreed_at,
            decision=_decision(job, row, now),
            confirmed_at=now,
        )
        for row in people
    )


def _decision(job: AudienceImport, row: Row, now: datetime) -> Decision:
    """The key follows from the line: even a batch that is written again makes no second decision."""
    line = f"{job.pk} {job.uploaded_at.isoformat()} {row.line}"
    decision, _new = decide.record(
        choices={job.mailing_list.purpose: True},
        source=Decision.Source.IMPORT,
        at=now,
        key=uuid.uuid5(uuid.NAMESPACE_OID, f"mailing import {line}"),
        told=Told(),
        statement=row.statement,
        locale=row.locale,
    )
    return decision


def _subscribers(people: list[Row], now: datetime) -> dict[int, Subscriber]:
    """By line. Somebody who is known already keeps what is known of them; only what was not known is added."""
    known = _known(people)
    new = sorted((row for row in people if row.line not in known), key=lambda row: addresses.normal(row.email))
    Subscriber.objects.bulk_create((_new(row, now) for row in new), ignore_conflicts=True)
    changed = [known[row.line] for row in people if row.line in known and _add(known[row.line], row)]
    Subscriber.objects.bulk_update(changed, ["name", "time_zone", "fields"])
    return known | _known(new)


def _known(people: list[Row]) -> dict[int, Subscriber]:
    lines = {digest: row.line for row in people for digest in row.digests}
    found = Subscriber.objects.filter(digest__in=list(lines))
    return {lines[bytes(subscriber.digest)]: subscriber for subscriber in found}


def _new(row: Row, now: datetime) -> Subscriber:
    domain = addresses.domain(row.email)
    return Subscriber(
        email=row.email,
        digest=addresses.digest(row.email),
        domain=domain,
        provider=addresses.provider(domain),
        name=row.name,
        locale=row.locale,
        time_zone=row.time_zone,
        fields=dict(row.fields),
        created_at=now,
    )


def _add(subscriber: Subscriber, row: Row) -> bool:
    before = (subscriber.name, subscriber.time_zone, subscriber.fields)
    subscriber.name = subscriber.name or row.name
    subscriber.time_zone = subscriber.time_zone or row.time_zone
    subscriber.fields = {**row.fields, **subscriber.fields}
    return before != (subscriber.name, subscriber.time_zone, subscriber.fields)


def _end(import_id: int, state: AudienceImport.State, left_out: list[Any]) -> None:
    """The file is forgotten; what stays are counts and numbers of lines."""
    with transaction.atomic():
        job = AudienceImport.objects.select_for_update(of=("self",)).defer("content").get(pk=import_id)
        if job.state != State.QUEUED:
            return
        known = {line for line, _code in job.report["left_out"]}
        more = [list(each) for each in left_out if each[0] not in known]
        job.report = job.report | {"left_out": sorted(job.report["left_out"] + more)}
        job.state, job.content = state, b""
        job.save(update_fields=["state", "report", "content"])
