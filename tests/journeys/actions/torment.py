"""What is killed, how often, and what became of every entry: none lost that was acknowledged, none there twice."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from django.db import connections
from django.test import override_settings

from records.action_log import drain, record, spool, stream
from records.action_log.events import Event, packed
from records.models import Action
from tests.journeys.actions.scene import Actions

PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Tally:
    """`beside`: rows of what nobody was told had arrived, such as a page whose answer was cut off."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    beside: int

    def told(self) -> str:
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged, {self.lost} lost, {self.doubled} doubled, "
            f"{self.beside} beside"
        )


def tally(kills: int, acknowledged: set[str], found: Counter[str]) -> Tally:
    return Tally(
        kills,
        len(acknowledged),
        lost=len(acknowledged - found.keys()),
        doubled=sum(count - 1 for count in found.values()),
        beside=len(found.keys() - acknowledged),
    )


def event(number: int) -> Event:
    return Event(datetime.now(UTC), uuid.uuid4(), "page", path=f"/{number}/")


def events_found() -> Counter[str]:
    return Counter(str(key) for key in Action.objects.values_list("event", flat=True).iterator())


def workers_killed(scene: Actions, *, events: int, kills: int, dice: random.Random) -> Tally:
    """Entries wait in the stream and in files; the worker that writes them is killed over and over."""
    acknowledged = _wait_to_be_drained(scene, events)
    scene.worker(hands=1)
    beat = _Often(scene.ask_to_drain, every=0.1)
    for number in range(kills):
        wanted = min(Action.objects.count() + 1 + number % 2, events - 1)
        scene.wait("rows", lambda wanted=wanted: Action.objects.count() >= wanted, seconds=PATIENCE, pause=0.02)  # type: ignore[misc]
        time.sleep(dice.random() * 0.3)
        scene.kill_worker(dice)
    scene.wait("the last row", lambda: len(events_found()) >= events, seconds=PATIENCE, pause=0.3)
    beat.end()
    return tally(kills, acknowledged, events_found())


def _wait_to_be_drained(scene: Actions, events: int) -> set[str]:
    """Three quarters in the stream; of the rest some only in the spool, and some in both."""
    made = [event(number) for number in range(events)]
    raws = [packed(each) for each in made]
    border, again = events * 3 // 4, events * 7 // 10
    with redis.Redis.from_url(scene.broker) as client, client.pipeline(transaction=False) as pipe:
        for raw in raws[:border]:
            pipe.xadd(stream.KEY, {"e": raw})
        pipe.execute()
    with override_settings(ACTION_SPOOL=scene.spool):
        spool.put(raws[border:])
        spool.put(raws[again:border], kind=spool.Kind.AGAIN)
    return {str(each.event) for each in made}


def web_killed(scene: Actions, *, kills: int, dice: random.Random, each: float = 1.5) -> Tally:
    """Visitors ask for pages, each with a number of its own; the web server is killed under them."""
    acknowledged: set[str] = set()
    ended = threading.Event()

    def visit(visitor: int) -> None:
        for number in range(visitor * 100_000, (visitor + 1) * 100_000):
            if ended.is_set():
                return
            if scene.get(f"/?p={number}") == 200:
                acknowledged.add(f"p={number}")
            else:
                time.sleep(0.05)

    scene.start_web()
    with ThreadPoolExecutor(6) as pool:
        visits = [pool.submit(visit, visitor) for visitor in range(1, 7)]
        for number in range(kills):
            before = len(acknowledged)
            scene.wait("visits", lambda before=before: len(acknowledged) > before + 20)  # type: ignore[misc]
            time.sleep(dice.random() * each)
            scene.kill_web(dice, whole=number % 3 == 1)
        ended.set()
        for done in visits:
            done.result()
    scene.end_web()
    _drain_all(scene)
    return tally(kills, acknowledged, Counter(Action.objects.exclude(query="").values_list("query", flat=True)))


def valkey_killed(scene: Actions, *, kills: int, dice: random.Random, each: float = 1.0) -> Tally:
    """Four threads note actions and one writes them into the table, while Valkey is killed and started again."""
    acknowledged: set[str] = set()
    ended = threading.Event()

    def note(writer: int) -> None:
        for number in range(10**6):
            if ended.is_set():
                return
            made = event(writer * 10**6 + number)
            record(made)
            acknowledged.add(str(made.event))
            time.sleep(0.001)

    def write() -> None:
        try:
            while not ended.is_set():
                drain.drain(now=datetime.now(UTC))
                time.sleep(0.2)
        finally:
            connections.close_all()

    stream.forget()
    with _as(scene), ThreadPoolExecutor(5) as pool:
        running = [pool.submit(note, writer) for writer in range(4)] + [pool.submit(write)]
        for _kill in range(kills):
            time.sleep(0.3 + dice.random() * each)
            scene.kill_valkey()
            time.sleep(dice.random() * 0.5)
            scene.start_valkey()
        time.sleep(stream.PAUSE + 0.5)  # it is asked again
        ended.set()
        for done in running:
            done.result()
    stream.forget()
    _drain_all(scene)
    return tally(kills, acknowledged, events_found())


def _as(scene: Actions) -> override_settings:
    return override_settings(REDIS_URL=scene.broker, ACTION_SPOOL=scene.spool, ACTION_LOG=True)


def _drain_all(scene: Actions) -> None:
    with _as(scene):
        while drain.drain(now=datetime.now(UTC)).rows or spool.waiting():
            time.sleep(0.05)


class _Often:
    """Calls something over and over in a thread."""

    def __init__(self, call: Callable[[], None], *, every: float) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(call, every), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], None], every: float) -> None:
        while not self._ended.wait(every):
            call()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(10)
